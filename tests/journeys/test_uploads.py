"""Films on their way: two at a time, paused, gone on with after a reload, and told when they are here already."""

import os
from pathlib import Path

from playwright.async_api import expect

from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_two_films_rest_over_a_reload_and_go_on_where_they_came_to(
    server_process: ServerProcess, people: People, films: Films, tmp_path: Path
) -> None:
    ada = await people.arrive()
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    paths = [tmp_path / "one.mp4", tmp_path / "two.mp4"]
    for path in paths:
        # Behind the film lies what no player looks at, so that there is time to pause.
        padding = 12 << 20
        path.write_bytes(films.h264.read_bytes() + (padding + 8).to_bytes(4) + b"free" + os.urandom(padding))
    slow = {"offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": 2 << 20}
    network = await ada.context.new_cdp_session(ada)
    await network.send("Network.enable")
    await network.send("Network.emulateNetworkConditions", slow)
    await ada.goto(f"{server_process.url}/upload")
    await ada.get_by_label("Choose films to upload").set_input_files(paths)
    for name in ("one.mp4", "two.mp4"):
        item = ada.locator("wp-upload-item").filter(has_text=name)
        await expect(item).to_contain_text("/s")
        await ada.get_by_role("button", name=f"Pause {name}").click()
        await expect(item).to_contain_text("stays for a day")
    await ada.reload()
    await network.send("Network.emulateNetworkConditions", {**slow, "uploadThroughput": -1})
    begun = sum(path.stat().st_size for path in (server_process.data / "uploads").glob("*.partial"))
    assert begun > 0
    await ada.get_by_label("Choose films to upload").set_input_files(paths)
    watch = ada.locator("wp-upload-item").get_by_role("link", name="Watch")
    await expect(watch).to_have_count(2, timeout=60_000)
    async with server_process.client() as api:
        await api.login()
        films_there = (await api.get("/api/v1/videos"))["items"]
    assert sorted(film["title"] for film in films_there) == ["one", "two"], "none was begun twice"
    await ada.reload()
    await ada.get_by_label("Choose films to upload").set_input_files(paths[0])
    await expect(ada.locator("wp-upload-item")).to_contain_text("This is the same file as one.")
    await ada.get_by_role("button", name="Drop this one").click()
    await expect(ada.locator("wp-upload-item")).to_have_count(0)
