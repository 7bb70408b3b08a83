"""The picture that a sound file carries along: the cover of an album or an audio book."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from av.codec.context import CodecContext
from av.container import InputContainer
from av.error import FFmpegError
from av.packet import Packet
from av.stream import Disposition
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from watchparty.media.jpeg import PIXELS
from watchparty.media.keyframes import packets
from watchparty.media.nice import BACKGROUND, nicely
from watchparty.media.opening import opened

LARGEST = 20 << 20
"""Bytes."""
MOST_PIXELS = 6000 * 6000
_KINDS = {b"\xff\xd8\xff": "mjpeg", b"\x89PNG": "png"}
"""What covers are decoded with, by their first bytes; the container's own word for it is not asked."""


def cover(path: str, longest: int) -> VideoFrame | None:
    """The cover, its longer side at most `longest` pixels; None when there is none that can be shown."""
    with opened(path) as container:
        data = _attached(container)
    if data is None or len(data) > LARGEST:
        return None
    kind = next((kind for magic, kind in _KINDS.items() if data.startswith(magic)), None)
    frame = _decoded(kind, data) if kind else None
    return None if frame is None else _fitted(frame, longest)


def _attached(container: InputContainer) -> bytes | None:
    for stream in container.streams.video:
        if stream.disposition & Disposition.attached_pic:
            # It comes before everything else.
            first = next(packets(container, stream), None)
            return bytes(first) if first is not None else None
    return None


def _decoded(kind: str, data: bytes) -> VideoFrame | None:
    context = CodecContext.create(kind, "r")
    assert isinstance(context, VideoCodecContext)
    context.options = {"max_pixels": str(MOST_PIXELS)}
    context.thread_count = 1
    try:
        nicely(context.open, BACKGROUND)
        frames = [*context.decode(Packet(data)), *context.decode(None)]
    except FFmpegError:
        return None
    return frames[0] if frames else None


def _fitted(frame: VideoFrame, longest: int) -> VideoFrame:
    scale = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    return frame.reformat(
        width, height, PIXELS, dst_colorspace="ITU601", dst_color_range="JPEG", interpolation=Interpolation.AREA
    )
