"""A room full of people with a film, and what is done with the remote control while their screens are judged."""

import asyncio
import math
import time
from collections.abc import Sequence
from pathlib import Path

from playwright.async_api import Browser, Page

from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.frames import Spread
from tests.journeys.people import People
from tests.process import ServerProcess

SETTLING_MS = 1000
JUDGED_MS = 3000


async def evening(
    server: ServerProcess, people: People, film: Path, others: Sequence[Browser], lines: Sequence[str] = ()
) -> Sequence[Page]:
    """The host, and a guest in each other browser, in a room with a film that has not begun.

    `lines` are the addresses by which each reaches the server, where that is not its own.
    """
    own, *theirs = lines or [server.url] * (1 + len(others))
    ada = await people.arrive()
    await do.make_first_account(ada, f"{own}/setup?token={server.setup_token}")
    await do.upload(ada, own, film)
    link = await do.watch_together(ada)
    pages = [ada]
    for number, (browser, line) in enumerate(zip(others, theirs, strict=True), 1):
        pages.append(await people.arrive(browser))
        await do.join_as_guest(pages[-1], link.replace(own, line), f"Grace {number}")
    for page in pages:
        await do.until_loaded(page)
    return pages


async def play_seek_pause(pages: Sequence[Page]) -> dict[str, Spread]:
    """Play, seek, pause, each by another person; judged from a second after the picture moved, for three seconds."""
    first, last = pages[0], pages[-1]
    await do.press(first, "1")
    await asyncio.sleep(0.5)
    await do.press(first, "k")
    played = await settled(pages)
    await do.press(last, "6")
    sought = await settled(pages)
    await do.press(last, "k")
    for page in pages:
        await do.until_paused(page)
    await asyncio.sleep(1)
    standing = [(await frames.frames(page)).last for page in pages]
    return {"after play": played, "after seek": sought, "after pause": Spread([max(standing) - min(standing)])}


async def thirty_seconds_later(pages: Sequence[Page]) -> Spread:
    await do.press(pages[0], "k")
    await asyncio.sleep(30)
    return await spread_from(pages, now_ms())


async def settled(pages: Sequence[Page]) -> Spread:
    for page in pages:
        await do.until_moving(page)
    return await spread_from(pages, now_ms() + SETTLING_MS)


async def until_together(pages: Sequence[Page], since: float, seconds: float = 30) -> None:
    """Until the screens have been together for a while, after `since` (milliseconds of the machine's clock)."""
    async with asyncio.timeout(seconds):
        while math.isinf(frames.together_from([await frames.frames(page) for page in pages], since, now_ms())):
            await asyncio.sleep(0.25)


async def spread_from(pages: Sequence[Page], begin: float) -> Spread:
    """From `begin` on, milliseconds of the machine's clock."""
    end = begin + JUDGED_MS
    await asyncio.sleep((end + 2 * frames.AROUND_MS - now_ms()) / 1000)
    return frames.spread([await frames.frames(page) for page in pages], begin, end)


def now_ms() -> float:
    return time.time() * 1000
