"""The folder that people drop films into: what is whole there joins the library, what disappears is marked missing."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

from watchfiles import awatch

from watchparty.domain.container import sniff
from watchparty.domain.errors import Problem
from watchparty.domain.user import User
from watchparty.domain.video import Status, Video, title_of
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.ids import new_id
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import HEAD
from watchparty.services.videos import Videos
from watchparty.storage.database import Database
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

log = logging.getLogger(__name__)

# A file that has not changed for this long (seconds) is no longer being copied.
SETTLED = 2.0
LOOK_EVERY_MS = 1_000
# Nothing is being done to a film in these states.
_FINISHED = {Status.READY, Status.FAILED, Status.MISSING}


@dataclass(frozen=True)
class Seen:
    """A file as it was found: its size in bytes, when it last changed on disk, and since when that has held."""

    size: int
    changed_ns: int
    since: float


class WatchedFolder:
    """Films in it belong to the first administrator; the files themselves are never touched."""

    def __init__(
        self,
        folder: Path,
        database: Database,
        store: VideoStore,
        users: UserStore,
        videos: Videos,
        films: Films,
        grants: Grants,
        transcoding: Transcoding,
        clock: Clock,
    ) -> None:
        self._folder = folder
        self._database = database
        self._store = store
        self._users = users
        self._videos = videos
        self._films = films
        self._grants = grants
        self._transcoding = transcoding
        self._clock = clock
        self._seen: dict[str, Seen] = {}
        # Files that are no films, as they were when that was found.
        self._passed_over: dict[str, Seen] = {}

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Watches until left."""
        await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
        stop = asyncio.Event()
        watching = asyncio.create_task(self._watch(stop), name="watched folder")
        try:
            yield
        finally:
            stop.set()
            await watching

    async def _watch(self, stop: asyncio.Event) -> None:
        unsettled = True
        changes = awatch(
            self._folder, stop_event=stop, rust_timeout=LOOK_EVERY_MS, yield_on_timeout=True, debounce=400, step=50
        )
        async for change in changes:
            if change or unsettled:
                try:
                    unsettled = await self._sweep()
                except (OSError, Problem) as error:
                    unsettled = True
                    log.warning("the watched folder has to wait: %s", error)

    async def _sweep(self) -> bool:
        """Compare the folder with the library. Returns whether something has to be looked at again soon."""
        owner = await self._database.read(self._users.first_admin)
        if owner is None:
            return True  # nobody to give the films to before the server is set up
        files = await asyncio.to_thread(_files, self._folder)
        now = self._clock.monotonic()
        before, self._seen = self._seen, {}
        for name, (size, changed_ns) in files.items():
            # A file that was moved here says by its time of change that it has stood still before.
            age = max(0.0, self._clock.time() - changed_ns / 1e9)
            self._seen[name] = _seen(before.get(name), Seen(size, changed_ns, now - min(age, SETTLED)))
        kept = await self._database.read(self._store.in_library)
        waiting = False
        for name, video in kept.items():
            waiting = await self._compare(name, video, now) or waiting
        for name, seen in self._seen.items():
            if name in kept or self._was_passed_over(name, seen):
                continue
            if now - seen.since < SETTLED or not seen.size:
                waiting = True
            else:
                await self._take(name, seen, owner)
        return waiting

    def _was_passed_over(self, name: str, seen: Seen) -> bool:
        before = self._passed_over.get(name)
        return before is not None and (before.size, before.changed_ns) == (seen.size, seen.changed_ns)

    async def _take(self, name: str, seen: Seen, owner: User) -> None:
        try:
            head = await asyncio.to_thread(_head, self._folder / name)
        except OSError:
            return  # gone again, or not for us; the next change brings it back
        mime_type = sniff(head)
        if mime_type is None:
            self._passed_over[name] = seen
            return
        now = self._clock.time()
        filename = Path(name).name
        video = Video(
            id=new_id(),
            owner_id=owner.id,
            title=title_of(filename),
            created_at=now,
            updated_at=now,
            status=Status.UPLOADED,
            filename=filename,
            size=seen.size,
            mime_type=mime_type,
            library_path=name,
        )
        await self._videos.arrived(video, is_new=True)
        self._transcoding.look()

    async def _compare(self, name: str, video: Video, now: float) -> bool:
        """Bring a film up to what has become of its file. Returns whether that has to be looked at again soon."""
        seen = self._seen.get(name)
        if seen is None:
            await self._miss(video)
        elif seen.size != video.size and video.status in _FINISHED:
            if now - seen.since < SETTLED:
                return True
            await self._look_again(video, seen)
        elif video.status is Status.MISSING:
            inspected = await self._database.read(lambda tx: self._store.inspection(tx, video.id))
            if inspected is None:
                await self._look_again(video, seen)
            else:
                await self._mark(video, Status.READY, None)
        return False

    async def _miss(self, video: Video) -> None:
        """A film whose file went is missing, not deleted: it may come back."""
        if video.status is not Status.MISSING:
            self._grants.end_video(video.id)
            await self._films.forget(video.id)
            await self._mark(video, Status.MISSING, "Its file is no longer in the watched folder.")

    async def _look_again(self, video: Video, seen: Seen) -> None:
        """Another file has taken its place, or more of the same one: a copy that had paused."""
        await self._films.forget(video.id)
        changed = replace(video, size=seen.size, updated_at=self._clock.time())
        await self._videos.arrived(changed, is_new=False)
        self._transcoding.look()

    async def _mark(self, video: Video, status: Status, reason: str | None) -> None:
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.set_status(tx, video.id, status, reason, now))


def _files(folder: Path) -> dict[str, tuple[int, int]]:
    """Size and time of change of every regular file below the folder, by its path from there; hidden ones left out."""
    found = {}
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in names:
            path = Path(parent, name)
            # A link could lead anywhere on this machine.
            if name.startswith(".") or path.is_symlink() or not path.is_file():
                continue
            with contextlib.suppress(OSError):
                stat = path.stat()
                found[path.relative_to(folder).as_posix()] = (stat.st_size, stat.st_mtime_ns)
    return found


def _seen(before: Seen | None, found: Seen) -> Seen:
    """What was seen before, when the file is still the same."""
    same = before is not None and (before.size, before.changed_ns) == (found.size, found.changed_ns)
    return before if before is not None and same else found


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD)
