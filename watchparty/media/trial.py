"""An encoder tried in a child process, for drivers hang and crash: whether it works here, and how fast it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from fractions import Fraction

import msgspec
from av.error import FFmpegError
from av.filter import Graph
from av.video.frame import VideoFrame

from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS
from watchparty.media.child import executable
from watchparty.media.cutters import CellByCell, Continuous, Cutter
from watchparty.media.encoders import KNOWN, LIBX264, EncoderFailed
from watchparty.media.nice import BACKGROUND

COMMAND = "_encode"
SECONDS = 15.0
"""A child that has not answered by then hangs."""

_RUNG = Rendition("720p", "video", "encode", 1280, 720, 2_800_000, 4_200_000, "avc1.64001f", 0, 25.0, level=31)
_FRAME = TICKS // 25
_SHORT = 3
"""Frames: a tenth of a second, to see whether it works at all."""
_LONG = 100
"""Frames of the cell it is timed on, opening included."""


class _Answer(msgspec.Struct):
    frames_per_second: float


def command(name: str) -> list[str]:
    """What to run to have an encoder tried; it answers on its standard output."""
    return [*executable(), COMMAND, name]


def understood(said: bytes) -> float | None:
    """Frames a second, or None when the encoder does not work here."""
    try:
        return msgspec.json.decode(said, type=_Answer).frames_per_second
    except msgspec.DecodeError:
        return None


def main(arguments: list[str]) -> int:
    """The child: encodes a little and prints how fast. Returns the exit status, 1 when the encoder does not work."""
    try:
        speed = tried(arguments[0])
    except (EncoderFailed, FFmpegError, KeyError) as error:
        print(error, file=sys.stderr)
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(_Answer(speed)))
    sys.stdout.buffer.flush()
    return 0


def tried(name: str) -> float:
    """Frames of 720p a second. Raises EncoderFailed, or KeyError for one that is not known here."""
    frames = list(_moving_picture(25))
    _encode(name, frames, _SHORT)
    begun = time.perf_counter()
    _encode(name, frames, _LONG)
    return _LONG / (time.perf_counter() - begun)


def _moving_picture(count: int) -> Iterator[VideoFrame]:
    graph = Graph()
    source = graph.add("testsrc2", f"size={_RUNG.width}x{_RUNG.height}:rate=25")
    graph.link_nodes(source, graph.add("format", "yuv420p"), graph.add("buffersink")).configure()
    for _ in range(count):
        yield graph.vpull()


def _encode(name: str, frames: list[VideoFrame], count: int) -> None:
    """One cell of `count` frames, the given ones again and again."""
    cutter = _cutter(name)
    try:
        for number in range(count):
            frame = frames[number % len(frames)]
            frame.pts, frame.time_base = number * _FRAME, Fraction(1, TICKS)
            list(cutter.push(frame, begins=number == 0))
        list(cutter.finish())
    finally:
        cutter.close()


def _cutter(name: str) -> Cutter:
    if name == LIBX264:
        return Continuous(_RUNG, BACKGROUND, lambda: None)
    return CellByCell(KNOWN[name], _RUNG, BACKGROUND)
