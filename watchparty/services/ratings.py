"""Likes and dislikes, exact however many press at once: one transaction looks, decides, keeps and counts."""

from collections.abc import Collection, Mapping

from watchparty.domain.errors import NotFound
from watchparty.domain.rating import Rating, Tally, pressed
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.ratings import RatingStore


class Ratings:
    def __init__(self, database: Database, store: RatingStore, videos: Videos, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._clock = clock

    async def press(self, person: Person, video_id: str, button: Rating, on: bool | None) -> Tally:
        """Press the button `button` of a film, or see to it that it is `on` or off. Raises NotFound."""
        await self._videos.find(person, video_id)

        def keep(tx: Tx) -> Tally:
            if not self._videos.exists(tx, video_id):
                raise NotFound("There is no such video.")
            before = self._store.of(tx, video_id, person.id)
            after = pressed(before.mine, button, on)
            if after is before.mine:
                return before
            self._store.set(tx, video_id, person.id, after, self._clock.time())
            return self._store.of(tx, video_id, person.id)

        return await self._database.write(keep)

    async def mine(self, person: Person, video_ids: Collection[str]) -> Mapping[str, Rating]:
        """What this person said of those of the films that they said something of."""
        if person.is_guest:
            return {}
        return await self._database.read(lambda tx: self._store.mine(tx, person.id, video_ids))
