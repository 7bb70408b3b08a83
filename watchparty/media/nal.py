"""H.264 and HEVC packets looked into just far enough: network abstraction layer units (annex B of either)."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator
from typing import Any, TypeAlias

from av.packet import Packet

Buffer: TypeAlias = "bytes | Packet[Any]"

_ENOUGH = 65_536
"""Bytes before the first slice; parameter sets and messages are far smaller."""
_LENGTHS_AT = {"h264": 4, "hevc": 21}
"""Where in the configuration record (ISO/IEC 14496-15) the size of a length stands."""

_SLICE, _PARTITION_A, _IDR, _SPS = 1, 2, 5, 7
_FIRST_IRAP, _LAST_IRAP, _LAST_PICTURE = 16, 21, 31


def is_annex_b(codec: str, extradata: bytes | None) -> bool:
    """Whether the packets of this H.264 or HEVC carry start codes rather than lengths; False for other codecs.

    Encoders, whose names are others (libx264), give start codes and parameter sets with them.
    """
    if codec in _LENGTHS_AT:
        return not extradata or extradata[0] != 1
    return bool(extradata) and extradata.startswith((b"\0\0\1", b"\0\0\0\1"))  # type: ignore[union-attr]


def begins_with_idr(packet: Buffer, extradata: bytes | None) -> bool:
    """Whether the first slice of an H.264 packet belongs to an IDR picture, which nothing after it looks behind."""
    kinds = (unit[0] & 0x1F for unit in _units("h264", _head(packet), extradata))
    return next((kind == _IDR for kind in kinds if kind in (_SLICE, _PARTITION_A, _IDR)), False)


def begins_with_irap(packet: Buffer, extradata: bytes | None) -> bool:
    """Whether the first picture of an HEVC packet is a random access point (ITU-T H.265, table 7-1).

    Pictures that lead it (shown before it, decoded after it) may still look behind it.
    """
    kinds = (unit[0] >> 1 & 0x3F for unit in _units("hevc", _head(packet), extradata))
    return next((_FIRST_IRAP <= kind <= _LAST_IRAP for kind in kinds if kind <= _LAST_PICTURE), False)


def sps_of(extradata: bytes) -> bytes | None:
    """The profile, constraint and level bytes of H.264 extradata, or of a packet with start codes."""
    if not is_annex_b("h264", extradata):
        return extradata[1:4] if len(extradata) >= 4 else None
    return next((unit[1:4] for unit in _by_start_code(extradata) if unit[0] & 0x1F == _SPS), None)


def with_lengths(packet: bytes) -> bytes:
    """A packet with start codes as one in which every unit is preceded by its length, as MP4 wants it."""
    parts: list[bytes] = []
    for unit in _by_start_code(packet):
        # Zeros behind a unit belong to no unit, and one may belong to the next start code.
        unit = unit.rstrip(b"\0")
        parts += [len(unit).to_bytes(4, "big"), unit]
    return b"".join(parts)


def _head(packet: Buffer) -> bytes:
    return bytes(memoryview(packet)[:_ENOUGH])


def _units(codec: str, data: bytes, extradata: bytes | None) -> Iterator[bytes]:
    """Units, none of them empty; the last may be cut short."""
    if is_annex_b(codec, extradata):
        return _by_start_code(data)
    return _by_length(data, _size_of_length(codec, extradata or b""))


def _size_of_length(codec: str, record: bytes) -> int:
    at = _LENGTHS_AT[codec]
    return (record[at] & 3) + 1 if len(record) > at else 4


def _by_length(data: bytes, size: int) -> Iterator[bytes]:
    at = 0
    while at + size < len(data):
        begin = at + size
        at = begin + int.from_bytes(data[at:begin], "big")
        if at > begin:
            yield data[begin:at]


def _by_start_code(data: bytes) -> Iterator[bytes]:
    begin = data.find(b"\0\0\1")
    while 0 <= begin < len(data) - 3:
        after = data.find(b"\0\0\1", begin + 3)
        if unit := data[begin + 3 : after if after >= 0 else len(data)]:
            yield unit
        begin = after
