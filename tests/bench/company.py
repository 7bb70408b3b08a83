"""One member in trouble, and one who comes late: how soon they are in step, and what the others notice."""

import asyncio
import math
from pathlib import Path

from playwright.async_api import Page, async_playwright

from tests.bench.crowd import Crowd, crowd
from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import now_ms
from tests.journeys.sleep import stalled

STALLS = 8
JOINERS = 5
# All in seconds.
STALL = 0.9
QUIET = 3
WATCHED = 4


async def stall(footage: Footage, folder: Path) -> None:
    print(f"one of two Chromium stands still for {STALL} s while the film plays; from its end on")
    async with async_playwright() as playwright:
        kinds = ("chromium", "chromium")
        async with crowd(playwright, kinds, footage.h264(150, 360), folder / "data", apart=True) as gathered:
            await begin(gathered)
            times: list[float] = []
            speeds: list[float] = []
            sought = 0
            for _ in range(STALLS):
                since = now_ms()
                async with stalled(gathered.browsers[1]):
                    await asyncio.sleep(STALL)
                over = now_ms()
                await asyncio.sleep(WATCHED)
                times.append(frames.together_from(await gathered.frames(), over, now_ms()) - over)
                for page in gathered.pages:
                    speeds += await frames.speeds(page, since)
                sought += len(await frames.seeks(gathered.pages[0], since))
    print(f"  until together within 45 ms   {Figures(times):.0f} ms   (aim 2000)")
    print(f"  speeds set                    {told(speeds)}   (aim 0.92 to 1.08)")
    print(f"  jumps of the other            {sought}   (aim 0)")


async def joiner(footage: Footage, folder: Path) -> None:
    print("somebody joins two Chromium that play; from the click on Join on")
    async with async_playwright() as playwright:
        kinds = ("chromium", "chromium")
        async with crowd(playwright, kinds, footage.h264(150, 360), folder / "data") as gathered:
            link = await do.invite(gathered.pages[0])
            await begin(gathered)
            times: list[float] = []
            speeds: list[float] = []
            sought = 0
            for number in range(JOINERS):
                guest = await gathered.people.arrive(gathered.browsers[0])
                since = await joined(guest, link, f"Late {number}")
                await asyncio.sleep(WATCHED)
                screens = [*await gathered.frames(), await frames.frames(guest)]
                times.append(frames.together_from(screens, since, now_ms()) - since)
                for page in gathered.pages:
                    speeds += await frames.speeds(page, since)
                    sought += len(await frames.seeks(page, since))
                await guest.context.close()
    print(f"  until together within 45 ms   {Figures(times):.0f} ms   (aim 3000)")
    print(f"  speeds set at the others'     {told(speeds)}   (aim: none but their own small corrections)")
    print(f"  jumps of the others           {sought}   (aim 0)")


async def begin(gathered: Crowd) -> None:
    """Everybody plays, and has done so for a while."""
    await do.press(gathered.pages[0], "k")
    for page in gathered.pages:
        await do.until_moving(page)
    await asyncio.sleep(QUIET)


async def joined(guest: Page, link: str, name: str) -> float:
    """When they pressed Join, on the machine's clock in ms."""
    await guest.goto(link)
    await guest.get_by_label("Your name").fill(name)
    since = now_ms()
    await guest.get_by_role("button", name="Join").click()
    await guest.locator("video").wait_for(state="attached")
    await frames.record(guest)
    return since


def told(speeds: list[float]) -> str:
    least, most = min(speeds, default=math.nan), max(speeds, default=math.nan)
    return f"{least:.3f} to {most:.3f}, {len(speeds)} times" if speeds else "none"
