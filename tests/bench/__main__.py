"""`make bench`: the figures that the product promises, measured on this machine, each with what it is held against.

    python -m tests.bench [NAME ...]        (everything without a name; the names are those of PARTS)

Films are read from the folder WATCHPARTY_BENCH_MEDIA names, or from ../shared/media where that exists; made by ffmpeg
otherwise. A quiet machine gives the true figures: load average and core count are printed beside them.
"""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path

from tests.bench import (
    around,
    clocks,
    comments,
    company,
    drift,
    first,
    gestures,
    guesses,
    ladder,
    latency,
    library,
    loop,
    memory,
    programs,
    reaction,
    remux,
    rest,
    seats,
    spread,
    writes,
)
from tests.bench.footage import Footage

PARTS: dict[str, Callable[[Footage, Path], Awaitable[None]]] = {
    "spread": spread.measure,
    "jitter": spread.jitter,
    "gestures": gestures.measure,
    "stall": company.stall,
    "joiner": company.joiner,
    "clock": clocks.measure,
    "drift": drift.measure,
    "programs": programs.measure,
    "seats": seats.measure,
    "reaction": reaction.measure,
    "first": latency.first_frames,
    "segments": latency.segments,
    "copied": latency.copied,
    "screen": first.on_screen,
    "folder": first.from_folder,
    "seek": first.seeks,
    "around": around.measure,
    "upload": memory.measure,
    "ladder": ladder.measure,
    "library": library.measure,
    "loop": loop.measure,
    "remux": remux.measure,
    "guesses": guesses.measure,
    "rest": rest.measure,
    "comments": comments.measure,
    "writes": writes.measure,
}


async def main(names: list[str]) -> None:
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{os.cpu_count()} cores, load {load}")
    with tempfile.TemporaryDirectory(prefix="watchparty-bench-") as folder:
        footage = Footage.find(Path(folder))
        print(f"films: {footage.told}\n")
        for name in names or PARTS:
            place = Path(folder) / name
            place.mkdir()
            await PARTS[name](footage, place)
            print()


if __name__ == "__main__":
    unknown = [name for name in sys.argv[1:] if name not in PARTS]
    if unknown:
        sys.exit(f"There is no {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    asyncio.run(main(sys.argv[1:]))
