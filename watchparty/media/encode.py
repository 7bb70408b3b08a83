"""Encoded pictures: a head starts at any cell, decodes once, and makes every wanted rung of the cells that follow."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.frame import PictureType, VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS, Unplayable, VideoTrack
from watchparty.media.filters import Filters
from watchparty.media.fmp4 import Nowhere, init_segment, picture_cell
from watchparty.media.frames import shown
from watchparty.media.keyframes import in_ticks
from watchparty.media.nice import VIEWER, nicely
from watchparty.media.opening import opened

REVISION = 1
"""Counts changes after which cells made before no longer fit those made after."""

_PRESET = "veryfast"
_LARGE_PRESET = "superfast"
_LARGE = 1080
_BT709 = 1
_LIMITED = 1


@dataclass(frozen=True)
class Made:
    """A finished cell."""

    rendition: str
    index: int
    data: bytes


def encoded_init(rendition: Rendition) -> bytes:
    """The init segment of an encoded rung; no file is needed for it, and every head's is the same."""
    output, stream = _encoder(rendition, VIEWER)
    try:
        return init_segment(stream)
    finally:
        output.close()


def encoded_pictures(
    path: str,
    track: VideoTrack,
    start: int,
    boundaries: Sequence[int],
    renditions: Sequence[Rendition],
    first: int,
    nice: int = VIEWER,
) -> Iterator[Made | None]:
    """Cells of the given rungs from number `first` on to the end, decoding once; None now and then between them.

    Stop by closing the iterator: work is done only while it is asked for the next. `start` is the file's own time,
    in ticks, of the timeline's 0. Raises Unplayable when the file cannot be decoded there.
    """
    rungs = [_Rung(track, boundaries, rendition, first, nice) for rendition in renditions]
    try:
        with opened(path) as container:
            for each in shown(container, track.index, start, boundaries, first, nice):
                for rung in rungs:
                    yield from rung.push(each.frame, each.at, begins_cell=each.cell is not None)
                yield None
            for rung in rungs:
                yield from rung.finish()
    except FFmpegError as error:
        raise Unplayable("The film cannot be encoded at this place.") from error
    finally:
        for rung in rungs:
            rung.close()


class _Rung:
    """One rung of a head: filters, encoder, and the cell that is being filled."""

    def __init__(
        self, track: VideoTrack, boundaries: Sequence[int], rendition: Rendition, first: int, nice: int
    ) -> None:
        self._name = rendition.name
        self._boundaries = boundaries
        self._cell = first
        self._filters = Filters(track, rendition.width, rendition.height, nice)
        self._output, self._stream = _encoder(rendition, nice)
        self._starts: set[int] = set()
        self._packets: list[Packet[Any]] = []

    def push(self, frame: VideoFrame, at: int, *, begins_cell: bool) -> Iterator[Made]:
        if begins_cell:
            self._starts.add(at)
        for ready in self._filters.push(frame, at):
            yield from self._encode(ready)

    def finish(self) -> Iterator[Made]:
        for ready in self._filters.finish():
            yield from self._encode(ready)
        yield from self._collect(self._stream.encode(None))
        yield self._finished()

    def close(self) -> None:
        self._output.close()

    def _encode(self, frame: VideoFrame) -> Iterator[Made]:
        at = in_ticks(frame.pts or 0, frame.time_base or Fraction(1, TICKS))
        # Left as decoded, the types of the source's pictures would put keyframes beside the grid.
        frame.pict_type = PictureType.I if at in self._starts else PictureType.NONE
        self._starts.discard(at)
        yield from self._collect(self._stream.encode(frame))

    def _collect(self, packets: Sequence[Packet[Any]]) -> Iterator[Made]:
        for packet in packets:
            if packet.is_keyframe and self._packets:
                yield self._finished()
            self._packets.append(packet)

    def _finished(self) -> Made:
        packets, self._packets = self._packets, []
        shown_at = [in_ticks(packet.pts or 0, packet.time_base) for packet in packets]
        data = picture_cell(self._stream, packets, shown_at, self._boundaries[self._cell + 1])
        made = Made(self._name, self._cell, data)
        self._cell += 1
        return made


def _encoder(rendition: Rendition, nice: int) -> tuple[OutputContainer, VideoStream]:
    """An open libx264 whose keyframes are ours to place."""
    output = av.open(Nowhere(), "w", format="mp4", options={"movflags": "empty_moov"})
    rate = Fraction(rendition.frame_rate or 30).limit_denominator(1001)
    stream = output.add_stream("libx264", rate=rate, options=_options(rendition))
    context = stream.codec_context
    context.width, context.height, context.pix_fmt = rendition.width, rendition.height, "yuv420p"
    context.time_base = Fraction(1, TICKS)
    context.color_primaries = context.color_trc = context.colorspace = _BT709
    context.color_range = _LIMITED
    nicely(output.start_encoding, nice)
    return output, stream


def _options(rendition: Rendition) -> dict[str, str]:
    large = min(rendition.width, rendition.height) > _LARGE
    return {
        "preset": _LARGE_PRESET if large else _PRESET,
        "profile": "high",
        "level": f"{rendition.level / 10:.1f}",
        "crf": "23",
        "maxrate": str(rendition.peak),
        "bufsize": str(rendition.bit_rate * 2),
        "sc_threshold": "0",
        "forced-idr": "1",
        "g": "1000000",
        # One frame of reordering at most: readers that take negative offsets for a delay are then late by only one.
        "b-pyramid": "none",
    }
