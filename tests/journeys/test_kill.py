"""kill -9 in the middle of an evening: whatever was acknowledged is there again, and people come back by themselves."""

from playwright.async_api import expect

from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_what_was_acknowledged_survives_kill_9(
    server_process: ServerProcess, people: People, films: Films
) -> None:
    ada, grace = await people.arrive(), await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, films.long_h264)
    await do.join_as_guest(grace, await do.watch_together(ada), "Grace")
    for page in (ada, grace):
        await do.until_loaded(page)
    async with server_process.client() as bob:
        await bob.register("bob")
    await do.press(ada, "4")
    await do.press(ada, "k")
    await do.until_moving(grace)
    await do.say(grace, "Can you hear me?")
    await do.press(ada, "k")
    await do.until_paused(ada)
    stood = await do.position(ada)
    await do.say(ada, "The very last words.")

    people.forgiven.append("ERR_CONNECTION_REFUSED")  # there is nobody to connect to for a moment
    server_process.kill()
    server_process.start()

    for page in (ada, grace):
        await expect(page.locator(".room-line.open")).to_be_attached(timeout=20_000)
        await expect(page.get_by_role("tab", name="People 2 people here")).to_be_visible(timeout=20_000)
        await expect(page.locator("wp-chat")).to_contain_text("Can you hear me?")
        await expect(page.locator("wp-chat")).to_contain_text("The very last words.")
    await ada.reload()
    await do.until_loaded(ada)
    await expect(ada.locator("wp-chat")).to_contain_text("The very last words.")
    await do.until_at(ada, stood)
    await do.press(ada, "k")
    await do.until_moving(ada)
    await do.until_moving(grace)
    async with server_process.client() as bob:
        await bob.login("bob")
    async with server_process.client() as api:
        await api.login()
        (film,) = (await api.get("/api/v1/videos"))["items"]
        assert film["status"] == "ready"
        (room,) = (await api.get("/api/v1/rooms"))["items"]
        said = [message["text"] for message in (await api.get(f"/api/v1/rooms/{room['id']}/messages"))["items"]]
        assert sorted(said) == ["Can you hear me?", "The very last words."]
    assert "Traceback" not in server_process.output, server_process.output


async def test_stopped_and_started_again_everything_is_there(
    server_process: ServerProcess, people: People, films: Films
) -> None:
    ada = await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, films.h264)
    await do.watch_together(ada)
    await do.say(ada, "Until tomorrow.")
    room = ada.url
    await ada.goto("about:blank")
    assert server_process.stop() == 0
    server_process.start()
    await ada.goto(room)
    await expect(ada.locator("wp-chat")).to_contain_text("Until tomorrow.")
    await do.until_loaded(ada)
    await do.press(ada, "k")
    await do.until_moving(ada)
