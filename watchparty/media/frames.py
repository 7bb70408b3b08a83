"""Which frame is shown when: decoded pictures laid onto the presentation timeline and cut by the grid."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.codec.context import ThreadType
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS, Unplayable
from watchparty.media.keyframes import SAME, in_ticks, packets, says_when_shown, seek
from watchparty.media.nice import nicely

_SHORTEST = TICKS // 60 - SAME // 2
"""At most 60 frames a second go out."""
_RUN_UP = TICKS
"""Before this much ahead of the wanted place only frames that others build on are decoded."""
_FURTHER_BACK = (0, 2 * TICKS, 20 * TICKS)
_WHOLE_FILE = 1 << 40


@dataclass(frozen=True)
class Shown:
    """A frame and when it is shown, in ticks of the presentation timeline; `cell` where it begins one."""

    frame: VideoFrame
    at: int
    cell: int | None


def shown(
    container: InputContainer,
    track: int,
    start: int,
    boundaries: Sequence[int],
    first: int,
    nice: int,
    heed: Callable[[], None],
) -> Iterator[Shown]:
    """Frames from cell `first` on. Every cell begins with the frame shown at its boundary, exactly there.

    A picture that begins late or ends early is held, and so is one on show at a boundary unless the next comes at
    once. `start` is the file's own time, in ticks, of the timeline's 0. `heed` is called between packets, many of which
    may have to be read before the first frame, and may raise.
    """
    stream = container.streams[track]
    assert isinstance(stream, VideoStream)
    _prepare(stream, nice)
    cell, last_at = first, -_SHORTEST
    held: VideoFrame | None = None
    time_base = stream.time_base or Fraction(1, TICKS)
    for frame in _decoded(container, stream, start, boundaries[first], heed):
        at = in_ticks(frame.pts or 0, time_base) - start
        while cell < len(boundaries) - 1 and at >= boundaries[cell] + _SHORTEST:
            yield Shown(held or frame, boundaries[cell], cell)
            last_at = boundaries[cell]
            cell += 1
        if cell < len(boundaries) - 1 and at >= boundaries[cell] - SAME:
            yield Shown(frame, boundaries[cell], cell)
            last_at = boundaries[cell]
            cell += 1
        elif cell > first and held is not None and at - last_at >= _SHORTEST and at < boundaries[-1]:
            yield Shown(frame, at, None)
            last_at = at
        held = frame
        if cell == len(boundaries) - 1 and at >= boundaries[-1]:
            return
    if held is None:
        raise Unplayable("The film cannot be decoded at this place.")
    for left in range(cell, len(boundaries) - 1):
        yield Shown(held, boundaries[left], left)


def _prepare(stream: VideoStream, nice: int) -> None:
    """Decoding on all cores (the default, by slices, is half again as slow), in threads that give way."""
    context = stream.codec_context
    if not context.is_open:
        context.thread_type = ThreadType.AUTO
        nicely(context.open, nice)


def _decoded(
    container: InputContainer, stream: VideoStream, start: int, wanted: int, heed: Callable[[], None]
) -> Iterator[VideoFrame]:
    """Frames in the order they are shown, the first at `wanted` or before where the file has such."""
    time_base = stream.time_base or Fraction(1, TICKS)
    for back in (*_FURTHER_BACK, _WHOLE_FILE):
        try:
            seek(container, stream, start + wanted - back)
        except FFmpegError:
            continue
        frames = _from_here(container, stream, start + wanted, heed)
        frame = next(frames, None)
        early = frame is not None and in_ticks(frame.pts or 0, time_base) - start <= wanted + SAME
        if early or back == _WHOLE_FILE:
            if frame is not None:
                yield frame
            yield from frames
            return


def _from_here(
    container: InputContainer, stream: VideoStream, wanted: int, heed: Callable[[], None]
) -> Iterator[VideoFrame]:
    context = stream.codec_context
    begun = False
    counted: list[int] | None = None if says_when_shown(container) else []
    for packet in packets(container, stream):
        heed()
        # Without a keyframe before them, frames would come out grey.
        begun = begun or packet.is_keyframe
        if not begun:
            continue
        timestamp = packet.pts if packet.pts is not None else packet.dts
        far = timestamp is not None and in_ticks(timestamp, packet.time_base) < wanted - _RUN_UP
        context.skip_frame = "NONREF" if far and counted is None else "DEFAULT"
        yield from _frames(stream, packet, counted)
    yield from _frames(stream, None, counted)


def _frames(stream: VideoStream, packet: Packet[Any] | None, counted: list[int] | None) -> Iterator[VideoFrame]:
    """What a packet decodes to; a damaged one to nothing.

    `counted` holds the times of packets whose pictures are still to come: given where these are all the file says,
    for pictures then come out in the order in which they are shown, one at each of these times.
    """
    if counted is not None and packet is not None and packet.dts is not None:
        insort(counted, packet.dts)
    try:
        for frame in stream.codec_context.decode(packet):
            if counted:
                frame.pts = counted.pop(0)
            if frame.pts is not None:
                yield frame
    except FFmpegError:
        return
