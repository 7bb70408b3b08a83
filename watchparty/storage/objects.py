"""Originals and what is derived from them, as objects named by key: here, files in a folder."""

import asyncio
import contextlib
import errno
import os
import re
import secrets
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from io import FileIO
from pathlib import Path
from typing import BinaryIO, Protocol

from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.signature import Signer
from watchparty.storage.durable import sync, sync_folder
from watchparty.storage.gauge import Gauge, Ungauged
from watchparty.storage.patience import patiently

_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]*(/[A-Za-z0-9_-][A-Za-z0-9_.-]*)+")
_NAME = re.compile(r"[A-Za-z0-9_-]+")
_PARTIAL = ".partial"
_CHUNK = 1 << 20
_FULL = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True)
class ObjectStat:
    """`size` in bytes."""

    key: str
    size: int


class ObjectStore(Protocol):
    """Keys are two or more names of letters, digits, dot, hyphen and underscore, joined by slashes."""

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> ObjectStat:
        """Keep the bytes; durable when it returns, and all or nothing. Raises StorageFull, and what `chunks` raises."""

    def draft(self) -> contextlib.AbstractAsyncContextManager[Path]:
        """A path where others may write a file that is to become an object; whatever lies there at the end goes."""

    async def adopt(self, draft: Path, key: str) -> ObjectStat:
        """Make the finished file an object, as `put` would have: durable, all or nothing. Raises StorageFull."""

    def partial(self, name: str) -> Path:
        """Where the bytes of a file lie that comes in pieces: it outlives a stop, and becomes an object by `adopt`."""

    async def partials(self) -> list[str]:
        """The names of all those files."""

    async def release(self, key: str, name: str) -> None:
        """Make an object such a file again, as if it had never been adopted. Raises NotFound."""

    def open(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        """`length` bytes from `start`, or all there are from there. Raises NotFound."""

    async def stat(self, key: str) -> ObjectStat:
        """Raises NotFound."""

    async def delete(self, key: str) -> None:
        """Nothing happens when there is no such object."""

    async def list(self, prefix: str) -> list[ObjectStat]:
        """Every object whose key starts with the folder `prefix`."""

    def sign(self, key: str, expires: int) -> str:
        """A signature that lets its holder put this object until `expires`, in Unix seconds."""

    def is_signed(self, key: str, expires: int, signature: str) -> bool:
        """Whether `sign` made this signature for this key and time."""

    def path(self, key: str) -> Path:
        """Where the bytes lie, for what must read them as a file: PyAV, and the kernel's sendfile."""


class LocalObjects:
    """Objects as files below `folder`; what is under way lies in `incoming`, on the same disk."""

    def __init__(self, folder: Path, incoming: Path, signer: Signer, gauge: Gauge | None = None) -> None:
        self._gauge = gauge or Ungauged()
        self._folder = folder
        self._incoming = incoming
        self._signer = signer
        # Those that have not become objects.
        self._drafts: set[Path] = set()

    def prepare(self) -> None:
        """Make the folders and drop what the last stop left half-written; blocks."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._incoming.mkdir(parents=True, exist_ok=True)
        for leftover in self._incoming.glob("*.part"):
            leftover.unlink(missing_ok=True)

    async def put(self, key: str, chunks: AsyncIterable[bytes]) -> ObjectStat:
        with self._gauge.doing("objects.put"):
            async with self.draft() as part, self._all_or_nothing(key) as target:
                size = await _write(part, chunks)
                await self._publish(part, target)
            self._gauge.moved("written", size)
            return ObjectStat(key, size)

    @contextlib.asynccontextmanager
    async def draft(self) -> AsyncIterator[Path]:
        part = self._incoming / f"{secrets.token_hex(16)}.part"
        self._drafts.add(part)
        try:
            yield part
        finally:
            # Nothing is waited for once it is an object: whoever gives up from then on would be told that it is none.
            if part in self._drafts:
                self._drafts.remove(part)
                await asyncio.shield(asyncio.to_thread(part.unlink, missing_ok=True))

    async def adopt(self, draft: Path, key: str) -> ObjectStat:
        with self._gauge.doing("objects.adopt"):
            async with self._all_or_nothing(key) as target:
                # Not waited for when given up: nobody has heard of the file yet.
                await asyncio.to_thread(sync, draft)
                await self._publish(draft, target)
                kept = await self.stat(key)
            self._gauge.moved("written", kept.size)
            return kept

    def partial(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a name")
        return self._incoming / f"{name}{_PARTIAL}"

    async def partials(self) -> list[str]:
        found = await asyncio.to_thread(lambda: [*self._incoming.glob(f"*{_PARTIAL}")])
        return [path.name.removesuffix(_PARTIAL) for path in found]

    async def release(self, key: str, name: str) -> None:
        path = self.path(key)
        try:
            await _to_the_end(_publish, path, self.partial(name))
        except FileNotFoundError as error:
            raise NotFound("There is no such object.") from error
        await asyncio.to_thread(_delete, path, self._folder)  # the folders it leaves empty

    async def open(self, key: str, start: int = 0, length: int | None = None) -> AsyncIterator[bytes]:
        path = self.path(key)
        try:
            with self._gauge.doing("objects.open"):
                file = await asyncio.to_thread(patiently, path.open, "rb")
        except FileNotFoundError as error:
            raise NotFound("There is no such object.") from error
        with contextlib.closing(file):
            left = length
            while left is None or left > 0:
                wanted = _CHUNK if left is None else min(_CHUNK, left)
                chunk = await asyncio.to_thread(patiently, _read_at, file, start, wanted)
                if not chunk:
                    return
                start += len(chunk)
                left = None if left is None else left - len(chunk)
                self._gauge.moved("read", len(chunk))
                yield chunk

    async def stat(self, key: str) -> ObjectStat:
        try:
            with self._gauge.doing("objects.stat"):
                return ObjectStat(key, (await asyncio.to_thread(patiently, self.path(key).stat)).st_size)
        except FileNotFoundError as error:
            raise NotFound("There is no such object.") from error

    async def delete(self, key: str) -> None:
        with self._gauge.doing("objects.delete"):
            await asyncio.to_thread(patiently, _delete, self.path(key), self._folder)

    async def list(self, prefix: str) -> list[ObjectStat]:
        with self._gauge.doing("objects.list"):
            return await asyncio.to_thread(patiently, lambda: list(self._below(prefix)))

    def sign(self, key: str, expires: int) -> str:
        return self._signer.sign("put", key, str(expires))

    def is_signed(self, key: str, expires: int, signature: str) -> bool:
        return self._signer.matches(signature, "put", key, str(expires))

    def path(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is not a key")
        return self._folder / key

    async def _publish(self, draft: Path, target: Path) -> None:
        await _to_the_end(_publish, draft, target)
        self._drafts.discard(draft)

    @contextlib.asynccontextmanager
    async def _all_or_nothing(self, key: str) -> AsyncIterator[Path]:
        target = self.path(key)
        try:
            yield target
        except BaseException as error:
            # Also when the client hung up, or the film was deleted, which arrive as a cancellation.
            await asyncio.shield(asyncio.to_thread(_delete, target, self._folder))
            if isinstance(error, OSError) and error.errno in _FULL:
                raise StorageFull(
                    "The disk is full, so this could not be kept. Free some space and try again."
                ) from error
            raise

    def _below(self, prefix: str) -> Iterator[ObjectStat]:
        for path in (self._folder / prefix).rglob("*"):
            if path.is_file():
                yield ObjectStat(path.relative_to(self._folder).as_posix(), path.stat().st_size)


async def whole(content: bytes) -> AsyncIterator[bytes]:
    """Bytes that are all at hand, as `put` takes them."""
    yield content


async def _write(part: Path, chunks: AsyncIterable[bytes]) -> int:
    """Chunk after chunk, each on disk's own time: the sender is not read from meanwhile. Returns the size."""
    file, size = await _made(part), 0
    try:
        async for chunk in chunks:
            await asyncio.to_thread(patiently, _write_at, file, size, chunk)
            size += len(chunk)
        await asyncio.to_thread(_flush, file)
    finally:
        await asyncio.shield(asyncio.to_thread(file.close))
    return size


async def _made(part: Path) -> FileIO:
    # Unbuffered: where a write failed in the middle, it can be done again from where it began.
    opening = asyncio.create_task(asyncio.to_thread(patiently, lambda: part.open("xb", buffering=0)))
    try:
        return await asyncio.shield(opening)
    except asyncio.CancelledError:
        # The thread opens it all the same.
        (await opening).close()
        raise


def _write_at(file: FileIO, position: int, chunk: bytes) -> None:
    file.seek(position)
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]


def _read_at(file: BinaryIO, position: int, size: int) -> bytes:
    file.seek(position)
    return file.read(size)


def _flush(file: FileIO) -> None:
    # Not patiently: after an fsync that failed the next one answers that all is well, and what was written is lost.
    os.fsync(file.fileno())


def _publish(part: Path, target: Path) -> None:
    """Rename, then fsync every folder that changed: before that, a power cut may forget the name."""
    made = patiently(_make_folders, target.parent)
    patiently(part.replace, target)
    for folder in (target.parent, *made):
        sync_folder(folder)


def _make_folders(folder: Path) -> list[Path]:
    """Makes what is missing and returns the folders that got a new entry."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return [path.parent for path in missing]


async def _to_the_end(work: Callable[..., object], *arguments: object) -> None:
    """On a thread, which cannot be stopped: a cancellation is passed on once it has finished."""
    task = asyncio.create_task(asyncio.to_thread(work, *arguments))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise


def _delete(path: Path, root: Path) -> None:
    path.unlink(missing_ok=True)
    for folder in path.parents:
        if folder == root:
            return
        try:
            folder.rmdir()
        except OSError:
            return  # others still live in it
