"""Films on their way in: promised, signed for, streamed to disk, and handed to the library when they are whole."""

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from watchparty.domain.container import sniff
from watchparty.domain.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge, WrongMediaType
from watchparty.domain.signature import PathToken
from watchparty.domain.upload import LIFETIME, URL_LIFETIME, Upload
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.preferences import Preferences
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore
from watchparty.storage.uploads import UploadStore
from watchparty.storage.videos import VideoStore

# Enough to tell what kind of file this is.
HEAD = 4096
NOT_A_FILM = "This is not a video or sound file that can be played here."


@dataclass(frozen=True)
class Address:
    """Where to put the bytes: a path token, and until when it works, in Unix seconds."""

    token: str
    expires_at: float


class Uploads:
    """`preferences` say how many bytes a film may have."""

    def __init__(
        self,
        database: Database,
        store: UploadStore,
        video_store: VideoStore,
        videos: Videos,
        objects: ObjectStore,
        clock: Clock,
        preferences: Preferences,
    ) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos
        self._objects = objects
        self._clock = clock
        self._preferences = preferences
        self._under_way: set[str] = set()

    async def recover(self) -> None:
        """Forget uploads that ran out, and delete originals whose film was never committed."""
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.forget_expired(tx, now))
        wanted = await self._database.read(self._video_store.object_keys)
        for prefix in ("originals", "posters"):
            for kept in await self._objects.list(prefix):
                if kept.key not in wanted:
                    await self._objects.delete(kept.key)

    async def open(self, person: Person, video_id: str, size: int | None) -> Address:
        """An address that takes the bytes of this film, once, within the hour; `size` in bytes where it is known."""
        self.check_size(size)
        video = await self._videos.find_own(person, video_id)
        if video.status is not Status.PENDING or video.library_path is not None:
            raise Conflict("This video has been uploaded already.")
        now = self._clock.time()
        upload = Upload(new_id(), video_id, size, now, now + LIFETIME)

        def keep(tx: Tx) -> None:
            self._store.add(tx, upload)

        await self._database.write(keep)
        expires = int(now + URL_LIFETIME)
        return Address(str(PathToken(upload.id, expires, self._objects.sign(upload.id, expires))), expires)

    def check_size(self, size: int | None) -> None:
        """Raises TooLarge for more bytes than are taken."""
        if size is not None and size > self._preferences.max_upload:
            raise TooLarge(f"At most {self._preferences.max_upload:,} bytes are accepted.", pointer="/size")

    async def receive(self, address: str, length: int | None, chunks: AsyncIterable[bytes]) -> Video:
        """Take the bytes; durable and in the library when it returns.

        `length` is what the request says its body has. Raises NotAllowed for an address that is wrong or over, and
        TooLarge, Invalid, WrongMediaType or StorageFull for the bytes; nothing of them is kept then, and the address
        still works.
        """
        upload = await self._opened(address)
        self._check_length(upload, length)
        with self._alone(upload):
            video = await self._database.read(lambda tx: self._video_store.get(tx, upload.video_id))
            if video is None:
                raise NotFound("This video was deleted.")
            intake = _Intake(chunks, self._preferences.max_upload, upload.size)
            kept = await self._objects.put(f"originals/{video.id}/{upload.id}", intake.checked())
            return await self._publish(video, kept.key, kept.size, intake.mime_type)

    async def _publish(self, video: Video, key: str, size: int, mime_type: str) -> Video:
        whole = replace(
            video,
            status=Status.UPLOADED,
            object_key=key,
            size=size,
            mime_type=mime_type,
            updated_at=self._clock.time(),
        )
        try:
            await self._videos.arrived(whole, is_new=False, besides=lambda tx: self._store.delete_for(tx, video.id))
        except Exception:
            await self._objects.delete(key)
            raise
        return whole

    async def _opened(self, address: str) -> Upload:
        token = PathToken.parse(address)
        if token is None or not self._objects.is_signed(token.subject, token.expires, token.signature):
            raise NotAllowed("This upload address is not valid.")
        if token.expires <= self._clock.time():
            raise NotAllowed("This upload address has expired. Ask for a new one.")
        upload = await self._database.read(lambda tx: self._store.get(tx, token.subject))
        if upload is None:
            raise Conflict("This upload is complete already, or was given up.")
        return upload

    def _check_length(self, upload: Upload, length: int | None) -> None:
        if length is None:
            return  # sent in chunks; counted as they come
        if length > self._preferences.max_upload:
            raise TooLarge(f"At most {self._preferences.max_upload:,} bytes are accepted.")
        if upload.size is not None and length != upload.size:
            raise Invalid(f"{upload.size:,} bytes were announced, but {length:,} are being sent.")

    @contextmanager
    def _alone(self, upload: Upload) -> Iterator[None]:
        if upload.id in self._under_way:
            raise Conflict("This upload is under way already.")
        self._under_way.add(upload.id)
        try:
            yield
        finally:
            self._under_way.discard(upload.id)


class _Intake:
    """Bytes on their way to disk, looked at as they pass."""

    def __init__(self, chunks: AsyncIterable[bytes], largest: int, announced: int | None) -> None:
        self._chunks = chunks
        self._largest = largest
        self._announced = announced
        self.mime_type = ""

    async def checked(self) -> AsyncIterator[bytes]:
        """The same bytes, refused as soon as they are known to be wrong."""
        head, size = b"", 0
        async for chunk in self._chunks:
            size += len(chunk)
            if size > self._largest:
                raise TooLarge(f"At most {self._largest:,} bytes are accepted.")
            if not self.mime_type:
                head += chunk
                if len(head) < HEAD:
                    continue
                self._recognise(head)
                chunk = head
            yield chunk
        if not self.mime_type:
            self._recognise(head)
            yield head
        if self._announced is not None and size != self._announced:
            raise Invalid(f"{self._announced:,} bytes were announced, but {size:,} came.")

    def _recognise(self, head: bytes) -> None:
        if not head:
            raise Invalid("The file is empty.")
        mime_type = sniff(head[:HEAD])
        if mime_type is None:
            raise WrongMediaType(NOT_A_FILM)
        self.mime_type = mime_type
