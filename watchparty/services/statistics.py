"""Figures for those who look after the server."""

from dataclasses import dataclass

from watchparty.domain.video import Video
from watchparty.services.cells import Cells
from watchparty.storage.cells import Usage
from watchparty.storage.database import Database
from watchparty.storage.videos import VideoStore

MOST_VIDEOS = 100


@dataclass(frozen=True)
class Stored:
    """A film, and how many bytes its made segments take."""

    video: Video
    size: int


class Statistics:
    def __init__(self, database: Database, store: VideoStore, cells: Cells) -> None:
        self._database = database
        self._store = store
        self._cells = cells

    async def cache(self) -> Usage:
        """What made segments take of the disk, and what they may."""
        return await self._cells.usage()

    async def largest(self) -> list[Stored]:
        """The films whose segments take most, at most a hundred."""
        sizes = self._cells.stored_by_video()
        ids = sorted(sizes, key=lambda video_id: -sizes[video_id])[:MOST_VIDEOS]
        videos = await self._database.read(lambda tx: self._store.some(tx, ids))
        return [Stored(videos[video_id], sizes[video_id]) for video_id in ids if video_id in videos]
