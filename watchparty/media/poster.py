"""A film's face: one frame, neither black nor blurred, from some way in."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Iterator
from fractions import Fraction
from math import sqrt

from av.codec.codec import Codec
from av.codec.context import CodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from watchparty.domain.source import TICKS, Source, Unplayable, VideoTrack
from watchparty.media.filters import Filters
from watchparty.media.keyframes import packets, seek
from watchparty.media.nice import BACKGROUND
from watchparty.media.opening import opened

WIDEST = 1280
"""Pixels."""

_PLACES = (0.08, 0.13, 0.21, 0.34, 0.5, 0.66)
"""Fractions of the film looked at, past the logos and before the credits."""
_QUALITY = 4
"""The JPEG encoder's quantiser, 2 (best) to 31."""


def poster(path: str, source: Source) -> bytes:
    """A JPEG of at most 1280 pixels' width; raises Unplayable when there is no picture to show."""
    track = source.video
    if track is None:
        raise Unplayable("There is no picture in this file.")
    with opened(path) as container:
        candidates = list(_candidates(container, track, source))
    if not candidates:
        raise Unplayable("The picture cannot be decoded.")
    return _jpeg(max(candidates, key=_interest))


def _candidates(container: InputContainer, track: VideoTrack, source: Source) -> Iterator[VideoFrame]:
    """A few keyframes over the film, already of the poster's size."""
    stream = container.streams[track.index]
    assert isinstance(stream, VideoStream)
    width, height = _size(track)
    filters = Filters(track, width, height, BACKGROUND, still=True)
    for place in _PLACES:
        frame = _keyframe_at(container, stream, source.start + int(source.duration * place * TICKS))
        if frame is not None:
            yield from filters.push(frame, 0)
            yield from filters.finish()


def _size(track: VideoTrack) -> tuple[int, int]:
    scale = min(1.0, WIDEST / track.display_width, WIDEST / track.display_height)
    width, height = (max(2, round(side * scale / 2) * 2) for side in (track.display_width, track.display_height))
    return width, height


def _keyframe_at(container: InputContainer, stream: VideoStream, ticks: int) -> VideoFrame | None:
    try:
        seek(container, stream, ticks)
        for packet in packets(container, stream):
            if packet.is_keyframe:
                frames = [*stream.codec_context.decode(packet), *stream.codec_context.decode(None)]
                stream.codec_context.flush_buffers()
                if frames:
                    return frames[0]
    except FFmpegError:
        return None
    return None


def _interest(frame: VideoFrame) -> float:
    """Contrast and sharpness of the brightness, on a sample of lines; black, white and blurred frames come last."""
    plane = frame.planes[0]
    data, lines = bytes(plane), range(0, frame.height, max(1, frame.height // 48))
    step = max(1, frame.width // 160)
    rows = [data[line * plane.line_size : line * plane.line_size + frame.width] for line in lines]
    values = [value for row in rows for value in row[::step]]
    mean = sum(values) / len(values)
    contrast = sqrt(sum((value - mean) ** 2 for value in values) / len(values))
    edges = [abs(after - before) for row in rows for before, after in zip(row[::step], row[1::step], strict=False)]
    sharpness = sum(edges) / max(1, len(edges))
    dull = mean < 24 or mean > 232
    return (contrast + 6 * sharpness) * (0.1 if dull else 1.0)


def _jpeg(frame: VideoFrame) -> bytes:
    context = CodecContext.create(Codec("mjpeg", "w"))
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = frame.width, frame.height, "yuvj420p"
    context.time_base = Fraction(1, TICKS)
    context.qmin = context.qmax = _QUALITY
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])
