"""Produced cells on disk: a cache that may be emptied at any time, never outgrows its cap, and survives a restart."""

import os
import re
import shutil
import threading
from collections import Counter, OrderedDict
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_CELL = re.compile(r"(\d{5,})\.m4s")

Key = tuple[str, str, int]
"""Video, rendition, index."""


class CellCache:
    """Cells by video, rendition and index; the least recently used go first. Any thread may call it.

    `most_bytes` is the most it takes; `least_free` is how many bytes of the disk it leaves to others.
    """

    def __init__(self, folder: Path, most_bytes: int, least_free: int = 2 << 30) -> None:
        self._folder, self._most, self._least_free = folder, most_bytes, least_free
        self._lock = threading.Lock()
        self._sizes: OrderedDict[Key, int] = OrderedDict()
        self._counts: Counter[tuple[str, str]] = Counter()
        """Cells by video and rendition."""
        self._total = self._reserved = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._rescan()

    @property
    def size(self) -> int:
        """Bytes taken."""
        return self._total

    def get(self, video_id: str, rendition: str, index: int) -> Path | None:
        """Where a cell lies, counted as used; None when it has to be made."""
        key = (video_id, rendition, index)
        with self._lock:
            if key not in self._sizes:
                return None
            self._sizes.move_to_end(key)
        return self._path(key)

    def has(self, video_id: str, rendition: str, index: int) -> bool:
        """Whether a cell is there, without counting it as used."""
        return (video_id, rendition, index) in self._sizes

    def put(self, video_id: str, rendition: str, index: int, data: bytes) -> Path | None:
        """Keeps a cell; None when there is no room for it, which is no harm: it can be made again."""
        key = (video_id, rendition, index)
        path = self._path(key)
        if not self._reserve(len(data)):
            return None
        temporary = path.with_name(f"{uuid4().hex}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(temporary, data)
            with self._lock:
                temporary.replace(path)
                self._drop(key)
                self._add(key, len(data))
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            return None
        finally:
            with self._lock:
                self._reserved -= len(data)
        return path

    def miss(self, video_id: str, rendition: str, index: int) -> None:
        """A cell that was thought to be there is not."""
        with self._lock:
            self._drop((video_id, rendition, index))

    def count(self, video_id: str, rendition: str) -> int:
        """How many cells of a rendition are there."""
        return self._counts[video_id, rendition]

    def forget(self, video_id: str) -> None:
        """Deletes every cell of a video."""
        with self._lock:
            for key in [key for key in self._sizes if key[0] == video_id]:
                self._drop(key)
        if _NAME.fullmatch(video_id):
            shutil.rmtree(self._folder / video_id, ignore_errors=True)

    def _path(self, key: Key) -> Path:
        video_id, rendition, index = key
        if not _NAME.fullmatch(video_id) or not _NAME.fullmatch(rendition):
            raise ValueError(f"not a name of a cell: {key!r}")
        return self._folder / video_id / rendition / f"{index:05d}.m4s"

    def _reserve(self, wanted: int) -> bool:
        """Evicts until `wanted` more bytes fit under the cap and above the floor, and holds the place for them."""
        with self._lock:
            if wanted > self._most or not self._evict(wanted):
                return False
            self._reserved += wanted
            return True

    def _evict(self, wanted: int) -> bool:
        while True:
            coming = self._reserved + wanted
            free = shutil.disk_usage(self._folder).free
            if self._total + coming <= self._most and free - coming >= self._least_free:
                return True
            if not self._sizes:
                return False
            oldest = next(iter(self._sizes))
            self._drop(oldest)
            self._path(oldest).unlink(missing_ok=True)

    def _add(self, key: Key, size: int) -> None:
        self._sizes[key] = size
        self._total += size
        self._counts[key[:2]] += 1

    def _drop(self, key: Key) -> None:
        size = self._sizes.pop(key, None)
        if size is None:
            return
        self._total -= size
        self._counts[key[:2]] -= 1
        if not self._counts[key[:2]]:
            del self._counts[key[:2]]

    def _rescan(self) -> None:
        """Takes stock after a restart: what was whole is kept, what was half written goes."""
        found: list[tuple[float, Key, int]] = []
        for path in self._folder.glob("*/*/*"):
            match = _CELL.fullmatch(path.name)
            state = path.stat()
            if match is None or state.st_size == 0:
                path.unlink(missing_ok=True)
                continue
            key = (path.parent.parent.name, path.parent.name, int(match[1]))
            found.append((max(state.st_mtime, state.st_atime), key, state.st_size))
        for _, key, size in sorted(found):
            self._add(key, size)
        self._evict(0)


def _write(path: Path, data: bytes) -> None:
    """To the disk itself, so that what is renamed afterwards is whole even after a power cut."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
