"""What a room says of itself is so: who is muted by their browser, how close people are, and what was done by whom."""

import csv
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, Playwright, expect

from tests import browsers
from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.journeys.test_access import violations
from tests.process import ServerProcess

PLAYS_FREELY = "--autoplay-policy=no-user-gesture-required"


@pytest_asyncio.fixture(loop_scope="session")
async def strict(playwright: Playwright) -> AsyncIterator[Browser]:
    """A browser as people have it: no sound before a click."""
    browser = await browsers.chromium(playwright, without=(PLAYS_FREELY,))
    yield browser
    await browser.close()


async def test_a_room_tells_the_truth_about_its_people_and_keeps_a_record(
    house: ServerProcess, ada: Client, people: People, strict: Browser, films: Films, tmp_path: Path
) -> None:
    video = await ada.ready(films.long_h264, title="Nosferatu")
    room = await ada.post("/api/v1/rooms", {"name": "Friday", "video_id": video["id"]}, 201)
    page = await people.arrive(width=1280, height=800)
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/rooms/{room['id']}")
    gus = await people.arrive(strict)
    # He follows a link that lets him straight in: nothing he did counts as a click on the page he comes to.
    await gus.context.request.post(
        f"{house.url}/api/v1/rooms/{room['id']}/access-requests", data={"name": "Gus"}, headers={"Origin": house.url}
    )
    await gus.goto(f"{house.url}/rooms/{room['id']}")
    await page.get_by_role("tab", name="People").click()
    row = page.locator(".member", has_text="Gus")
    # Nothing is asked of his page until it plays: the driver's questions would count as clicks.
    await expect(row).to_contain_text("in step", timeout=20_000)
    await do.until_loaded(page)
    await do.press(page, "k")
    await expect(row).to_contain_text("muted by the browser", timeout=20_000)
    await do.until_moving(gus)
    await expect(gus.locator(".room-last")).to_contain_text("pressed play at 0:00")

    await page.get_by_role("tab", name="Info").click()
    graph = page.get_by_role("img", name=re.compile("Milliseconds between the first and the last screen"))
    await expect(graph).to_have_attribute("aria-label", re.compile(r"half the time within \d"), timeout=20_000)
    await expect(page.locator("wp-room-line")).to_contain_text("connected")
    await expect(page.locator(".room-brief")).to_have_text(re.compile(r"in step|catching up"))

    await gus.get_by_role("button", name="Turn the sound on").click()
    await do.press(gus, "k")
    await do.until_paused(page)
    record = page.locator("wp-room-record")
    await expect(record).to_contain_text(re.compile(r"Gus paused at 0:\d\d"))
    await expect(page.locator(".room-last")).to_contain_text(re.compile(r"Gus paused at 0:\d\d · just now"))
    assert not await violations(page, "wp-room-info")
    await page.get_by_role("tab", name="People").click()
    await expect(row).not_to_contain_text("muted by the browser")
    await page.get_by_role("tab", name="Info").click()

    rows = list(csv.DictReader((await saved(page, "Download CSV", tmp_path)).read_text().splitlines()))
    assert [row["kind"] for row in rows] == ["joined", "joined", "played", "paused"]
    assert rows[3]["name"] == "Gus" and rows[3]["title"] == "Nosferatu"
    whole = json.loads((await saved(page, "Download JSON", tmp_path)).read_text())
    assert whole["session"]["live"] and len(whole["events"]) == 4
    assert not await gus.locator("wp-room-record").count()


async def saved(page: Page, link: str, folder: Path) -> Path:
    async with page.expect_download() as download:
        await page.get_by_role("link", name=link).click()
    path = folder / (await download.value).suggested_filename
    await (await download.value).save_as(path)
    return path
