"""What people have made of a film: asked for on its page, followed, stopped and begun again on the page of jobs."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Locator, Page, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_the_sound_of_a_film_is_extracted_and_downloaded(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.h264, title="Playtime")
    page = await at_film(people, house, video["id"])
    await ask_for(page, "Extract the sound…", "MP3", "Extract")
    await expect(page.get_by_role("region", name="Made from it")).to_contain_text("Extracting sound (MP3)")
    await page.get_by_role("link", name="Jobs").click()
    row = job(page, "History", "Playtime", "Extracting sound (MP3)")
    await expect(row).to_contain_text("Done")
    async with page.expect_download() as coming:
        await row.get_by_role("link", name="Download Playtime.mp3").click()
    download = await coming.value
    assert download.suggested_filename == "Playtime.mp3"
    sound = Path(await download.path()).read_bytes()
    assert sound.startswith(b"ID3") or sound[0] == 0xFF
    assert len(sound) > 10_000


async def test_a_job_is_cancelled_with_one_click_and_begun_again_with_another(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.long_h264, title="Solaris")
    page = await at_film(people, house, video["id"])
    await ask_for(page, "Convert…", "WebM", "Convert")
    await page.goto(f"{house.url}/jobs")
    await job(page, "Running now", "Solaris", "Converting to WebM").get_by_role("button", name="Cancel").click()
    row = job(page, "History", "Solaris", "Converting to WebM")
    await expect(row).to_contain_text("Cancelled")
    retry = row.get_by_role("button", name="Retry: Converting to WebM of Solaris")
    # Whoever pressed Cancel by the keyboard stands where the way back is.
    await expect(retry).to_be_focused()
    await page.keyboard.press("Enter")
    again = job(page, "Running now", "Solaris", "Converting to WebM")
    await expect(again).to_be_visible()
    await page.get_by_role("link", name="Cancelled").click()
    await expect(page.get_by_text("There is no such job at the moment.")).to_be_visible()
    await page.get_by_role("link", name="All", exact=True).click()
    await again.get_by_role("button", name="Cancel").click()
    await expect(row).to_contain_text("Cancelled")


async def test_the_history_goes_back_a_page_at_a_time(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.sound_alone, title="Radio play")
    for _ in range(40):
        await ada.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "wav"}, 202)
    page = await people.arrive()
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/jobs?status=done")
    rows = page.get_by_role("region", name="History").locator("li")
    while (stats := await ada.get("/api/v1/queue/stats"))["active"] + stats["waiting"]:
        await asyncio.sleep(0.1)
    await page.get_by_role("link", name="All", exact=True).click()
    await expect(page.get_by_role("region", name="Waiting")).to_be_hidden()
    await expect(rows).to_have_count(24)
    await page.get_by_role("button", name="Show older").click()
    await expect(rows.nth(39)).to_contain_text("Extracting sound (WAV) · Done")
    assert len(set(await rows.evaluate_all("rows => rows.map(row => row.dataset.id)"))) == await rows.count()


async def test_a_film_kept_ready_says_so_on_its_page_and_in_the_library(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.hevc, title="Stalker")
    page = await at_film(people, house, video["id"])
    await page.get_by_text("About this film").click()
    await expect(page.get_by_text("That is why it is encoded for watching.")).to_be_visible()
    switch = page.get_by_role("switch", name="Keep ready")
    await expect(switch).not_to_be_checked()
    await page.get_by_text("Keep ready", exact=True).click()
    await expect(page.locator("wp-keep-ready")).to_contain_text("is kept", timeout=60_000)
    await expect(page.get_by_role("row", name=re.compile("360p"))).to_contain_text("all ready", timeout=60_000)
    card = page.locator("wp-video-card", has_text="Stalker")
    await page.goto(house.url)
    await expect(card).to_contain_text("Kept ready")
    await page.goto(f"{house.url}/videos/{video['id']}")
    await page.get_by_text("About this film").click()
    await expect(switch).to_be_checked()
    # The switch moves at once; to leave before the server has answered would be to take it back.
    async with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        await page.get_by_text("Keep ready", exact=True).click()
    await expect(switch).not_to_be_checked()
    await page.goto(house.url)
    await expect(card).to_be_visible()
    await expect(card).not_to_contain_text("Kept ready")


async def test_whoever_may_only_watch_sees_what_is_ready_but_nothing_to_change(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.h264, title="Mon Oncle", visibility="public")
    async with house.client() as grace:
        await grace.register("grace")
    page = await people.arrive()
    await do.sign_in(page, house.url, "grace")
    await page.goto(f"{house.url}/videos/{video['id']}")
    await page.get_by_text("About this film").click()
    await expect(page.get_by_role("row", name=re.compile("Original"))).to_contain_text("always ready")
    await expect(page.get_by_role("switch")).to_have_count(0)
    await expect(page.get_by_text("Extract the sound…")).to_have_count(0)
    await page.goto(f"{house.url}/jobs")
    await expect(page.get_by_role("heading", name="Nothing to do")).to_be_visible()


async def at_film(people: People, house: ServerProcess, video_id: str) -> Page:
    page = await people.arrive()
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{video_id}")
    return page


async def ask_for(page: Page, what: str, choice: str, go: str) -> None:
    """From the menu of a film's page, by the dialog that it opens."""
    await page.locator("wp-operations summary").click()
    await page.get_by_role("button", name=what).click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_text(choice, exact=True).click()
    await dialog.get_by_role("button", name=go).click()
    await expect(dialog).to_be_hidden()


def job(page: Page, section: str, film: str, kind: str) -> Locator:
    """A job's row on the page of jobs."""
    return page.get_by_role("region", name=section).locator("li", has_text=film).filter(has_text=kind)
