"""A picture somebody brought, made into a JPEG of our own: nothing of the file as it was is ever served."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from av.codec.context import CodecContext
from av.error import FFmpegError
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation

from watchparty.media.jpeg import PIXELS, jpeg
from watchparty.media.nice import BACKGROUND, nicely

MOST_PIXELS = 6000 * 6000
_QUALITY = 4
"""The JPEG encoder's quantiser, 2 (best) to 31."""


def still(data: bytes, longest: int) -> bytes | None:
    """A JPEG, PNG or WebP as a JPEG whose longer side has at most `longest` pixels; None when it is none of them."""
    kind = _kind(data)
    frame = decoded(kind, data) if kind else None
    return None if frame is None else jpeg(fitted(frame, longest), _QUALITY)


def decoded(kind: str, data: bytes) -> VideoFrame | None:
    """The picture, by the decoder `kind` alone: no container is opened. None when it cannot be decoded."""
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


def fitted(frame: VideoFrame, longest: int) -> VideoFrame:
    """The picture as JPEGs want it, its longer side at most `longest` pixels."""
    scale = min(1.0, longest / max(frame.width, frame.height))
    width, height = (max(2, round(side * scale / 2) * 2) for side in (frame.width, frame.height))
    return frame.reformat(
        width, height, PIXELS, dst_colorspace="ITU601", dst_color_range="JPEG", interpolation=Interpolation.AREA
    )


def _kind(data: bytes) -> str | None:
    """By what it is decoded, told from its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "mjpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "webp"
    return None
