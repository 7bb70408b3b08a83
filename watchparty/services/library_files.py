"""Films of the watched folder as the library keeps them: taken in, known again, missed, and looked at once more."""

import asyncio
import contextlib
from collections.abc import Awaitable
from dataclasses import replace

from watchparty.domain.errors import NotFound
from watchparty.domain.event import VideoChanged, VideoCreated
from watchparty.domain.library_file import Found, Kept
from watchparty.domain.user import User
from watchparty.domain.video import Status, Video, title_of
from watchparty.services.cells import Cells
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.examination import Examined
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.ids import new_id
from watchparty.services.jobs import Jobs
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.library_files import LibraryFileStore
from watchparty.storage.videos import VideoStore

WAITING = "Waiting for the rest of the file."
GONE = "Its file is no longer in the watched folder."


class LibraryFiles:
    def __init__(
        self,
        database: Database,
        store: VideoStore,
        files: LibraryFileStore,
        videos: Videos,
        films: Films,
        cells: Cells,
        grants: Grants,
        jobs: Jobs,
        events: Events,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._files = files
        self._videos = videos
        self._films = films
        self._cells = cells
        self._grants = grants
        self._jobs = jobs
        self._events = events
        self._clock = clock

    async def kept(self) -> tuple[list[Kept], set[str]]:
        """Every film of the folder, and the marks of files whose film was deleted."""
        return await self._database.read(lambda tx: (self._files.kept(tx), self._files.left_out(tx)))

    async def take(self, looks: list[tuple[Kept | None, Examined]], owner: User) -> None:
        """Make films of these files, or new contents of the films they belong to. They share a commit."""
        taking: list[Awaitable[None]] = [
            self._take(_new(look, owner, self._clock.time()), look) if kept is None else self._take_again(kept, look)
            for kept, look in looks
        ]
        if taking:
            await asyncio.gather(*taking)
            self._jobs.look()

    async def know(self, looks: list[tuple[Kept, Examined]]) -> None:
        """Keep what these files are known by from now on: their films are what they were."""

        def keep(tx: Tx) -> None:
            for kept, look in looks:
                self._files.put(tx, kept.video_id, look.found.mark, look.fingerprint)
            self._back(tx, [kept for kept, _ in looks if kept.status is Status.MISSING], self._clock.time())

        if looks:
            await self._database.write(keep)

    async def move(self, moves: list[tuple[Kept, Found]]) -> None:
        """These films lie elsewhere or are called otherwise by now, and are the same in every other respect."""
        now = self._clock.time()

        def keep(tx: Tx) -> None:
            self._files.move(tx, moves, now)
            for kept, found in moves:
                if kept.fingerprint is not None:
                    self._files.put(tx, kept.video_id, found.mark, kept.fingerprint)
            # In the same transaction: nobody should find a film under its new name and still missing.
            self._back(tx, [kept for kept, _ in moves if kept.status is Status.MISSING], now)

        if not moves:
            return
        await self._database.write(keep)
        for kept, _ in moves:
            await self._films.forget(kept.video_id)
            # What was being done to it begins anew where the file lies now.
            await self._jobs.forget(kept.video_id)
        self._jobs.look()

    async def come_back(self, films: list[Kept]) -> None:
        """Their files are here again, as they were: those that could be watched can be watched at once."""
        if films:
            await self._database.write(lambda tx: self._back(tx, films, self._clock.time()))

    async def miss(self, kept: Kept) -> None:
        """A film whose file went is missing, not deleted: it may come back."""
        now = self._clock.time()
        self._grants.end_video(kept.video_id)
        await self._films.forget(kept.video_id)
        await self._database.write(lambda tx: self._set_status(tx, kept.video_id, Status.MISSING, GONE, now))

    def _back(self, tx: Tx, films: list[Kept], now: float) -> None:
        for kept in films:
            if kept.inspected:
                self._set_status(tx, kept.video_id, Status.READY, None, now)

    def _set_status(self, tx: Tx, video_id: str, status: Status, reason: str | None, now: float) -> None:
        self._store.set_status(tx, video_id, status, reason, now)
        if (video := self._store.get(tx, video_id)) is not None:
            self._events.tell(tx, VideoChanged.of(video))

    async def _take(self, video: Video, look: Examined, *, is_new: bool = True) -> None:
        if look.awaits_more and look.found.may_grow(self._clock.time()):
            return await self._wait_for_the_rest(video, look, is_new=is_new)
        # Deleted meanwhile: then it is not wanted.
        with contextlib.suppress(NotFound):
            await self._videos.arrived(
                video,
                is_new=is_new,
                besides=lambda tx: self._files.put(tx, video.id, look.found.mark, look.fingerprint),
            )

    async def _take_again(self, kept: Kept, look: Examined) -> None:
        """Another file has taken its place, or more of the same one: nothing made of the old one holds any more."""
        video = await self._database.read(lambda tx: self._store.get(tx, kept.video_id))
        if video is None:
            return
        changed = replace(video, size=look.found.size, mime_type=look.mime_type, updated_at=self._clock.time())
        await self._take(changed, look, is_new=False)
        await self._films.forget(video.id)
        await self._cells.forget(video.id)

    async def _wait_for_the_rest(self, video: Video, look: Examined, *, is_new: bool) -> None:
        def keep(tx: Tx) -> None:
            if is_new:
                self._store.add(tx, video)
                self._events.tell(tx, VideoCreated.of(replace(video, status=Status.PENDING, reason=WAITING)))
            else:
                self._store.arrived(tx, video)
            self._store.set_status(tx, video.id, Status.PENDING, WAITING, video.updated_at)
            self._files.put(tx, video.id, look.found.mark, look.fingerprint)

        await self._database.write(keep)


def _new(look: Examined, owner: User, now: float) -> Video:
    filename = look.found.path.rpartition("/")[2]
    return Video(
        id=new_id(),
        owner_id=owner.id,
        title=title_of(filename),
        created_at=now,
        updated_at=now,
        status=Status.UPLOADED,
        filename=filename,
        size=look.found.size,
        mime_type=look.mime_type,
        library_path=look.found.path,
    )
