"""A film's whole ladder, by the engine and by ffmpeg's command line: processor time, time, and memory.

Both decode once, scale each rung from the next larger, and encode with the same settings; one after the other, several
times, so that whatever else the machine does meets both.
"""

import asyncio
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg  # type: ignore[import-untyped]

from tests.bench import head
from tests.bench.footage import Footage
from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS
from watchparty.media.encoders import x264_options
from watchparty.media.inspect import inspect

RUNS = 3
SECONDS = 20


@dataclass(frozen=True)
class Cost:
    """Of one run, in seconds; memory in megabytes, where the process told."""

    processor: float
    wall: float
    megabytes: float


async def measure(footage: Footage, folder: Path) -> None:
    await asyncio.to_thread(_measure, footage, folder)


def _measure(footage: Footage, folder: Path) -> None:
    film = footage.h264(SECONDS, 1080)
    engine, program = [sys.executable, "-m", head.__name__, str(film)], _ffmpeg(film, folder)
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(_cost(engine))
        theirs.append(_cost(program))
    print(f"ladder 1080/720/480/360 of {SECONDS} s, {RUNS} runs each, in turn")
    print(f"  engine   {_told(ours)}   {ours[0].megabytes:.0f} MB   FFmpeg {head.version()}")
    print(f"  ffmpeg   {_told(theirs)}   FFmpeg {imageio_ffmpeg.get_ffmpeg_version()}")
    processor = [one.processor / other.processor for one, other in zip(ours, theirs, strict=True)]
    wall = [one.wall / other.wall for one, other in zip(ours, theirs, strict=True)]
    print(f"  engine / ffmpeg: processor {_middle(processor):.2f}, wall {_middle(wall):.2f}")
    large = footage.h264(10, 2160)
    cost = _cost([sys.executable, "-m", head.__name__, str(large), "1080", "720", "480", "360"])
    print(f"  from 2160p, 1080 and below, 10 s: {cost.wall:.1f} s, {cost.megabytes:.0f} MB")


def _told(costs: Sequence[Cost]) -> str:
    processor, wall = _middle([cost.processor for cost in costs]), _middle([cost.wall for cost in costs])
    return f"processor {processor:6.2f} s, wall {wall:6.2f} s"


def _cost(command: Sequence[str]) -> Cost:
    before, begun = os.times(), time.monotonic()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    after, ended = os.times(), time.monotonic()
    processor = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(processor, ended - begun, json.loads(done.stdout) if done.stdout else 0.0)


def _ffmpeg(film: Path, folder: Path) -> list[str]:
    """The same ladder for the command line, into files."""
    inspection = inspect(str(film))
    rungs = head.rungs(inspection.source)
    cuts = ",".join(f"{at / TICKS:.6f}" for at in inspection.grid.encode[:-1])
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-i", str(film)]
    command += ["-filter_complex", _cascade(rungs)]
    for number, rung in enumerate(rungs):
        command += ["-map", f"[out{number}]", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-force_key_frames", cuts]
        for name, value in x264_options(rung).items():
            command += [f"-{name}", value]
        command.append(str(folder / f"{rung.name}.mp4"))
    return command


def _cascade(rungs: Sequence[Rendition]) -> str:
    parts, source = [], "0:v"
    for number, rung in enumerate(rungs):
        scale = f"[{source}]scale={rung.width}:{rung.height}:flags=bicubic"
        source = f"next{number}"
        last = number == len(rungs) - 1
        parts.append(f"{scale}[out{number}]" if last else f"{scale},split[out{number}][{source}]")
    return ";".join(parts)


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values)
