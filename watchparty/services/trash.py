"""Deleting films: out of sight at once, truly gone a week later, and back for the asking until then."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from watchparty.domain.errors import Conflict, NotFound, StorageFull
from watchparty.domain.event import VideoChanged, VideoDeleted
from watchparty.domain.permission import owns
from watchparty.domain.trash import KEPT, Trashed
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.audit import Audit
from watchparty.services.cells import Cells
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.grants import Grants
from watchparty.services.progress import Progress
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore
from watchparty.storage.trash import TrashStore
from watchparty.storage.videos import VideoStore

log = logging.getLogger(__name__)

# Everything that is kept of a film lies in a folder of its own below each of these.
FOLDERS = ("originals", "posters", "storyboards", "subtitles", "captions", "outputs")
# Seconds: whatever the clock does, the trash is looked at this often.
LOOK_EVERY = 3600.0


class Trash:
    def __init__(
        self,
        database: Database,
        store: TrashStore,
        video_store: VideoStore,
        videos: Videos,
        cells: Cells,
        objects: ObjectStore,
        grants: Grants,
        progress: Progress,
        events: Events,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos
        self._cells = cells
        self._objects = objects
        self._grants = grants
        self._progress = progress
        self._events = events
        self._audit = audit
        self._clock = clock
        self._on_delete: list[Callable[[str], Awaitable[None]]] = []
        self._on_restore: list[Callable[[], None]] = []

    def on_delete(self, callback: Callable[[str], Awaitable[None]]) -> None:
        """Have `callback` awaited with the id of every film that is deleted, as soon as nobody finds it any more."""
        self._on_delete.append(callback)

    def on_restore(self, callback: Callable[[], None]) -> None:
        """Have `callback` called whenever films have come back: there may be work to do on them."""
        self._on_restore.append(callback)

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Trash"]:
        """Empties itself, until left, of what has lain in it for a week."""
        emptying = asyncio.create_task(self._empty_by_and_by(), name="empty the trash")
        try:
            yield self
        finally:
            emptying.cancel()
            await asyncio.gather(emptying, return_exceptions=True)

    async def put(self, person: Person, video_id: str) -> None:
        """Delete a film, so that it can be had back. Raises NotFound, or NotAllowed for those who may only watch it."""
        video = await self._videos.find_own(person, video_id)
        if not await self._database.write(lambda tx: self.put_within(tx, person, video)):
            raise NotFound("There is no such video.")
        await self.tell_deleted(video.id)

    def put_within(self, tx: Tx, person: Person, video: Video) -> bool:
        """The same within a transaction, after which `tell_deleted` is due. False when it is not there any more."""
        if not self._store.put(tx, video.id, self._clock.time()):
            return False
        self._events.tell(tx, VideoDeleted.of(video))
        if person.id != video.owner_id:
            self._audit.note(tx, person, "video.deleted", video.id, {"title": video.title, "owner_id": video.owner_id})
        return True

    async def tell_deleted(self, video_id: str) -> None:
        """Whatever has to do with a film that is in the trash now ends."""
        self._grants.end_video(video_id)
        for callback in self._on_delete:
            await callback(video_id)
        self._progress.forget(video_id)

    async def page(self, person: Person, after: tuple[float, str] | None, limit: int) -> list[Trashed]:
        """What this person has in the trash, the latest first; administrators see everybody's."""
        owner_id = None if person.is_admin else person.id
        return await self._database.read(lambda tx: self._store.page(tx, owner_id, after, limit))

    async def restore(self, person: Person, video_id: str) -> Video:
        """Have a film back as it was. Raises NotFound when it is not in the trash, or not this person's."""
        trashed = await self._find(person, video_id)

        def restore(tx: Tx) -> Video | None:
            # Asked again: it may have gone, or have come back, since it was found.
            if self._store.get(tx, video_id) is None:
                return None
            self._store.restore(tx, trashed, self._clock.time())
            video = self._video_store.get(tx, video_id)
            if video is not None:
                self._events.tell(tx, VideoChanged.of(video))
            return video

        video = await self._database.write(restore)
        if video is None:
            raise Conflict("This video is not in the trash any more.")
        for callback in self._on_restore:
            callback()
        return video

    async def delete_for_good(self, person: Person, video_id: str) -> None:
        """A film goes at once, from the library or the trash, with everything made from it.

        A file in the watched folder stays. Raises NotFound, or NotAllowed for those who may only watch it.
        """
        with contextlib.suppress(NotFound):
            await self.put(person, video_id)
        await self._purge((await self._find(person, video_id)).video.id)

    async def empty(self, person: Person) -> None:
        """Everything that this person has in the trash goes at once; of others only what their own eyes do not see."""
        while trashed := await self._database.read(lambda tx: self._store.page(tx, person.id, None, 100)):
            for each in trashed:
                await self._purge(each.video.id)

    async def _find(self, person: Person, video_id: str) -> Trashed:
        trashed = await self._database.read(lambda tx: self._store.get(tx, video_id))
        if trashed is None or not owns(person, trashed.video):
            raise NotFound("There is no such video in the trash.")
        return trashed

    async def _empty_by_and_by(self) -> None:
        await self._clear_cache()
        while True:
            try:
                for video_id in await self._database.read(lambda tx: self._store.due(tx, self._clock.time() - KEPT)):
                    await self._purge(video_id)
                oldest = await self._database.read(self._store.oldest)
            except (StorageFull, OSError) as fault:
                log.warning("the trash has to wait: %s", fault)
                oldest = None
            left = LOOK_EVERY if oldest is None else oldest + KEPT - self._clock.time()
            await asyncio.sleep(min(max(left, 1.0), LOOK_EVERY))

    async def _clear_cache(self) -> None:
        """Segments of films that had gone when the server was stopped; whoever keeps objects looks after those."""
        there = await self._database.read(self._video_store.ids)
        for video_id in self._cells.stored_by_video().keys() - there:
            await self._cells.forget(video_id)

    async def _purge(self, video_id: str) -> None:
        """The row goes first: what a stop leaves of the files belongs to no film, and is found at the next start."""
        if not await self._database.write(lambda tx: self._store.purge(tx, video_id)):
            return
        await self._cells.forget(video_id)
        # By folder: something may have been made since the film was looked up.
        for kind in FOLDERS:
            for kept in await self._objects.list(f"{kind}/{video_id}"):
                await self._objects.delete(kept.key)
