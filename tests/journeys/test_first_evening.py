"""From an empty machine to a party: the first account, the first film, the first guest."""

import re
import time
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_from_the_set_up_link_to_the_first_frame(
    server_process: ServerProcess, people: People, films: Films, figures: list[str]
) -> None:
    ada = await people.arrive()
    link = f"{server_process.url}/setup?token={server_process.setup_token}"
    await do.make_first_account(ada, link)
    await do.upload(ada, server_process.url, films.h264)
    begun = time.monotonic()
    await do.until_moving(ada)
    figures.append(f"click on Watch to a moving picture: {time.monotonic() - begun:.2f} s")
    assert await ada.evaluate("document.querySelector('video').videoHeight") == 360


async def test_a_film_no_browser_plays_is_watchable_while_it_is_being_encoded(
    server_process: ServerProcess, people: People, films: Films
) -> None:
    ada = await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, films.hevc)
    await do.until_moving(ada)
    await do.press(ada, "7")
    await do.until_at(ada, 8.4)
    await do.until_moving(ada)


async def test_the_place_in_a_film_is_remembered(server_process: ServerProcess, people: People, films: Films) -> None:
    ada = await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, films.long_h264)
    await do.until_moving(ada)
    async with ada.expect_response(lambda answer: answer.url.endswith("/position") and answer.request.method == "PUT"):
        await do.press(ada, "5")
        await do.until_at(ada, 75.5)
    await do.press(ada, "k")
    left = await do.position(ada)
    film = ada.url
    await ada.goto(server_process.url)
    await ada.goto(film)
    await do.until_loaded(ada)
    await do.until_moving(ada)
    assert abs(await do.position(ada) - left) < 6


async def test_a_guest_comes_in_by_the_link_with_just_a_name_and_talks(
    server_process: ServerProcess, people: People, films: Films, firefox: Browser
) -> None:
    ada, guest = await people.arrive(), await people.arrive(firefox)
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, films.h264)
    link = await do.watch_together(ada)
    await do.join_as_guest(guest, link, "Grace")
    for page in (ada, guest):
        await expect(page.get_by_role("tab", name="People 2 people here")).to_be_visible()
        await do.turn_to(page, "People")
        await expect(page.get_by_role("heading", name="2 people here")).to_be_visible()
        await expect(page.locator("wp-members")).to_contain_text("Grace")
        await page.keyboard.press("Home")
        await expect(page.get_by_role("tab", name="Chat")).to_be_focused()
    await expect(guest.get_by_role("button", name="Invite")).to_be_hidden()
    await do.say(guest, "Good evening! <b>Popcorn?</b>")
    await expect(ada.locator("wp-chat")).to_contain_text("Good evening! <b>Popcorn?</b>")
    await do.say(ada, "Sit down, it begins.")
    await expect(guest.locator("wp-chat")).to_contain_text("Sit down, it begins.")
    for said_at in await guest.locator(".chat-row time").all_inner_texts():
        assert re.search(r"\d:\d\d", said_at), said_at
    await do.until_loaded(guest)
    await do.press(guest, "k")
    await do.until_moving(ada)
    await do.until_moving(guest)
    await guest.goto(server_process.url)
    await expect(guest).to_have_url(ada.url)  # a guest sees their room alone


async def test_an_upload_that_is_cancelled_leaves_nothing(
    server_process: ServerProcess, people: People, films: Films, tmp_path: Path
) -> None:
    ada = await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    large = tmp_path / "large.mp4"
    large.write_bytes(films.h264.read_bytes())
    with large.open("ab") as file:
        file.truncate(1 << 30)
    session = await ada.context.new_cdp_session(ada)
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 4 << 20}
    await session.send("Network.enable")
    await session.send("Network.emulateNetworkConditions", slow)
    await ada.goto(f"{server_process.url}/upload")
    await ada.get_by_label("Choose films to upload").set_input_files(large)
    await expect(ada.locator("wp-upload-item")).to_contain_text("left")
    await expect(ada.locator("wp-upload-item")).to_contain_text("/s")
    assert list((server_process.data / "uploads").glob("*.partial"))
    await ada.get_by_role("button", name="Cancel large.mp4").click()
    await expect(ada.locator("wp-upload-item")).to_contain_text("Cancelled. Nothing of it was kept.")
    await ada.wait_for_timeout(300)
    assert list((server_process.data / "uploads").glob("*.partial")) == []
    await ada.goto(server_process.url)
    await expect(ada.get_by_text("No films here yet")).to_be_visible()
