"""Single pictures out of a film, quickly: the keyframes nearest to wanted moments, decoded on all cores."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from av.codec.context import Flags, ThreadType
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS, Source, VideoTrack
from watchparty.media.filters import Filters
from watchparty.media.keyframes import SAME, in_ticks, packets, seek
from watchparty.media.nice import BACKGROUND, nicely
from watchparty.media.opening import opened

_MOST_PACKETS = 2000
"""How far to read for a keyframe after a seek."""
_FURTHER_BACK = (0, 2 * TICKS, 10 * TICKS)


def stills(
    path: str, source: Source, track: VideoTrack, moments: Sequence[float], width: int, height: int
) -> Iterator[tuple[int, VideoFrame] | None]:
    """Pictures of `width` x `height` pixels, each with the number of the moment (ascending, in seconds) it is for.

    Made from keyframes alone. Several moments with one keyframe get one picture, for the first of them; what cannot be
    decoded is left out. None comes at least once for every moment, to notice a stop at. Raises Unplayable when the
    file cannot be opened.
    """
    # Seeking resets the decoders of the container sought in; with one of its own, decoding goes on over all seeks.
    with opened(path) as container, opened(path) as apart:
        stream, decoder = container.streams[track.index], apart.streams[track.index].codec_context
        assert isinstance(stream, VideoStream) and isinstance(decoder, VideoCodecContext)
        _prepare(decoder)
        filters = Filters(track, width, height, BACKGROUND, still=True)
        last: int | None = None
        for number, moment in enumerate(moments):
            yield None
            packet = _keyframe_at(container, stream, source.start + int(moment * TICKS))
            if packet is not None and (packet.pts is None or packet.pts != last):
                last = packet.pts
                packet.opaque = number
                yield from _filtered(filters, _decoded(decoder, packet))
        yield from _filtered(filters, _decoded(decoder, None))


def _prepare(decoder: VideoCodecContext) -> None:
    decoder.thread_type = ThreadType.AUTO
    decoder.skip_frame = "NONKEY"
    decoder.options = {**decoder.options, "skip_loop_filter": "all"}
    # Frames come out later than their packets go in: each carries its moment with it.
    decoder.flags |= Flags.copy_opaque
    nicely(decoder.open, BACKGROUND)


def _keyframe_at(container: InputContainer, stream: VideoStream, ticks: int) -> Packet[Any] | None:
    """The last keyframe at or before `ticks`. Containers without an index find one after it, so look further back."""
    found: Packet[Any] | None = None
    for back in _FURTHER_BACK:
        found = _keyframe_from(container, stream, ticks - back) or found
        if found is not None and (found.pts is None or in_ticks(found.pts, found.time_base) <= ticks + SAME):
            return found
    return found


def _keyframe_from(container: InputContainer, stream: VideoStream, ticks: int) -> Packet[Any] | None:
    try:
        seek(container, stream, ticks)
    except FFmpegError:
        return None
    return next((packet for packet in islice(packets(container, stream), _MOST_PACKETS) if packet.is_keyframe), None)


def _decoded(decoder: VideoCodecContext, packet: Packet[Any] | None) -> list[VideoFrame]:
    try:
        return list(decoder.decode(packet))
    except FFmpegError:
        return []


def _filtered(filters: Filters, frames: list[VideoFrame]) -> Iterator[tuple[int, VideoFrame]]:
    for frame in frames:
        number = frame.opaque
        if isinstance(number, int):
            # Deinterlacing waits for the frame after this one, which does not come.
            for picture in filters.push(frame, 0) or filters.finish():
                yield number, picture
