"""Where people left off, and what they have watched."""

from collections.abc import Collection

from watchparty.domain.errors import NotFound
from watchparty.domain.user import Person
from watchparty.domain.watched import Watched
from watchparty.services.clock import Clock
from watchparty.services.videos import Videos
from watchparty.storage.database import Database
from watchparty.storage.positions import PositionStore


class History:
    def __init__(self, database: Database, store: PositionStore, videos: Videos, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._clock = clock

    async def position(self, person: Person, video_id: str) -> float:
        """Where this person left off, in seconds. Raises NotFound."""
        await self._videos.find(person, video_id)
        return await self._database.read(lambda tx: self._store.get(tx, person.id, video_id))

    async def set_position(self, person: Person, video_id: str, position: float) -> None:
        """Keep it. Raises NotFound."""
        await self._videos.find(person, video_id)
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.set(tx, person.id, video_id, position, now))

    async def positions(self, person: Person, video_ids: Collection[str]) -> dict[str, float]:
        """Where this person left off in those of these films that they have begun."""
        return await self._database.read(lambda tx: self._store.some(tx, person.id, video_ids))

    async def page(
        self, person: Person, *, unfinished: bool, after: tuple[float, str] | None, limit: int
    ) -> list[Watched]:
        """What this person has watched, the latest first; `unfinished` leaves out what they need not go on with."""
        return await self._database.read(
            lambda tx: self._store.history(
                tx, person.id, sees_all=person.is_admin, unfinished=unfinished, after=after, limit=limit
            )
        )

    async def forget(self, person: Person, video_id: str) -> None:
        """As if this person had never begun the film. Raises NotFound when they have not."""
        if not await self._database.write(lambda tx: self._store.forget(tx, person.id, video_id)):
            raise NotFound("You have not begun such a film.")

    async def forget_all(self, person: Person) -> None:
        await self._database.write(lambda tx: self._store.forget_all(tx, person.id))
