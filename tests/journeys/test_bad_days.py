"""What goes wrong on other evenings: a server dies, a laptop sleeps, a clock jumps by a day, a page hangs."""

import asyncio
from collections.abc import Sequence

import pytest
from playwright.async_api import Browser, Page, Playwright

from tests import browsers
from tests.films import Films
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.evening import evening, now_ms, until_together
from tests.journeys.people import People
from tests.journeys.sleep import asleep, stalled
from tests.process import ServerProcess

pytestmark = pytest.mark.alone

PARTY = "document.querySelector('wp-party').party"
# Further than the film can have come, in seconds.
FAR = 120
# From now on this page's wall clock is a day ahead.
TOMORROW = """() => {
  const Now = Date;
  const day = 86_400_000;
  window.Date = class extends Now {
    constructor(...given) { super(...(given.length ? given : [Now.now() + day])); }
    static now() { return Now.now() + day; }
  };
}"""


async def test_a_film_goes_on_without_its_server_and_stands_on_one_frame_when_that_is_back(
    server_process: ServerProcess, people: People, films: Films, chromium: Browser
) -> None:
    people.forgiven += ["WebSocket connection to", "ERR_CONNECTION_REFUSED"]
    pages = await evening(server_process, people, films.long_h264, [chromium])
    await play(pages)
    server_process.kill()
    for page in pages:
        await do.until(page, f"{PARTY}.connection === 'lost'")
    for page in pages:
        await do.until_moving(page)
    await until_together(pages, since=now_ms())
    stood = await do.position(pages[0])

    server_process.start()
    for page in pages:
        await do.until(page, f"{PARTY}.connection === 'open'")
        await do.until_paused(page)
        await do.until(page, "!document.querySelector('video').seeking")
    positions = [await page.evaluate(f"{PARTY}.timeline.position") for page in pages]
    assert positions[0] == positions[1] and stood - 6 < positions[0] < stood + 1, (positions, stood)
    for page in pages:
        await do.until_at(page, positions[0], within=0.001)
    standing = [(await frames.frames(page)).last for page in pages]
    assert max(standing) - min(standing) <= frames.FRAME_MS, standing

    await do.press(pages[1], "k")
    await until_together(pages, since=now_ms())


async def test_a_laptop_that_hangs_or_sleeps_or_jumps_a_day_is_back_in_step_and_disturbs_nobody(
    server_process: ServerProcess, people: People, films: Films, playwright: Playwright
) -> None:
    laptop = await browsers.chromium(playwright)
    try:
        ada, grace = pages = await evening(server_process, people, films.long_h264, [laptop])
        await play(pages)
        begin, revision = now_ms(), await ada.evaluate(f"{PARTY}.timeline.revision")

        await grace.evaluate(TOMORROW)
        await until_together(pages, since=now_ms())
        assert max(await frames.seeks(grace, begin), default=0) < FAR, "The wall clock moved the film."

        async with stalled(laptop):
            await asyncio.sleep(0.9)
        await until_together(pages, since=now_ms())

        async with asleep(laptop):
            await do.until(ada, f"{PARTY}.members.some(({{ state }}) => state === 'away')", seconds=30)
        await do.until(ada, f"{PARTY}.members.every(({{ state }}) => state === 'playing')", seconds=30)
        await until_together(pages, since=now_ms())
        assert await ada.evaluate(f"{PARTY}.members.length") == 2, "Somebody is there twice."

        speeds = [speed for page in pages for speed in await frames.speeds(page, begin)]
        assert all(0.92 <= speed <= 1.08 for speed in speeds), speeds
        assert await ada.evaluate(f"{PARTY}.timeline.revision") == revision, "One member's bad day disturbed the room."
    finally:
        await people.leave()
        await laptop.close()


async def play(pages: Sequence[Page]) -> None:
    """The first one starts the film, and it is the same on all screens."""
    for page in pages:
        await frames.record(page)
    await do.press(pages[0], "k")
    await until_together(pages, since=now_ms())
