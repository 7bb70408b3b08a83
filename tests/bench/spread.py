"""How far apart screens are, over several evenings: the table of the promise."""

from collections import defaultdict
from pathlib import Path

from playwright.async_api import Playwright, async_playwright

from tests import browsers
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys.evening import evening, play_seek_pause, thirty_seconds_later
from tests.journeys.frames import Spread
from tests.journeys.people import People
from tests.process import ServerProcess

RUNS = 5
CROWDS = {
    "2 Chromium": ("chromium",) * 2,
    "4 Chromium": ("chromium",) * 4,
    "Chromium + Firefox": ("chromium", "firefox"),
    "2 Chromium + Firefox": ("chromium", "chromium", "firefox"),
}


async def measure(footage: Footage, folder: Path) -> None:
    print("spread of the moments shown, in ms")
    film = footage.h264(150, 360)
    async with async_playwright() as playwright:
        for name, crowd in CROWDS.items():
            found = await crowded(playwright, crowd, film, folder / name.replace(" ", "-"))
            for moment, spread in found.items():
                print(f"  {name:<22}{moment:<14}{spread}")


async def crowded(playwright: Playwright, crowd: tuple[str, ...], film: Path, data: Path) -> dict[str, Spread]:
    kinds = {kind: await getattr(browsers, kind)(playwright) for kind in dict.fromkeys(crowd)}
    server = ServerProcess(data)
    server.start()
    people = People(kinds[crowd[0]])
    try:
        pages = await evening(server, people, film, [kinds[kind] for kind in crowd[1:]])
        for page in pages:
            await frames.record(page)
        values: dict[str, list[float]] = defaultdict(list)
        for _ in range(RUNS):
            for moment, spread in (await play_seek_pause(pages)).items():
                values[moment] += spread.values
        values["30 s later"] += (await thirty_seconds_later(pages)).values
        return {moment: Spread(each) for moment, each in values.items()}
    finally:
        await people.leave()
        for browser in kinds.values():
            await browser.close()
        server.stop()
