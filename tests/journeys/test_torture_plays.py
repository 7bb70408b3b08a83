"""Films of several codecs in real browsers: begun with what suits, across boundaries and a switch without a stall."""

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.client import Client
from tests.journeys import frames
from tests.journeys import people as do
from tests.journeys.people import People
from tests.media.torture import film
from tests.process import ServerProcess

pytestmark = pytest.mark.alone

# A film of 13 s is cut at 4, 8 and 12 s, or more often.
PLAYED_SECONDS = 12.3
SWITCHED_AT = 5.0
LONGEST_STILL_MS = 1000
"""Generous: other work goes on on this machine. A stall that people notice lasts longer."""
FEWEST_SHOWN = 0.5
SLOW = 150_000
"""Bytes a second: less than the copy takes."""
NOTE = """
(video) => {
  window.stalls = [];
  video.addEventListener("waiting", () => {
    const { buffered, currentTime } = video;
    let end = 0;
    for (let i = 0; i < buffered.length; i++) if (buffered.start(i) <= currentTime + 0.1) end = buffered.end(i);
    // With a second in hand it is the machine that is late.
    if (currentTime > 0.2 && end - currentTime < 1) window.stalls.push([currentTime, end]);
  });
}
"""


@dataclass(frozen=True)
class Choice:
    """The film, what is shown of it at first, and what is chosen in the middle."""

    film: str
    begins: str
    switches_to: str
    rate: float


CHOICES = [
    Choice("h264.mov", "Original (480p)", "360p", 29.97),
    Choice("vp9.webm", "Original (480p)", "360p", 25),
    Choice("av1_480.mp4", "Original (480p)", "360p", 25),
    Choice("hevc10.mkv", "360p", "480p", 23.976),
]


def _choices() -> list[object]:
    """AV1 at full length only: as VP9, it is a copy of a codec that every browser here shows."""
    rarer = [pytest.mark.soak]
    return [pytest.param(each, id=each.film, marks=rarer if "av1" in each.film else []) for each in CHOICES]


@pytest.mark.parametrize("choice", _choices())
async def test_a_film_plays_across_boundaries_and_a_switch_of_quality(
    ada: Client, house: ServerProcess, people: People, choice: Choice
) -> None:
    page = await opened(ada, house, await people.arrive(), film(choice.film))
    assert await playing(page) == choice.begins
    await plays_to_the_end(page, choice)


@pytest.mark.soak
async def test_vp9_plays_as_it_is_in_firefox(
    ada: Client, house: ServerProcess, people: People, firefox: Browser
) -> None:
    choice = Choice("vp9.webm", "Original (480p)", "360p", 25)
    page = await opened(ada, house, await people.arrive(firefox), film(choice.film))
    assert await playing(page) == choice.begins
    await plays_to_the_end(page, choice)


async def test_another_language_is_heard_without_a_stall(ada: Client, house: ServerProcess, people: People) -> None:
    page = await opened(ada, house, await people.arrive(), film("two_languages.mkv"))
    await plays(page)
    await do.until(page, f"document.querySelector('video').currentTime > {SWITCHED_AT}")
    await choose(page, "wp-soundtrack", "English")
    await do.until(page, f"document.querySelector('video').currentTime > {PLAYED_SECONDS}", 40)
    assert await page.evaluate("document.querySelector('input[name=wp-soundtrack]:checked').value") == "1"


@pytest.mark.soak
async def test_a_slow_line_leaves_the_copy_for_a_rung_of_another_codec(
    ada: Client, house: ServerProcess, people: People
) -> None:
    page = await opened(ada, house, await people.arrive(), film("vp9.webm"))
    session = await page.context.new_cdp_session(page)
    slow = {"offline": False, "latency": 0, "downloadThroughput": SLOW, "uploadThroughput": SLOW}
    await session.send("Network.emulateNetworkConditions", slow)
    await page.reload()
    await do.until_loaded(page)
    await plays(page)
    await do.until(page, "document.querySelector('wp-player-menu').textContent.includes('now 360p')", 60)


async def opened(ada: Client, house: ServerProcess, page: Page, path: Path) -> Page:
    """The page of a new film, its first picture there."""
    video = await ada.ready(path)
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{video['id']}")
    await do.until_loaded(page)
    return page


async def playing(page: Page) -> str:
    """What the menu says is being shown."""
    await do.until(page, "document.querySelector('wp-player-menu').textContent.includes('(now ')")
    text = await page.evaluate("document.querySelector('wp-player-menu').textContent")
    found = re.search(r"\(now (.*?p\)?)\)", text)
    assert found, text
    return found[1]


async def plays(page: Page) -> None:
    """From now on at the latest: pages begin by themselves where browsers let them."""
    if await page.evaluate("document.querySelector('video').paused"):
        await do.press(page, "k")


async def choose(page: Page, menu: str, label: str) -> None:
    """What the player's menu has under this label."""
    await page.evaluate(
        "([menu, label]) => [...document.querySelectorAll(`wp-player-menu input[name=${menu}]`)]"
        ".find((input) => input.labels[0].textContent.startsWith(label)).click()",
        [menu, label],
    )


async def plays_to_the_end(page: Page, choice: Choice) -> None:
    await frames.record(page)
    await page.locator("video").evaluate(NOTE)
    await plays(page)
    await do.until(page, f"document.querySelector('video').currentTime > {SWITCHED_AT}")
    await choose(page, "wp-quality", choice.switches_to)
    await do.until(page, f"document.querySelector('video').currentTime > {PLAYED_SECONDS}", 40)
    shown = (await frames.frames(page)).shown
    assert await page.evaluate("window.stalls") == []
    still = max(after - before for (before, _), (after, _) in pairwise(shown))
    assert still < LONGEST_STILL_MS
    assert len(shown) > FEWEST_SHOWN * choice.rate * PLAYED_SECONDS
