"""H.264 packets looked into just far enough: network abstraction layer units (ITU-T H.264, 7.3 and annex B)."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from typing import Any

from av.packet import Packet

_SLICE, _PARTITION_A, _IDR, _SPS = 1, 2, 5, 7
_ENOUGH = 65_536
"""Bytes before the first slice; parameter sets and messages are far smaller."""


def is_avcc(extradata: bytes | None) -> bool:
    """Whether packets carry lengths (ISO/IEC 14496-15) rather than start codes."""
    return bool(extradata) and extradata[0] == 1  # type: ignore[index]


def begins_with_idr(packet: Packet[Any], extradata: bytes | None) -> bool:
    """Whether the first slice of an H.264 packet belongs to an IDR picture, which nothing after it looks behind."""
    data = bytes(memoryview(packet)[:_ENOUGH])
    kinds = _kinds_by_length(data, extradata) if extradata and is_avcc(extradata) else _kinds_by_start_code(data)
    return next((kind == _IDR for kind in kinds if kind in (_SLICE, _PARTITION_A, _IDR)), False)


def sps_of(extradata: bytes) -> bytes | None:
    """The profile, constraint and level bytes of H.264 extradata in either form."""
    if is_avcc(extradata):
        return extradata[1:4] if len(extradata) >= 4 else None
    for at in _units(extradata):
        if extradata[at] & 0x1F == _SPS:
            return extradata[at + 1 : at + 4]
    return None


def _kinds_by_length(data: bytes, extradata: bytes) -> list[int]:
    size = (extradata[4] & 3) + 1 if len(extradata) > 4 else 4
    kinds, at = [], 0
    while at + size < len(data):
        kinds.append(data[at + size] & 0x1F)
        at += size + int.from_bytes(data[at : at + size], "big")
    return kinds


def _kinds_by_start_code(data: bytes) -> list[int]:
    return [data[at] & 0x1F for at in _units(data)]


def _units(data: bytes) -> list[int]:
    """Where units begin, behind their start codes."""
    found, at = [], data.find(b"\0\0\1")
    while 0 <= at < len(data) - 3:
        found.append(at + 3)
        at = data.find(b"\0\0\1", at + 3)
    return found
