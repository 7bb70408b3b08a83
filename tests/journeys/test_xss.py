"""What people write stays text: a hundred strings in every field that others see, and the pages that show them."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.client import Client
from tests.journeys.people import People
from tests.journeys.strings import HUNDRED
from tests.party_client import PartyClient
from tests.process import ServerProcess
from tests.village import settle
from watchparty.storage.database import connect

# Four strings make a film's title, twenty a line of chat.
TITLES = [" ".join(HUNDRED[i : i + 4]) for i in range(0, 100, 4)]
LINES = [" ".join(HUNDRED[i : i + 20]) for i in range(0, 100, 20)]
FILMS = [f"film{i:02}" for i in range(25)]
CROWD = [f"person{i:02}" for i in range(100)]
# Whatever runs, runs into this; what the page's policy stops has been taken for a program all the same.
HOOK = """
for (const name of ["alert", "confirm", "prompt"]) window[name] = () => console.error(`executed: ${name}`);
addEventListener("securitypolicyviolation", ({ violatedDirective }) => console.error(`refused: ${violatedDirective}`));
"""


class House:
    """The server, and everybody's token."""

    def __init__(self, folder: Path) -> None:
        self.server = ServerProcess(folder)
        self.folder = folder
        names = {"ada": HUNDRED[0], **dict(zip(CROWD, HUNDRED, strict=True))}
        self.tokens = asyncio.run(settle(folder, ["ada", *CROWD], dict.fromkeys(FILMS, "ada"), names))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = House(tmp_path_factory.mktemp("house") / "data")
    with contextlib.closing(connect(made.folder / "watchparty.db")) as database:
        database.executemany(
            "INSERT INTO jobs (id, kind, video_id, status, error, created_at, finished_at, created_by)"
            " VALUES (?, 'convert', ?, 'failed', ?, 1, 2, 'ada')",
            [(f"job-{film}", film, title) for film, title in zip(FILMS, TITLES, strict=True)],
        )
    made.server.start()
    yield made
    assert made.server.stop() == 0, made.server.output
    assert "Traceback" not in made.server.output, made.server.output


async def test_nothing_that_people_write_becomes_a_program(house: House, people: People) -> None:
    async with Client(house.server.url, house.tokens["ada"]) as ada:
        room = await write_everything(ada, house)
        page = await signed_in(house, people)
        await page.goto(f"{house.server.url}/")
        await expect(page.locator("wp-video-card").first).to_contain_text(HUNDRED[96])
        await watch(page, house)
        await page.goto(f"{house.server.url}/notifications")
        await show_all(page, ".told", len(HUNDRED))
        for path, words in {
            "/jobs": HUNDRED[0],
            "/rooms": HUNDRED[0],
            "/settings": "",
            "/people/person07": HUNDRED[7],
        }.items():
            await page.goto(house.server.url + path)
            await expect(page.locator("main")).to_contain_text(words)
            await page.wait_for_load_state("networkidle")
        await page.goto(f"{house.server.url}/rooms/{room}")
        await expect(page.locator(".chat-text")).to_have_count(len(LINES))
        assert await page.locator(".chat-text").all_text_contents() == LINES
    assert not people.complaints, "\n".join(people.complaints)


async def write_everything(ada: Client, house: House) -> str:
    """Every string into every field; answers the room in which there was talk."""
    for film, title in zip(FILMS, TITLES, strict=True):
        tags = title.split(" ")[:30]
        body = {"title": title, "description": " ".join(HUNDRED), "tags": [tag[:50] for tag in tags if tag]}
        await ada.call("PATCH", f"/api/v1/videos/{film}", body)
    for name, text in zip(CROWD, HUNDRED, strict=True):
        async with Client(ada.url, house.tokens[name]) as somebody:
            await somebody.post("/api/v1/videos/film00/comments", {"text": text}, 201)
            await somebody.call("PATCH", "/api/v1/users/me", {"bio": LINES[CROWD.index(name) % len(LINES)]})
    room: Any = {}
    for text in HUNDRED:
        room = await ada.post("/api/v1/rooms", {"name": text, "admission": "open"}, 201)
    path = f"/api/v1/rooms/{room['id']}"
    await ada.call("PATCH", path, {"name": HUNDRED[1]})
    async with PartyClient.open(ada.url, room["id"], ada.token or "") as seat:
        for i, line in enumerate(LINES):
            await seat.send("chat", text=line, client_id=str(i))
            await seat.hears("chat")
    for film in FILMS:
        await ada.post(f"{path}/queue", {"video_id": film}, 201)
    return str(room["id"])


async def signed_in(house: House, people: People) -> Page:
    page = await people.arrive()
    cookie: Any = {"name": "wp_access", "value": house.tokens["ada"], "url": house.server.url}
    await page.context.add_cookies([cookie])
    await page.add_init_script(HOOK)
    return page


async def watch(page: Page, house: House) -> None:
    """Read what is said below a film, and say something oneself: in the page, with an edit and an undone deletion."""
    await page.goto(f"{house.server.url}/videos/film00")
    await expect(page.get_by_role("heading", level=1)).to_contain_text(HUNDRED[0])
    await show_all(page, ".comment-text", len(HUNDRED))
    assert await page.locator(".comment-text").all_text_contents() == [*reversed(HUNDRED)]
    said = page.get_by_label("Say something about this film")
    await said.fill(HUNDRED[5])
    await said.press("Control+Enter")
    mine = page.locator("wp-comment").first
    await expect(mine.locator(".comment-text")).to_have_text(HUNDRED[5])
    await choose(mine, "Edit")
    await page.get_by_label("Your comment").fill(HUNDRED[6])
    await page.get_by_role("button", name="Save").click()
    await expect(mine.locator(".comment-text")).to_have_text(HUNDRED[6])
    await choose(mine, "Delete")
    await expect(page.locator(".comment-text")).to_have_count(len(HUNDRED))
    await page.get_by_role("button", name="Undo").click()
    await expect(mine.locator(".comment-text")).to_have_text(HUNDRED[6])
    await page.get_by_role("button", name="Like it: 0 people do", exact=True).click()
    await expect(page.get_by_role("button", name="Like it: 1 person does", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


async def choose(comment: Any, what: str) -> None:
    await comment.locator("summary").click()
    await comment.get_by_role("button", name=what, exact=True).click()


async def show_all(page: Page, rows: str, count: int) -> None:
    """Press for more until there are so many."""
    await expect(page.locator(rows).first).to_be_visible()
    while (known := await page.locator(rows).count()) < count:
        await page.get_by_role("button", name="Show more").click()
        await expect(page.locator(rows).nth(known)).to_be_attached()
