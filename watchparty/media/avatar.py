"""Somebody's picture made small and square, from whatever they sent: drawn anew, and nothing else kept of it."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from fractions import Fraction

from av.codec.context import CodecContext
from av.error import FFmpegError
from av.filter import Graph
from av.packet import Packet
from av.video.codeccontext import VideoCodecContext
from av.video.frame import VideoFrame

from watchparty.domain.source import TICKS, Unplayable
from watchparty.media.jpeg import PIXELS, jpeg
from watchparty.media.nice import BACKGROUND, nicely

_TICK = Fraction(1, TICKS)

SIDE = 256
"""Pixels."""
LARGEST = 5 << 20
"""Bytes."""
MOST_PIXELS = 6128 * 6128
"""36 megapixels, with the padding that decoders add."""
_QUALITY = 3
"""The JPEG encoder's quantiser, 2 (best) to 31."""

_NOT_ONE = "This is not a picture that can be read here. Choose a JPEG, PNG, WebP or GIF file."
_BROKEN = "The picture is damaged, larger than 36 megapixels, or of a kind not read here (such as moving WebP)."
# How to turn what a camera held upright, by degrees counterclockwise.
_TURNS = {90: ["cclock"], -90: ["clock"], 180: ["clock", "clock"], -180: ["clock", "clock"]}


def avatar(data: bytes) -> bytes:
    """A JPEG of 256 x 256 pixels: the middle of the picture in `data`, of a moving GIF its first frame.

    No container is opened, so nothing can lead to another file: the bytes go straight to one of four decoders. Raises
    Unplayable. Blocks.
    """
    kind = _kind(data)
    if kind is None:
        raise Unplayable(_NOT_ONE)
    frame = _decoded(kind, data)
    if frame is None or min(frame.width, frame.height) < 1:
        raise Unplayable(_BROKEN)
    try:
        return jpeg(_drawn(frame), _QUALITY)
    except FFmpegError as error:
        raise Unplayable(_BROKEN) from error


def _kind(data: bytes) -> str | None:
    """The decoder for it, told from its first bytes."""
    if data.startswith(b"\xff\xd8\xff"):
        return "mjpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "gif"
    return "webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else None


def _decoded(kind: str, data: bytes) -> VideoFrame | None:
    context = CodecContext.create(kind, "r")
    assert isinstance(context, VideoCodecContext)
    context.options = {"max_pixels": str(MOST_PIXELS)}
    context.thread_count = 1
    try:
        nicely(context.open, BACKGROUND)
        frames = [*context.decode(Packet(data)), *context.decode(None)]
    except (FFmpegError, MemoryError):
        return None
    return frames[0] if frames else None


def _drawn(frame: VideoFrame) -> VideoFrame:
    """The square in the middle, upright, on white where one could see through it."""
    side = min(frame.width, frame.height)
    graph = Graph()
    source = graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=_TICK)
    steps = [
        graph.add("crop", f"{side}:{side}:exact=1"),
        graph.add("scale", f"{SIDE}:{SIDE}:flags=area"),
        graph.add("format", "rgba"),
        *(graph.add("transpose", turn) for turn in _TURNS.get(round(frame.rotation), [])),
    ]
    for before, after in zip([source, *steps], steps, strict=False):
        before.link_to(after)
    ground = graph.add("color", f"c=white:s={SIDE}x{SIDE}:d=1:r=1")
    over = graph.add("overlay", "format=rgb:shortest=1")
    shape, sink = graph.add("format", PIXELS), graph.add("buffersink")
    ground.link_to(over, 0, 0)
    steps[-1].link_to(over, 0, 1)
    over.link_to(shape)
    shape.link_to(sink)
    graph.configure()
    frame.pts = 0
    source.push(frame)
    source.push(None)
    drawn = sink.pull()
    assert isinstance(drawn, VideoFrame)
    return drawn
