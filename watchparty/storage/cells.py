"""Produced cells on disk: a cache that may be emptied at any time, never outgrows its cap, and survives a restart."""

import math
import os
import re
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from watchparty.storage.ledger import Entry, Key, Ledger
from watchparty.storage.patience import patiently

_NAME = re.compile(r"[A-Za-z0-9_-]{1,128}")
_CELL = re.compile(r"(\d{5,})\.m4s")

_BATCH = 256
"""As many cells are dropped at a time, so that nobody waits for long."""
_NEVER_WATCHED = 0.0
"""The access time, on the disk, of a cell that was made unasked, until somebody fetches it."""


@dataclass(frozen=True)
class Usage:
    """Bytes: evictable cells, those of kept films, the cap, the disk's free space, and how much of it is left alone."""

    bytes: int
    kept_bytes: int
    cap_bytes: int
    free_bytes: int
    floor_bytes: int


class CellCache:
    """Cells by video, rendition and index. Any thread may call it.

    `most_bytes` is the most it takes, `least_free` how many bytes of the disk it leaves to others, `kept` the videos
    whose cells stay and do not count. What has to go goes in this order: cells made unasked that nobody ever fetched,
    then those whose use lies longest ago.
    """

    def __init__(
        self,
        folder: Path,
        most_bytes: int,
        least_free: int = 2 << 30,
        kept: Iterable[str] = (),
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self._folder, self._most, self._least_free, self._free = folder, most_bytes, least_free, free
        self._lock = threading.Lock()
        self._ledger = Ledger(kept)
        self.tally: Counter[str] = Counter()
        """How often a cell was looked for and there (hits) or not (misses), and how many had to go (evictions)."""
        self._going: set[Key] = set()
        """Dropped, but still on the disk."""
        self._reserved = 0
        folder.mkdir(parents=True, exist_ok=True)
        self._rescan()
        self.trim()

    @property
    def size(self) -> int:
        """Bytes taken, without those of kept films."""
        return self._ledger.evictable

    def get(self, video_id: str, rendition: str, index: int) -> Path | None:
        """Where a cell lies, counted as fetched; None when it has to be made."""
        key = (video_id, rendition, index)
        with self._lock:
            there = self._ledger.use(key, time.time())
            self.tally["hits" if there else "misses"] += 1
        return self._path(key) if there else None

    def touch(self, path: Path) -> bool:
        """Has the disk remember that a cell was fetched; False when somebody has taken it away. Blocks."""
        try:
            os.utime(path)
        except OSError:
            return path.is_file()
        return True

    def has(self, video_id: str, rendition: str, index: int) -> bool:
        """Whether a cell is there, without counting it as fetched."""
        return (video_id, rendition, index) in self._ledger

    def put(
        self, video_id: str, rendition: str, index: int, data: bytes, *, unasked: bool = False, sparing: float = 0.0
    ) -> Path | None:
        """Keeps a cell; None when there is no room for it, which is no harm: it can be made again.

        `unasked` ones are the first to go again; no cell goes for this one that was used `sparing` seconds ago or less.
        """
        key = (video_id, rendition, index)
        path, kept = self._path(key), self._ledger.keeps(video_id)
        if key in self._going or not self._reserve(len(data), 0.0 if kept else sparing, kept=kept):
            return None
        temporary = path.with_name(f"{uuid4().hex}.part")
        try:
            patiently(_write, temporary, data, not unasked)
            with self._lock:
                temporary.replace(path)
                self._ledger.add(key, Entry(len(data), time.time()), spare=unasked)
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
            self._ledger.drop((video_id, rendition, index))

    def count(self, video_id: str, rendition: str) -> int:
        """How many cells of a rendition are there."""
        return self._ledger.counts[video_id, rendition]

    def bytes_of(self, video_id: str, rendition: str) -> int:
        """How much of the disk a rendition takes."""
        return self._ledger.bytes[video_id, rendition]

    def by_video(self) -> dict[str, int]:
        """How much of the disk each video takes, all its renditions together."""
        sums: Counter[str] = Counter()
        with self._lock:
            for (video_id, _), size in self._ledger.bytes.items():
                sums[video_id] += size
        return dict(sums)

    def usage(self) -> Usage:
        """Blocks: asks the disk."""
        with self._lock:
            taken, kept = self._ledger.evictable, self._ledger.kept
        return Usage(taken, kept, self._most, self._free(self._folder), self._least_free)

    def limit(self, most_bytes: int, least_free: int) -> None:
        """Other bounds from now on; `trim` lets go of what they have no room for."""
        with self._lock:
            self._most, self._least_free = most_bytes, least_free

    def keep(self, video_id: str, on: bool) -> None:
        """Whether a video's cells stay whatever happens, or are from now on like all others."""
        with self._lock:
            self._ledger.keep(video_id, on)

    def protect(self, cells: Mapping[str, Collection[range]]) -> None:
        """Cells somebody is about to need, by video, in all renditions; those named before are not any more."""
        with self._lock:
            self._ledger.protect(cells)

    def trim(self) -> None:
        """Sees to it that cap and free space hold, whoever has filled the disk. Blocks."""
        while True:
            with self._lock:
                victims, _ = self._ledger.victims(self._lack(0, capped=True), math.inf)
                victims = self._let_go(victims)
            if not victims:
                return
            self._unlink(victims)

    def forget(self, video_id: str) -> None:
        """Deletes every cell of a video, kept or not."""
        with self._lock:
            self._ledger.keep(video_id, False)
            self._ledger.forget(video_id)
        if _NAME.fullmatch(video_id):
            shutil.rmtree(self._folder / video_id, ignore_errors=True)

    def retain(self, video_id: str, renditions: Collection[str]) -> None:
        """Deletes the cells of all renditions of a video but these, which have taken their place. Blocks."""
        with self._lock:
            others = {name for kept_id, name in self._ledger.bytes if kept_id == video_id} - {*renditions}
            for name in others:
                self._ledger.forget(video_id, name)
        for name in others:
            shutil.rmtree(self._folder / video_id / name, ignore_errors=True)

    def _path(self, key: Key) -> Path:
        video_id, rendition, index = key
        if not _NAME.fullmatch(video_id) or not _NAME.fullmatch(rendition):
            raise ValueError(f"not a name of a cell: {key!r}")
        return self._folder / video_id / rendition / f"{index:05d}.m4s"

    def _reserve(self, wanted: int, sparing: float, *, kept: bool) -> bool:
        """Evicts until `wanted` more bytes fit, and holds the place for them; False, and no harm, when they cannot."""
        while True:
            unused_since = time.time() - sparing if sparing else math.inf
            with self._lock:
                lack = self._lack(wanted, capped=not kept)
                if lack <= 0:
                    self._reserved += wanted
                    return True
                victims, enough = self._ledger.victims(lack, unused_since)
                if not enough:
                    return False
                victims = self._let_go(victims)
            self._unlink(victims)

    def _lack(self, wanted: int, *, capped: bool) -> int:
        """How many bytes have to go before so many can come."""
        coming = self._reserved + wanted
        over = self._ledger.evictable + coming - self._most if capped else 0
        return max(over, self._least_free + coming - self._free(self._folder))

    def _let_go(self, victims: list[Key]) -> list[Key]:
        batch = victims[:_BATCH]
        self.tally["evictions"] += len(batch)
        for key in batch:
            self._ledger.drop(key)
        self._going.update(batch)
        return batch

    def _unlink(self, victims: Sequence[Key]) -> None:
        """Outside the lock: a slow disk must not hold up who looks for a cell."""
        for key in victims:
            with suppress(OSError):
                self._path(key).unlink(missing_ok=True)
        with self._lock:
            self._going.difference_update(victims)

    def _rescan(self) -> None:
        """Takes stock after a restart: what was whole is there, what was half written goes."""
        found: list[tuple[float, bool, Key, int]] = []
        for path in self._folder.glob("*/*/*"):
            match = _CELL.fullmatch(path.name)
            state = path.stat()
            if match is None or state.st_size == 0:
                path.unlink(missing_ok=True)
                continue
            key = (path.parent.parent.name, path.parent.name, int(match[1]))
            found.append((max(state.st_mtime, state.st_atime), state.st_atime == _NEVER_WATCHED, key, state.st_size))
        for used_at, spare, key, size in sorted(found):
            self._ledger.add(key, Entry(size, used_at), spare=spare)


def _write(path: Path, data: bytes, fetched: bool) -> None:
    """To the disk itself, so that what is renamed afterwards is whole even after a power cut.

    After a fault it may be done again, for it begins anew.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if not fetched:
        os.utime(path, (_NEVER_WATCHED, time.time()))
