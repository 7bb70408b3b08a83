"""How much people may keep, and how much they do: counted where it is promised, so that nobody promises too much."""

from dataclasses import dataclass

from watchparty.domain.upload import check_room
from watchparty.domain.user import Person
from watchparty.services.preferences import Preferences
from watchparty.storage.database import Database, Tx
from watchparty.storage.usage import UsageStore


@dataclass(frozen=True)
class Usage:
    """Bytes of somebody's films and of their uploads under way; `quota` is 0 where there is none.

    Films in the trash count among both, since they take room until they are gone for good.
    """

    used: int
    quota: int
    videos: int


class Quotas:
    """The setting `quota` holds for everybody for whom administrators set nothing else (`Account.quota`)."""

    def __init__(self, database: Database, store: UsageStore, preferences: Preferences) -> None:
        self._database = database
        self._store = store
        self._preferences = preferences

    async def of(self, person: Person) -> Usage:
        return await self._database.read(lambda tx: self._of(tx, person.id))

    def check(self, tx: Tx, user_id: str, size: int | None, video_id: str) -> None:
        """Within the transaction that promises or keeps the bytes of this film. Raises TooLarge."""
        check_room(self._store.used(tx, user_id, video_id), self._quota(tx, user_id), size or 0)

    async def room(self, user_id: str, video_id: str) -> int | None:
        """Bytes that this film may have beside the others; None for as many as one likes."""

        def room(tx: Tx) -> int | None:
            quota = self._quota(tx, user_id)
            return max(0, quota - self._store.used(tx, user_id, video_id)) if quota else None

        return await self._database.read(room)

    def _of(self, tx: Tx, user_id: str) -> Usage:
        return Usage(self._store.used(tx, user_id), self._quota(tx, user_id), self._store.videos(tx, user_id))

    def _quota(self, tx: Tx, user_id: str) -> int:
        own = self._store.quota(tx, user_id)
        return self._preferences.quota if own is None else own
