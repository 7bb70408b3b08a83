"""Films that hold the very same bytes as another one, so that nobody keeps a file twice without knowing."""

from watchparty.domain.permission import may_see
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.videos import Videos
from watchparty.storage.contents import ContentStore
from watchparty.storage.database import Database
from watchparty.storage.videos import VideoStore


class Duplicates:
    def __init__(self, database: Database, store: ContentStore, video_store: VideoStore, videos: Videos) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos

    async def of(self, person: Person, video_id: str) -> list[Video]:
        """Those of them that this person may see, oldest first. Raises NotFound and NotAllowed as for changing it."""
        video = await self._videos.find_own(person, video_id)
        same = await self._database.read(lambda tx: self._video_store.some(tx, self._store.same(tx, video.id)))
        seen = [other for other in same.values() if may_see(person, other, opened_by_room=False)]
        return sorted(seen, key=lambda other: other.created_at)
