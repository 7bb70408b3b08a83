"""Tells people that a film of theirs can be watched, or why it cannot."""

from watchparty.domain.event import VideoEvent, VideoFailed, VideoProcessed
from watchparty.domain.notification import Kind
from watchparty.services.events import Events
from watchparty.services.notifications import Notifications
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx


class FilmNotices:
    """A folder full of films is nobody's upload: of those, only what failed is told."""

    def __init__(self, database: Database, videos: Videos, notifications: Notifications) -> None:
        self._database = database
        self._videos = videos
        self._notifications = notifications

    def listen(self, events: Events) -> None:
        events.listen(VideoProcessed, self._ready)
        events.listen(VideoFailed, self._failed)

    async def _ready(self, event: VideoProcessed) -> None:
        await self._tell(event, Kind.VIDEO_READY, {})

    async def _failed(self, event: VideoFailed) -> None:
        await self._tell(event, Kind.VIDEO_FAILED, {"reason": event.reason or ""})

    async def _tell(self, event: VideoEvent, kind: Kind, words: dict[str, str]) -> None:
        def keep(tx: Tx) -> None:
            video = self._videos.stored(tx, event.subject)
            if video is None or (kind is Kind.VIDEO_READY and video.library_path is not None):
                return
            # Named after the event: it may be told twice after a crash.
            data = {"video_id": video.id, **words}
            self._notifications.add(tx, video.owner_id, kind, data, once=f"event-{event.seq}")

        await self._database.write(keep)
