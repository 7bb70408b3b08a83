"""Films that come in pieces, over many requests and any number of broken lines, until they are whole."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, field, replace
from typing import Any

from watchparty.domain.errors import Conflict, Locked, NotAllowed, NotFound, NotSignedIn, Problem, TooLarge
from watchparty.domain.permission import owns
from watchparty.domain.tus import Checksum
from watchparty.domain.upload import LIFETIME, Upload
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.services.clock import Clock
from watchparty.services.receiving import Body, Receiving
from watchparty.services.transcoding import Transcoding
from watchparty.services.uploads import HEAD, Uploads, object_key, recognised
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore
from watchparty.storage.partials import Digest, Partial
from watchparty.storage.uploads import UploadStore
from watchparty.storage.videos import VideoStore

log = logging.getLogger(__name__)

# Seconds of silence after which a line counts as dead when another request comes for the same upload; how long such a
# request waits for a living one to come to its end; and the time between looks for expired uploads.
SILENCE = 1.0
PATIENCE = 10.0
SWEEP_EVERY = 600.0
GONE = "There is no such upload, or it has expired."
RESTED = "This address has rested for an hour. Sign in to go on."


@dataclass
class _Hold:
    video_id: str
    body: Body | None
    over: asyncio.Event = field(default_factory=asyncio.Event)


class ResumableUploads:
    """One request at a time adds to an upload; a newer one takes over from a line that has fallen silent."""

    def __init__(
        self,
        database: Database,
        store: UploadStore,
        video_store: VideoStore,
        videos: Videos,
        uploads: Uploads,
        objects: ObjectStore,
        transcoding: Transcoding,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos
        self._uploads = uploads
        self._objects = objects
        self._transcoding = transcoding
        self._clock = clock
        self._holds: dict[str, _Hold] = {}
        self._digests: dict[str, Digest] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Clears away what has expired, until left; what is being received is kept as far as it came."""
        await self.sweep()
        sweeping = asyncio.create_task(self._keep_sweeping(), name="uploads: sweep")
        try:
            yield
        finally:
            sweeping.cancel()
            for hold in self._holds.values():
                if hold.body is not None:
                    hold.body.stop()
            await asyncio.gather(sweeping, *self._tasks, return_exceptions=True)

    async def create(self, person: Person, video: Video, size: int | None, metadata: str | None) -> Upload:
        """An upload, and the film that it is to become. Raises TooLarge, and NotAllowed for guests."""
        self._uploads.check_size(size)
        upload = self._uploads.promised(video, size, makes_film=True, metadata=metadata)
        await self._videos.add(person, video, lambda tx: self._uploads.promise(tx, video, upload))
        return upload

    async def create_for(self, person: Person, video_id: str, size: int | None, metadata: str | None) -> Upload:
        """An upload for a film that waits for its bytes. Raises what `Uploads.open` does."""
        self._uploads.check_size(size)
        video = await self._videos.find_own(person, video_id)
        if video.status is not Status.PENDING or video.library_path is not None:
            raise Conflict("This video has been uploaded already.")
        upload = self._uploads.promised(video, size, metadata=metadata)
        await self._database.write(lambda tx: self._uploads.promise(tx, video, upload))
        return upload

    async def find(self, address: str, person: Person | None) -> Upload:
        """How far an upload is, with all that a line brought which has died."""
        upload = await self._found(address, person)
        if (other := self._holds.get(upload.id)) is not None:
            await self._await_or_stop(other)
        return await self._current(upload.id)

    async def append(
        self,
        address: str,
        person: Person | None,
        offset: int,
        body: Body,
        *,
        size: int | None,
        checksum: Checksum | None,
    ) -> Upload:
        """Take the bytes that follow the first `offset` ones; all that came is kept, also when the line breaks.

        `size` is said with it where it was not known before. Raises Conflict when `offset` is not where the upload
        stands, TooLarge, Invalid, WrongMediaType, ChecksumMismatch or StorageFull for the bytes, and Locked.
        """
        upload = await self._found(address, person)
        # Whoever hangs up has what came until then kept all the same.
        return await self._to_the_end(self._append(upload, offset, body, size, checksum))

    async def give_up(self, address: str, person: Person | None) -> None:
        """Forget an unfinished upload with its bytes, and the film that was made for it. Raises Conflict."""
        upload = await self._found(address, person)
        async with self._alone(upload, None):
            upload = await self._current(upload.id)
            if upload.finished:
                raise Conflict("This upload is complete. Delete the video instead.")
            await self._database.write(lambda tx: self._store.give_up(tx, upload))
            await self._discard(upload.id)

    async def forget(self, video_id: str) -> None:
        """A film was deleted, and with it what was being uploaded for it."""
        for hold in [*self._holds.values()]:
            if hold.video_id == video_id and hold.body is not None:
                hold.body.stop()
        await self._database.write(lambda tx: self._store.forget(tx, video_id))
        await self._discard_strays()

    async def sweep(self) -> None:
        """Forget what has expired, with its bytes."""
        now = self._clock.time()

        def forget(tx: Tx) -> None:
            for upload in self._store.expired(tx, now):
                if upload.id not in self._holds:
                    self._store.give_up(tx, replace(upload, makes_film=upload.makes_film and not upload.finished))

        await self._database.write(forget)
        await self._discard_strays()

    async def _append(
        self, upload: Upload, offset: int, body: Body, size: int | None, checksum: Checksum | None
    ) -> Upload:
        async with self._alone(upload, body):
            upload = await self._current(upload.id)
            if offset != upload.received:
                raise Conflict(f"This upload goes on at byte {upload.received:,}, not at {offset:,}.")
            video = await self._database.read(lambda tx: self._video_store.get(tx, upload.video_id))
            if video is None:
                raise NotFound(GONE)
            upload = await self._sized(upload, video, size)
            if upload.finished:
                return upload
            return await self._receive(upload, video, body, checksum)

    async def _receive(self, upload: Upload, video: Video, body: Body, checksum: Checksum | None) -> Upload:
        most = await self._uploads.most(video) if upload.size is None else upload.size
        if body.length is not None and upload.received + body.length > most:
            raise TooLarge(f"At most {most:,} bytes are accepted, and there are {upload.received:,} already.")
        digest = self._digests.setdefault(upload.id, Digest())
        with await asyncio.to_thread(Partial, self._objects.partial(upload.id), upload.received) as partial:
            if partial.size < upload.received:
                await self._keep(upload, partial.size)
                raise Conflict("The disk has lost some of this upload. Ask where it goes on.")
            if digest.size > partial.size:
                digest.clear()  # it had followed bytes that could not be kept
            receiving = Receiving(partial, digest, self._clock, most, lambda size: self._keep(upload, size))
            await receiving.take(body, checksum)
            if partial.size == upload.size:
                head = await asyncio.to_thread(partial.head, HEAD)
        if partial.size == upload.size:
            return await self._finish(upload, video, recognised(head))
        return await self._current(upload.id)

    async def _finish(self, upload: Upload, video: Video, mime_type: str) -> Upload:
        """All bytes are on the disk. Should the library not take them now, they stay for another try."""
        digest = self._digests.setdefault(upload.id, Digest())
        sha256 = await asyncio.to_thread(digest.whole, self._objects.partial(upload.id))
        key = object_key(upload)
        kept = await self._objects.adopt(self._objects.partial(upload.id), key)
        try:
            await self._uploads.publish(upload, video, kept.size, mime_type, sha256)
        except Exception:
            await self._objects.release(key, upload.id)
            raise
        self._digests.pop(upload.id, None)
        self._transcoding.look()
        return replace(upload, received=kept.size, finished=True)

    async def _sized(self, upload: Upload, video: Video, size: int | None) -> Upload:
        """The upload with its size, where that was left open until now."""
        if size is None or upload.size == size:
            return upload
        if upload.size is not None or size < upload.received:
            raise Conflict("The size of this upload is another one.")
        self._uploads.check_size(size)
        await self._database.write(lambda tx: self._uploads.settle(tx, video, upload, size))
        return replace(upload, size=size)

    async def _keep(self, upload: Upload, received: int) -> None:
        if received == upload.size:
            return  # kept with the film itself: who is told of the last byte is told that all is done
        expires_at = self._clock.time() + LIFETIME
        if not await self._database.write(lambda tx: self._store.advance(tx, upload.id, received, expires_at)):
            raise NotFound(GONE)

    async def _found(self, address: str, person: Person | None) -> Upload:
        """The upload at this address, for whoever may add to it."""
        upload_id, _, signature = address.partition(".")
        known = self._objects.is_signed(f"tus/{upload_id}", 0, signature)
        upload = await self._current(upload_id) if known else None
        if upload is None:
            raise NotFound(GONE)
        if upload.needs_no_sign_in(self._clock.time()):
            return upload
        if person is None:
            raise NotSignedIn(RESTED)
        if not owns(person, await self._videos.get(upload.video_id)):
            raise NotAllowed("Only the owner of this upload can go on with it by now.")
        return upload

    async def _current(self, upload_id: str) -> Upload:
        upload = await self._database.read(lambda tx: self._store.get(tx, upload_id))
        if upload is None or upload.is_over(self._clock.time()):
            raise NotFound(GONE)
        return upload

    @contextlib.asynccontextmanager
    async def _alone(self, upload: Upload, body: Body | None) -> AsyncIterator[None]:
        """Nobody else touches this upload meanwhile. Raises Locked while a living line brings bytes for it."""
        until = self._clock.monotonic() + PATIENCE
        while (other := self._holds.get(upload.id)) is not None:
            await self._await_or_stop(other)
            if not other.over.is_set() and self._clock.monotonic() > until:
                raise Locked("Another request is in the middle of this upload. Try again in a moment.")
        hold = self._holds[upload.id] = _Hold(upload.video_id, body)
        try:
            yield
        finally:
            del self._holds[upload.id]
            hold.over.set()

    async def _await_or_stop(self, other: _Hold) -> None:
        """Until another request is over, or for a second where it is alive; a dead one is ended."""
        if await _within(other.over, SILENCE) or other.body is None or other.body.silent_for() < SILENCE:
            return
        other.body.stop()
        await _within(other.over, SILENCE)

    async def _to_the_end(self, work: Coroutine[Any, Any, Upload]) -> Upload:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return await asyncio.shield(task)

    def _done(self, task: asyncio.Task[Upload]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever waited, if anybody still did

    async def _discard(self, upload_id: str) -> None:
        self._digests.pop(upload_id, None)
        await asyncio.to_thread(self._objects.partial(upload_id).unlink, missing_ok=True)

    async def _discard_strays(self) -> None:
        """Bytes that belong to no unfinished upload are nobody's."""
        unfinished = await self._database.read(self._store.unfinished)
        for upload_id in await self._objects.partials():
            if upload_id not in unfinished and upload_id not in self._holds:
                await self._discard(upload_id)

    async def _keep_sweeping(self) -> None:
        while True:
            await asyncio.sleep(SWEEP_EVERY)
            try:
                await self.sweep()
            except (OSError, Problem) as error:
                log.warning("expired uploads have to wait: %s", error)


async def _within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
