"""Cells of the source's own pictures, packets untouched: milliseconds each, so none is ever stored."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Sequence
from typing import Any

from av.container import InputContainer
from av.packet import Packet
from av.stream import Discard
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS, Unplayable
from watchparty.media.fmp4 import init_segment, picture_cell
from watchparty.media.keyframes import SAME, in_ticks, packets, seek
from watchparty.media.shelf import borrowed

_FURTHER_BACK = (0, TICKS, 5 * TICKS, 30 * TICKS)
"""Where to seek to, before the wanted place: some containers can only guess."""

_WHOLE_FILE = 1 << 40


def picture_init(path: str, track: int) -> bytes:
    """The init segment of the copied picture, from stream number `track`."""
    with borrowed(path) as container:
        return init_segment(_stream(container, track))


def copied_pictures(path: str, track: int, start: int, boundaries: Sequence[int], index: int) -> bytes:
    """Cell `index` of the source's pictures. `start` is the file's own time, in ticks, of the timeline's 0.

    Raises Unplayable when there is nothing at that place any more.
    """
    low, high = boundaries[index], boundaries[index + 1]
    last = index + 2 == len(boundaries)
    with borrowed(path) as container:
        stream = _stream(container, track)
        found = _between(container, stream, low + start, None if last else high + start, first=index == 0)
        time_base = found[0].time_base
        # What is damaged may claim to be shown anywhere; it stays within its cell.
        shown = [min(max(in_ticks(packet.pts or 0, time_base) - start, low), high - 1) for packet in found]
        # What begins late is held from the boundary on, and milliseconds of rounding are taken out again.
        shown[0] = low
        return picture_cell(stream, found, shown, high)


def _stream(container: InputContainer, track: int) -> VideoStream:
    stream = container.streams[track]
    assert isinstance(stream, VideoStream)
    for other in container.streams:
        # Where a container can, it does not even read what is passed over.
        other.discard = Discard.default if other is stream else Discard.all
    return stream


def _between(
    container: InputContainer, stream: VideoStream, low: int, high: int | None, *, first: bool
) -> list[Packet[Any]]:
    """Packets from the keyframe at `low` up to the one at `high`, in decoding order."""
    for back in (_WHOLE_FILE,) if first else (*_FURTHER_BACK, _WHOLE_FILE):
        seek(container, stream, low - back)
        found = _collect(container, stream, low, high)
        if found and (first or in_ticks(found[0].pts or 0, stream.time_base or found[0].time_base) <= low + SAME):
            return found
    raise Unplayable("The film cannot be read at this place.")


def _collect(container: InputContainer, stream: VideoStream, low: int, high: int | None) -> list[Packet[Any]]:
    found: list[Packet[Any]] = []
    for packet in packets(container, stream):
        if packet.pts is None:
            continue
        if packet.is_keyframe:
            at = in_ticks(packet.pts, packet.time_base)
            if high is not None and at >= high - SAME:
                break
            if found or at >= low - SAME:
                found.append(packet)
        elif found:
            found.append(packet)
    return found
