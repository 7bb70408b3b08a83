"""Fragments of MP4 read independently of the code that writes them (ISO/IEC 14496-12)."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Fragment:
    """Seconds throughout."""

    begins: float
    durations: tuple[float, ...]
    shown: tuple[float, ...]
    """Presentation times, in the order of decoding."""
    begins_with_sync: bool

    @property
    def ends(self) -> float:
        return self.begins + sum(self.durations)


def fragments(folder: Path) -> list[Fragment]:
    """Every cell of a rendition, in order."""
    timescale = _timescale((folder / "init.mp4").read_bytes())
    return [_fragment(path.read_bytes(), timescale) for path in sorted(folder.glob("*.m4s"))]


def boxes(data: bytes, low: int = 0, high: int | None = None) -> Iterator[tuple[bytes, int, int]]:
    high = len(data) if high is None else high
    while low < high:
        (size,) = struct.unpack_from(">I", data, low)
        yield data[low + 4 : low + 8], low + 8, low + size
        low += size


def _inside(data: bytes, *path: bytes) -> tuple[int, int]:
    low, high = 0, len(data)
    for name in path:
        low, high = next((begin, end) for kind, begin, end in boxes(data, low, high) if kind == name)
    return low, high


def _timescale(init: bytes) -> int:
    low, _ = _inside(init, b"moov", b"trak", b"mdia", b"mdhd")
    return int(struct.unpack_from(">I", init, low + (20 if init[low] else 12))[0])


def _fragment(data: bytes, timescale: int) -> Fragment:
    assert [kind for kind, _, _ in boxes(data)] == [b"moof", b"mdat"]
    low, _ = _inside(data, b"moof", b"traf", b"tfdt")
    assert data[low] == 1
    (begins,) = struct.unpack_from(">Q", data, low + 4)
    defaults = _defaults(data)
    low, _ = _inside(data, b"moof", b"traf", b"trun")
    flags = struct.unpack_from(">I", data, low)[0] & 0xFFFFFF
    (count,) = struct.unpack_from(">I", data, low + 4)
    at = low + 8 + (4 if flags & 1 else 0)
    first_flags = defaults[1]
    if flags & 4:
        (first_flags,) = struct.unpack_from(">I", data, at)
        at += 4
    durations, shown, decoded = [], [], begins
    for number in range(count):
        duration, offset = defaults[0], 0
        if flags & 0x100:
            (duration,) = struct.unpack_from(">I", data, at)
            at += 4
        at += 4 if flags & 0x200 else 0
        if flags & 0x400:
            if number == 0:
                (first_flags,) = struct.unpack_from(">I", data, at)
            at += 4
        if flags & 0x800:
            (offset,) = struct.unpack_from(">i", data, at)
            at += 4
        shown.append((decoded + offset) / timescale)
        durations.append(duration / timescale)
        decoded += duration
    return Fragment(begins / timescale, tuple(durations), tuple(shown), not first_flags & 0x10000)


def _defaults(data: bytes) -> tuple[int, int]:
    """Duration and flags of samples that do not say (tfhd)."""
    low, _ = _inside(data, b"moof", b"traf", b"tfhd")
    flags = struct.unpack_from(">I", data, low)[0] & 0xFFFFFF
    at = low + 8 + (8 if flags & 1 else 0) + (4 if flags & 2 else 0)
    duration = sample_flags = 0
    if flags & 8:
        (duration,) = struct.unpack_from(">I", data, at)
        at += 4
    at += 4 if flags & 0x10 else 0
    if flags & 0x20:
        (sample_flags,) = struct.unpack_from(">I", data, at)
    return duration, sample_flags
