"""The bytes of one file that comes in pieces, over many requests. Everything here blocks: it belongs on a thread."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from watchparty.storage.durable import sync_folder

# Bytes hashed for each byte written: what a restart has made unhashed is caught up with on the way.
_HASTE = 8
_CHUNK = 1 << 20


class Digest:
    """The SHA-256 of a file's beginning; `size` bytes of it so far."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._sha256 = hashlib.sha256()
        self.size = 0

    def follow(self, file: BinaryIO, end: int, most: int) -> None:
        """Take in at most `most` bytes more of the open file, none of them behind `end`."""
        end = min(end, self.size + most)
        file.seek(self.size)
        while self.size < end and (chunk := file.read(min(_CHUNK, end - self.size))):
            self._sha256.update(chunk)
            self.size += len(chunk)

    def whole(self, path: Path) -> str:
        """Of the whole file, in hexadecimal digits."""
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            self.follow(file, size, size)
        return self._sha256.hexdigest()


class Partial:
    """An open file with `size` good bytes; what a crash has left behind them is cut off.

    `size` is smaller than the one given where the disk has lost some of them.
    """

    def __init__(self, path: Path, size: int) -> None:
        is_new = not path.exists()
        self._file = path.open("x+b" if is_new else "r+b", buffering=0)
        if is_new:
            sync_folder(path.parent)
        there = os.fstat(self._file.fileno()).st_size
        self.size = min(size, there)
        if there > size:
            self.cut(size)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def append(self, chunk: bytes) -> None:
        """Written as far as there is room: `size` tells how far, also when OSError is raised."""
        view = memoryview(chunk)
        self._file.seek(self.size)
        while view:
            count = self._file.write(view)
            self.size += count
            view = view[count:]

    def digest(self, digest: Digest, written: int) -> None:
        """Let the digest follow, faster than `written` bytes came where it has to catch up."""
        digest.follow(self._file, self.size, _HASTE * written)

    def head(self, size: int) -> bytes:
        self._file.seek(0)
        return self._file.read(min(size, self.size))

    def cut(self, size: int) -> None:
        """Forget everything behind the first `size` bytes."""
        self._file.truncate(size)
        self.size = size

    def sync(self) -> None:
        """On the disk for certain once this returns."""
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
