"""How far apart screens are, over several evenings: the table of the promise."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Playwright, async_playwright

from tests.bench.crowd import crowd
from tests.bench.footage import Footage
from tests.journeys.evening import play_seek_pause, thirty_seconds_later
from tests.journeys.frames import Spread
from tests.slow_line import Delay, wireless

RUNS = 5
RUNS_ON_SLOW_LINES = 4
# Who comes, and the aims for the median and the 95th percentile, in ms, where there are some.
CROWDS = {
    "2 Chromium": (("chromium",) * 2, "10 / 33"),
    "4 Chromium": (("chromium",) * 4, ""),
    "Chromium + Firefox": (("chromium", "firefox"), ""),
    "2 Chromium + Firefox": (("chromium", "chromium", "firefox"), "15 / 40"),
}


async def measure(footage: Footage, folder: Path) -> None:
    print("spread of the moments shown, in ms")
    async with async_playwright() as playwright:
        for name, (kinds, aim) in CROWDS.items():
            found = await spreads(playwright, kinds, footage, folder / name.replace(" ", "-"), RUNS)
            tell(name, found, aim)


async def jitter(footage: Footage, folder: Path) -> None:
    print("spread of the moments shown, in ms, each browser on a line of its own that takes 5 to 80 ms each way")
    kinds = ("chromium", "chromium", "firefox")
    delays = [wireless(seed) for seed in range(len(kinds))]
    async with async_playwright() as playwright:
        found = await spreads(playwright, kinds, footage, folder / "jitter", RUNS_ON_SLOW_LINES, delays)
        tell("2 Chromium + Firefox", found, "25 / 60")


async def spreads(
    playwright: Playwright,
    kinds: Sequence[str],
    footage: Footage,
    data: Path,
    runs: int,
    delays: Sequence[Delay] = (),
) -> dict[str, Spread]:
    async with crowd(playwright, kinds, footage.h264(150, 360), data, delays=delays) as gathered:
        values: dict[str, list[float]] = defaultdict(list)
        for _ in range(runs):
            for moment, spread in (await play_seek_pause(gathered.pages)).items():
                values[moment] += spread.values
        values["30 s later"] += (await thirty_seconds_later(gathered.pages)).values
        return {moment: Spread(each) for moment, each in values.items()}


def tell(name: str, found: dict[str, Spread], aim: str) -> None:
    for moment, spread in found.items():
        print(f"  {name:<22}{moment:<14}{spread}{f'   (aim {aim})' if aim else ''}")
