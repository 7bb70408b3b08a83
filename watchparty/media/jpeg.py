"""Pictures as JPEG files."""

from fractions import Fraction

from av.codec.codec import Codec
from av.codec.context import CodecContext
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from watchparty.domain.source import TICKS

PIXELS = "yuvj420p"


def jpeg(frame: VideoFrame, quantiser: int) -> bytes:
    """A frame of yuvj420p as a JPEG file; `quantiser` from 2 (best) to 31."""
    context = CodecContext.create(Codec("mjpeg", "w"))
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = frame.width, frame.height, PIXELS
    context.time_base = Fraction(1, TICKS)
    context.qmin = context.qmax = quantiser
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*context.encode(frame), *context.encode(None)])
