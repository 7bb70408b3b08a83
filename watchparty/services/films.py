"""Films as the segment engine wants them: the file, what is in it, its grid and its renditions."""

import asyncio
from collections import OrderedDict

import msgspec

from watchparty.domain.errors import Conflict, NotFound
from watchparty.domain.ladder import ladder
from watchparty.domain.video import Status, Video
from watchparty.media.inspect import Inspection
from watchparty.services.cells import Film
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.videos import VideoStore

# A grid of a long film takes some kilobytes; this many are kept at hand.
KEPT = 64


class Films:
    """Loads each film once; segments are then served without asking the database."""

    def __init__(self, database: Database, store: VideoStore, videos: Videos) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._films: OrderedDict[str, asyncio.Task[Film]] = OrderedDict()

    async def open(self, video_id: str) -> Film:
        """Raises NotFound, or Conflict with a sentence while the film cannot be watched."""
        task = self._films.get(video_id)
        if task is None:
            task = self._films[video_id] = asyncio.create_task(self._load(video_id))
            while len(self._films) > KEPT:
                self._films.popitem(last=False)
        self._films.move_to_end(video_id)
        try:
            return await asyncio.shield(task)
        except (NotFound, Conflict):
            self._films.pop(video_id, None)
            raise

    async def forget(self, video_id: str) -> None:
        """The film has changed or gone."""
        self._films.pop(video_id, None)

    async def _load(self, video_id: str) -> Film:
        def read(tx: Tx) -> tuple[Video | None, str | None]:
            return self._store.get(tx, video_id), self._store.inspection(tx, video_id)

        video, inspection = await self._database.read(read)
        if video is None:
            raise NotFound("There is no such video.")
        if video.status is not Status.READY or inspection is None:
            raise Conflict(video.reason or "This video is not ready to be watched yet.")
        return film_of(str(self._videos.path(video)), video_id, msgspec.json.decode(inspection, type=Inspection))


def film_of(path: str, video_id: str, inspection: Inspection) -> Film:
    """A film whose renditions follow from what its inspection found."""
    source, grid = inspection.source, inspection.grid
    return Film(video_id, path, source, grid, ladder(source, grid))
