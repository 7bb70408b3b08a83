"""Whether a file is whole, as far as its container tells: a copy under way says itself that more must come."""

import os
from pathlib import Path
from typing import BinaryIO

from watchparty.media.opening import HEAD_BYTES

_EBML = 0x1A45DFA3
_SEGMENT = 0x18538067
_MOST_BOXES = 200_000
"""Of a fragmented film there are two for every few seconds."""


def awaits_more(path: str) -> bool:
    """Whether the file at `path` ends before it says it does. False when its kind does not tell. Raises OSError."""
    with Path(path).open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp"):
            return _boxes_end_early(file, size)
        if head[:4] == _EBML.to_bytes(4, "big"):
            return _segment_ends_early(head, size)
        if head[:4] == b"RIFF":
            return _chunks_end_early(file, size)
    return False


def _boxes_end_early(file: BinaryIO, size: int) -> bool:
    """ISO/IEC 14496-12: the last box goes past the end of the file, or there is no `moov` yet."""
    at, has_index = 0, False
    for _ in range(_MOST_BOXES):
        if at >= size:
            return not has_index
        file.seek(at)
        head = file.read(16)
        length, kind = int.from_bytes(head[:4], "big"), head[4:8]
        has_index = has_index or kind == b"moov"
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8:
            # 0 is up to the end of the file; anything else is no box, such as room that was set aside for what comes.
            return not has_index
        at += length
        if at > size:
            return True
    return False


def _segment_ends_early(head: bytes, size: int) -> bool:
    """RFC 8794: the Segment of Matroska and WebM says how long it is, unless it was written live."""
    _, at = _number(head, 0, keep_marker=True)
    length, at = _number(head, at)
    at += length or 0
    element, at = _number(head, at, keep_marker=True)
    length, at = _number(head, at)
    return element == _SEGMENT and length is not None and at + length > size


def _number(data: bytes, at: int, *, keep_marker: bool = False) -> tuple[int | None, int]:
    """A variable-length number and where it ends; None where it is unknown or cannot be read."""
    if at >= len(data) or not data[at]:
        return None, at
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    if keep_marker:
        return value, at + width
    most = (1 << 7 * width) - 1
    value &= most
    return (None if value == most else value), at + width


def _chunks_end_early(file: BinaryIO, size: int) -> bool:
    """AVI and WAVE: RIFF chunks one after the other, of which long films have several."""
    at = 0
    while at + 8 <= size:
        file.seek(at)
        head = file.read(8)
        length = int.from_bytes(head[4:8], "little")
        if head[:4] != b"RIFF" or length in (0, 0xFFFFFFFF):
            return False
        at += 8 + length
        if at > size:
            return True
        at += length % 2
    return False
