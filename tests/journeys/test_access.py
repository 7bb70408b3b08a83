"""Nobody is shut out by how a page is built: axe-core finds nothing on any page, in the light or in the dark."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_violation_on_any_page(
    house: ServerProcess, ada: Client, people: People, films: Films, scheme: Any
) -> None:
    video = await ada.ready(films.h264, title=f"Film in the {scheme}")
    room = await ada.post("/api/v1/rooms", {"name": f"Room in the {scheme}", "video_id": video["id"]}, 201)
    invitation = await ada.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    page, guest = await people.arrive(), await people.arrive(width=390)
    for each in (page, guest):
        await each.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    found = []
    for path in ("/login", "/register"):
        await page.goto(house.url + path)
        found += await violations(page)
    await guest.goto(invitation["url"])
    await expect(guest.get_by_role("heading", name=room["name"])).to_be_visible()
    found += await violations(guest)
    await do.sign_in(page, house.url)
    for path in (
        "/",
        "/upload",
        "/rooms",
        "/jobs",
        "/notifications",
        "/trash",
        "/settings",
        f"/people/{(await ada.get('/api/v1/users/me'))['id']}",
        f"/videos/{video['id']}",
        f"/rooms/{room['id']}",
        "/api/docs",
        "/api/docs/party",
    ):
        await page.goto(house.url + path)
        await page.wait_for_load_state("networkidle")
        found += await violations(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_violation_in_what_opens_on_a_films_page_and_on_the_page_of_jobs(
    house: ServerProcess, ada: Client, people: People, films: Films, scheme: Any
) -> None:
    video = await ada.ready(films.h264, title=f"Another film in the {scheme}")
    await ada.post(f"/api/v1/videos/{video['id']}/extract-audio", {"format": "mp3"}, 202)
    page = await people.arrive(width=390, height=844)
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{video['id']}")
    await page.get_by_text("About this film").click()
    await expect(page.get_by_role("link", name=re.compile("^Download Another film"))).to_be_visible()
    found = await violations(page)
    for what in ("Extract the sound…", "Convert…"):
        await page.locator("wp-operations summary").click()
        found += await violations(page)
        await page.get_by_role("button", name=what).click()
        found += await violations(page)
        await page.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    await page.goto(f"{house.url}/jobs")
    await expect(page.get_by_role("region", name="History")).to_contain_text("Extracting sound (MP3)")
    found += await violations(page)
    assert not found, "\n".join(found)


async def violations(page: Page, part: str = "html") -> list[str]:
    """What axe-core has against the page as it stands, or against a `part` of it, one line each."""
    await page.evaluate(AXE.read_text())
    answer = await page.evaluate(f"axe.run('{part}', {{resultTypes: ['violations']}})")
    return [
        f"{page.url}: {each['id']}: {each['help']}: {node['html'][:200]}"
        for each in answer["violations"]
        for node in each["nodes"]
    ]
