"""Films on their way in: promised, signed for, streamed to disk, and handed to the library when they are whole."""

import asyncio
import hashlib
from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from watchparty.domain.container import sniff
from watchparty.domain.errors import Conflict, Invalid, NotAllowed, NotFound, TooLarge, WrongMediaType
from watchparty.domain.signature import PathToken
from watchparty.domain.upload import LIFETIME, URL_LIFETIME, Upload
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.preferences import Preferences
from watchparty.services.quotas import Quotas
from watchparty.services.videos import Videos
from watchparty.storage.contents import ContentStore
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore
from watchparty.storage.uploads import UploadStore
from watchparty.storage.videos import VideoStore

# Enough to tell what kind of file this is.
HEAD = 4096
NOT_A_FILM = "This is not a video or sound file that can be played here."


@dataclass(frozen=True)
class Address:
    """Where to put the bytes: a path token, and until when it works, in Unix seconds.

    `resumable` is the token of the same upload for bytes that come in pieces.
    """

    token: str
    expires_at: float
    resumable: str


class Uploads:
    """`preferences` say how many bytes a film may have."""

    def __init__(
        self,
        database: Database,
        store: UploadStore,
        video_store: VideoStore,
        videos: Videos,
        objects: ObjectStore,
        contents: ContentStore,
        quotas: Quotas,
        clock: Clock,
        preferences: Preferences,
    ) -> None:
        self._database = database
        self._store = store
        self._video_store = video_store
        self._videos = videos
        self._objects = objects
        self._contents = contents
        self._quotas = quotas
        self._clock = clock
        self._preferences = preferences
        self._under_way: set[str] = set()

    async def recover(self) -> None:
        """Delete originals whose film was never committed; those of resumable uploads wait to be committed again."""
        wanted, unfinished = await self._database.read(
            lambda tx: (self._video_store.object_keys(tx), self._store.unfinished(tx))
        )
        for prefix in ("originals", "posters"):
            for kept in await self._objects.list(prefix):
                if kept.key in wanted:
                    continue
                upload_id = kept.key.rpartition("/")[2]
                if prefix == "originals" and upload_id in unfinished:
                    await self._objects.release(kept.key, upload_id)
                else:
                    await self._objects.delete(kept.key)

    async def open(self, person: Person, video_id: str, size: int | None) -> Address:
        """An address that takes the bytes of this film, once, within the hour; `size` in bytes where it is known.

        Raises TooLarge for more than is taken, or than this film's owner may keep.
        """
        self.check_size(size)
        video = await self._videos.find_own(person, video_id)
        if video.status is not Status.PENDING or video.library_path is not None:
            raise Conflict("This video has been uploaded already.")
        upload = self.promised(video, size)
        await self._database.write(lambda tx: self.promise(tx, video, upload))
        return self.address(upload)

    async def add(self, person: Person, video: Video, size: int | None) -> Address:
        """Keep a new film's words and open an address for its bytes; both or neither. Raises what `open` does."""
        upload = self.promised(video, size)
        await self._videos.add(person, video, lambda tx: self.promise(tx, video, upload))
        return self.address(upload)

    def promised(self, video: Video, size: int | None, **said: Any) -> Upload:
        """An upload for this film that nobody has heard of yet; `said` are further fields of it."""
        now = self._clock.time()
        return Upload(new_id(), video.id, size, now, now + LIFETIME, **said)

    def promise(self, tx: Tx, video: Video, upload: Upload) -> None:
        """Keep the upload where there is room for it beside all that its owner has been promised. Raises TooLarge."""
        self._quotas.check(tx, video.owner_id, upload.size, video.id)
        self._store.add(tx, upload)

    def settle(self, tx: Tx, video: Video, upload: Upload, size: int) -> None:
        """Keep the size of an upload that was promised without one. Raises TooLarge."""
        self._quotas.check(tx, video.owner_id, size, video.id)
        self._store.set_size(tx, upload.id, size)

    def address(self, upload: Upload) -> Address:
        expires = int(upload.created_at + URL_LIFETIME)
        token = PathToken(upload.id, expires, self._objects.sign(upload.id, expires))
        return Address(str(token), expires, f"{upload.id}.{self._objects.sign(f'tus/{upload.id}', 0)}")

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
            intake = _Intake(chunks, await self.most(video), upload.size)
            kept = await self._objects.put(object_key(upload), intake.checked())
            try:
                return await self.publish(upload, video, kept.size, intake.mime_type, intake.sha256)
            except Exception:
                await self._objects.delete(kept.key)
                raise

    async def most(self, video: Video) -> int:
        """Bytes that this film may have, by the server's limit and its owner's."""
        room = await self._quotas.room(video.owner_id, video.id)
        return self._preferences.max_upload if room is None else min(room, self._preferences.max_upload)

    async def publish(self, upload: Upload, video: Video, size: int, mime_type: str, sha256: str) -> Video:
        """Hand a film to the library whose bytes have become an object: every upload ends here, in one transaction."""
        whole = replace(
            video,
            status=Status.UPLOADED,
            object_key=object_key(upload),
            size=size,
            mime_type=mime_type,
            updated_at=self._clock.time(),
        )

        def besides(tx: Tx) -> None:
            self._quotas.check(tx, video.owner_id, size, video.id)
            self._store.finish(tx, upload, size)
            self._contents.put(tx, video.id, sha256)

        await self._videos.arrived(whole, is_new=False, besides=besides)
        return whole

    async def _opened(self, address: str) -> Upload:
        token = PathToken.parse(address)
        if token is None or not self._objects.is_signed(token.subject, token.expires, token.signature):
            raise NotAllowed("This upload address is not valid.")
        if token.expires <= self._clock.time():
            raise NotAllowed("This upload address has expired. Ask for a new one.")
        upload = await self._database.read(lambda tx: self._store.get(tx, token.subject))
        if upload is None or upload.finished or upload.is_over(self._clock.time()):
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


def object_key(upload: Upload) -> str:
    """Where the original lies that this upload brings."""
    return f"originals/{upload.video_id}/{upload.id}"


def recognised(head: bytes) -> str:
    """The media type of a file that begins so. Raises Invalid for an empty one, WrongMediaType for what is no film."""
    if not head:
        raise Invalid("The file is empty.")
    mime_type = sniff(head[:HEAD])
    if mime_type is None:
        raise WrongMediaType(NOT_A_FILM)
    return mime_type


class _Intake:
    """Bytes on their way to disk, looked at as they pass."""

    def __init__(self, chunks: AsyncIterable[bytes], largest: int, announced: int | None) -> None:
        self._chunks = chunks
        self._largest = largest
        self._announced = announced
        self._sha256 = hashlib.sha256()
        self.mime_type = ""

    @property
    def sha256(self) -> str:
        """Of all that has passed, in hexadecimal digits."""
        return self._sha256.hexdigest()

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
                self.mime_type = recognised(head)
                chunk = head
            await asyncio.to_thread(self._sha256.update, chunk)
            yield chunk
        if not self.mime_type:
            self.mime_type = recognised(head)
            self._sha256.update(head)
            yield head
        if self._announced is not None and size != self._announced:
            raise Invalid(f"{self._announced:,} bytes were announced, but {size:,} came.")
