"""What cutting a whole film into copied cells costs beside ffmpeg doing the same, and how soon one cell is there."""

import resource
import shutil
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg  # type: ignore[import-untyped]

from tests.bench.footage import Footage
from tests.media.written import cell, init
from watchparty.domain import playlist
from watchparty.domain.ladder import ladder
from watchparty.media.inspect import inspect
from watchparty.media.shelf import put_away

MINUTES = 30
MEMORY = Path("/dev/shm")
"""A disk's moods are larger than what is measured."""
ROUNDS = 3
CELLS = 40
FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()
AS_HLS = ("-c", "copy", "-f", "hls", "-hls_time", "4", "-hls_playlist_type", "vod", "-hls_segment_type", "fmp4")


@dataclass(frozen=True)
class Cost:
    """Seconds."""

    wall: float
    cpu: float


async def measure(footage: Footage, folder: Path) -> None:
    film = footage.long(MINUTES, 720)
    print(f"all copied cells of {MINUTES} minutes of 720p ({film.stat().st_size >> 20} MB), beside {ffmpeg_version()}")
    print(f"  in turn, median of {ROUNDS}, from page cache to memory")
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else folder) as out:
        found = {
            "-f hls, fmp4": compared(Path(out), film, lambda place: as_hls(film, place)),
            "one fragmented mp4": compared(Path(out), film, lambda place: as_one_file(film, place)),
        }
    for name, (ours, theirs) in found.items():
        print(
            f"  {name:<20}wall {ours.wall:5.2f} s to {theirs.wall:5.2f} s ({ours.wall / theirs.wall:4.2f}x)"
            f"   cpu {ours.cpu:5.2f} s to {theirs.cpu:5.2f} s ({ours.cpu / theirs.cpu:4.2f}x)"
        )
    cold, warm = single(footage.h264(60, 1080))
    print(f"one copied cell of 1080p, in ms: file closed before {cold:5.1f}, open {warm:5.1f} (medians of {CELLS})")


def compared(folder: Path, film: Path, theirs: Callable[[Path], None]) -> tuple[Cost, Cost]:
    """The medians of both, run in turn, so that whatever else goes on befalls both."""
    film.read_bytes()
    costs: tuple[list[Cost], list[Cost]] = ([], [])
    for _ in range(ROUNDS):
        for found, work in zip(costs, (lambda place: cells(film, place), theirs), strict=True):
            place = folder / "out"
            place.mkdir()
            found.append(cost(lambda work=work, place=place: work(place)))  # type: ignore[misc]
            shutil.rmtree(place)
    ours, others = (
        Cost(statistics.median(each.wall for each in found), statistics.median(each.cpu for each in found))
        for found in costs
    )
    return ours, others


def cost(work: Callable[[], None]) -> Cost:
    begun, before = time.monotonic(), cpu()
    work()
    return Cost(time.monotonic() - begun, cpu() - before)


def cpu() -> float:
    """Of this process and of the children that have ended, in seconds."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def cells(film: Path, place: Path) -> None:
    """From the first look at the file to the last cell; into a file a track, for no copied cell is ever a file."""
    put_away()
    inspection = inspect(str(film))
    for rendition in ladder(inspection.source, inspection.grid):
        if rendition.mode == "copy":
            with (place / f"{rendition.name}.mp4").open("wb") as file:
                file.write(init(film, rendition))
                for index in range(len(playlist.durations(rendition, inspection.grid))):
                    file.write(cell(film, inspection, rendition, index))


def as_hls(film: Path, place: Path) -> None:
    run(film, *AS_HLS, str(place / "film.m3u8"))


def as_one_file(film: Path, place: Path) -> None:
    run(film, "-c", "copy", "-movflags", "frag_keyframe+empty_moov+default_base_moof", str(place / "film.mp4"))


def run(film: Path, *arguments: str) -> None:
    subprocess.run([FFMPEG, "-v", "error", "-nostdin", "-i", str(film), *arguments], check=True)


def single(film: Path) -> tuple[float, float]:
    """Milliseconds for any cell, opening the file for it and with the file open."""
    inspection = inspect(str(film))
    copy = ladder(inspection.source, inspection.grid)[0]
    count = len(inspection.grid.copy) - 1
    times: dict[bool, list[float]] = {True: [], False: []}
    for closed, found in times.items():
        for number in range(CELLS):
            if closed:
                put_away()
            begun = time.monotonic()
            cell(film, inspection, copy, number * 7 % count)
            found.append(1000 * (time.monotonic() - begun))
    return statistics.median(times[True]), statistics.median(times[False])


def ffmpeg_version() -> str:
    said = subprocess.run([FFMPEG, "-version"], check=True, capture_output=True, text=True).stdout
    return " ".join(said.split()[:3])
