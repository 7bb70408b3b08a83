"""Counting views: each viewer once an hour, and only those who have fetched what they say they have watched."""

from watchparty.domain.user import Person
from watchparty.domain.watched import PAUSE, is_view
from watchparty.services.clock import Clock
from watchparty.services.grants import Grants
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.videos import VideoStore
from watchparty.storage.viewings import ViewingStore


class Viewings:
    def __init__(
        self,
        database: Database,
        store: ViewingStore,
        video_store: VideoStore,
        videos: Videos,
        grants: Grants,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos
        self._grants = grants
        self._clock = clock

    async def report(self, person: Person, video_id: str, watched_seconds: float) -> tuple[int, bool]:
        """Somebody says for how long they have watched; how many views there are then, and whether that was one more.

        Raises NotFound.
        """
        video = await self._videos.find(person, video_id)
        if not is_view(video.duration, watched_seconds, self._grants.fetched(person, video.id)):
            return video.views, False
        now = self._clock.time()

        def count(tx: Tx) -> tuple[int, bool]:
            current = self._video_store.get(tx, video.id)
            if current is None:
                return video.views, False
            self._store.forget(tx, now - PAUSE)
            counted = self._store.count(tx, video.id, person.id, now, PAUSE)
            return current.views + counted, counted

        views, counted = await self._database.write(count)
        if counted:
            # The next view takes watching anew.
            self._grants.forget_fetched(person, video.id)
        return views, counted
