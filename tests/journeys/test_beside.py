"""What comes beside the picture: small pictures and chapters on the scrub bar, captions people bring, their offset."""

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.journeys.test_access import violations
from tests.process import ServerProcess

GERMAN = "".join(
    f"{n + 1}\n00:00:{n:02d},000 --> 00:00:{n + 1:02d},000\nSchöne Grüße {n}\n\n" for n in range(30)
).encode("latin-1")

# The colour of what the preview shows, in the middle of its picture.
TILE = """async () => {
  const line = document.querySelector("media-time-range");
  const address = line.getAttribute("mediapreviewimage");
  const [x, y, width, height] = new URLSearchParams(new URL(address).hash).get("#xywh").split(",");
  const image = new Image();
  image.src = address;
  await image.decode();
  const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
  const context = canvas.getContext("2d");
  context.drawImage(image, +x + width / 2, +y + height / 2, 1, 1, 0, 0, 1, 1);
  return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map((value) => Math.round(value / 85) * 85);
}"""
SHOWN = "[...document.querySelector('video').textTracks].find(({mode}) => mode === 'showing')"


async def chaptered(ada: Client, films: Films, **fields: str) -> str:
    """The id of a film of three colours with a storyboard."""
    video = await ada.ready(films.chaptered, **fields)
    await ada.until(f"/api/v1/videos/{video['id']}/hls", "storyboard_url")
    return str(video["id"])


async def watching(page: Page, house: ServerProcess, video_id: str) -> None:
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{video_id}")
    await do.until_loaded(page)
    await do.press(page, "k")
    await do.until_paused(page)


async def menu(page: Page) -> None:
    await page.locator("wp-player").hover()
    await page.get_by_role("button", name="Settings of the film").click()


@pytest.mark.parametrize("name", ["chromium", "firefox"])
async def test_the_scrub_bar_shows_what_is_there_before_one_goes(
    name: str, house: ServerProcess, ada: Client, people: People, films: Films, chromium: Browser, firefox: Browser
) -> None:
    page = await people.arrive({"chromium": chromium, "firefox": firefox}[name])
    await watching(page, house, await chaptered(ada, films))
    line = page.locator("media-time-range")
    await do.until(page, "document.querySelector('track[label=thumbnails]')?.track.cues?.length > 0")
    box = await line.bounding_box()
    assert box
    for share, colour, chapter in ((0.2, [255, 0, 0], "The <red> one"), (0.5, [0, 255, 0], "Chapter 2")):
        await page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] / 2)
        await expect(line).to_have_attribute("mediapreviewchapter", chapter)
        assert await page.evaluate(TILE) == colour
    await page.mouse.move(10, 10)
    await expect(line).not_to_have_attribute("mediapreviewtime", re.compile("."))


async def test_a_film_that_has_just_come_gets_its_small_pictures_while_it_is_watched(
    house: ServerProcess, people: People, films: Films, ada: Client
) -> None:
    page = await people.arrive()
    await do.sign_in(page, house.url)
    # As if it were still being made when the player asks for the first time.
    asked = 0

    async def without(route: Route) -> None:
        nonlocal asked
        asked += 1
        answer = await (await route.fetch()).json()
        await route.fulfill(json=answer if asked > 1 else {**answer, "storyboard_url": None})

    await page.route("**/hls", without)
    await page.goto(f"{house.url}/videos/{await chaptered(ada, films)}")
    await do.until(page, "document.querySelector('track[label=thumbnails]')?.track.cues?.length > 0")
    assert asked == 2


async def test_keys_on_the_scrub_bar_move_by_five_seconds_and_show_where_to(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    page = await people.arrive()
    await watching(page, house, await chaptered(ada, films))
    await page.evaluate("document.querySelector('media-time-range').shadowRoot.querySelector('input').focus()")
    before = await do.position(page)
    for _ in range(5):
        await page.keyboard.press("ArrowRight")
    await do.until_at(page, before + 25)
    await expect(page.locator("media-time-range")).to_have_attribute("mediapreviewchapter", "Blue & last")
    assert await page.evaluate(TILE) == [0, 0, 255]
    await expect(page.locator("media-time-range")).not_to_have_attribute("dragging", "")


@pytest.mark.parametrize("name", ["chromium", "firefox"])
async def test_captions_somebody_brings_are_shown_with_their_umlauts_and_come_when_one_wants_them(
    name: str,
    house: ServerProcess,
    ada: Client,
    people: People,
    films: Films,
    chromium: Browser,
    firefox: Browser,
    tmp_path: Path,
) -> None:
    page = await people.arrive({"chromium": chromium, "firefox": firefox}[name])
    video_id = await chaptered(ada, films)
    await watching(page, house, video_id)
    file = tmp_path / "film.de.srt"
    file.write_bytes(GERMAN)
    await menu(page)
    async with page.expect_file_chooser() as choosing:
        await page.get_by_role("button", name="Add subtitles…").click()
    await (await choosing.value).set_files(file)
    await do.until(page, f"{SHOWN}?.cues?.length === 30")
    assert await page.evaluate(f"[{SHOWN}.label, {SHOWN}.cues[7].text]") == ["German", "Schöne Grüße 7"]
    assert await violations(page) == []
    await page.get_by_role("button", name="Later", exact=True).click()
    assert await page.evaluate(f"{SHOWN}.cues[7].startTime") == pytest.approx(7.1)
    await page.keyboard.press("Escape")
    for _ in range(4):
        await do.press(page, "g")
    assert await page.evaluate(f"{SHOWN}.cues[7].startTime") == pytest.approx(6.7)
    await expect(page.locator("wp-player-veil")).to_contain_text("Captions −0.3 s")
    # Remembered on this device, that they are shown and, for this film, when.
    await page.reload()
    await do.until_loaded(page)
    await do.until(page, f"{SHOWN}?.cues?.length === 30")
    await do.until(page, f"Math.abs({SHOWN}.cues[7].startTime - 6.7) < 0.01")
    await menu(page)
    await page.get_by_role("button", name="Delete German").click()
    await expect(page.get_by_role("radio", name="German")).to_have_count(0)
    await page.get_by_role("button", name="Undo").click()
    await menu(page)
    await expect(page.get_by_role("radio", name="German")).to_be_visible()
    await page.get_by_role("button", name="Delete German").click()
    await page.goto(house.url)
    async with asyncio.timeout(10):
        while (await ada.get(f"/api/v1/videos/{video_id}/subtitles"))["items"]:
            await asyncio.sleep(0.05)


async def test_a_file_dropped_on_the_picture_is_added_or_refused_with_a_sentence(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    page = await people.arrive()
    await watching(page, house, await chaptered(ada, films))
    await menu(page)
    await expect(page.get_by_role("button", name="Add subtitles…")).to_be_visible()
    await page.keyboard.press("Escape")
    drop = """([name, text]) => {
      const files = new DataTransfer();
      files.items.add(new File([text], name));
      document.querySelector("wp-player").dispatchEvent(new DragEvent("drop", {dataTransfer: files, cancelable: true}));
    }"""
    await page.evaluate(drop, ["film.srt", "not subtitles"])
    await expect(page.locator("wp-toast")).to_contain_text("This is not a subtitle file.")
    await page.evaluate(drop, ["film.exe", "x"])
    await expect(page.locator("wp-toast")).to_contain_text("Subtitles come in files that end in .srt")
    await page.evaluate(drop, ["film.fr.srt", "1\n00:00:01,000 --> 00:00:02,000\nBonsoir\n"])
    await do.until(page, f"{SHOWN}?.label === 'French'")


async def test_in_a_room_everybody_gets_them_each_for_oneself_and_chapters_move_all(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video_id = await chaptered(ada, films)
    page, guest = await people.arrive(), await people.arrive()
    await watching(page, house, video_id)
    await do.join_as_guest(guest, await do.watch_together(page), "Grace")
    for each in (page, guest):
        await do.until_loaded(each)
    await ada.add_subtitles(video_id, GERMAN, filename="film.de.srt")
    await menu(guest)
    await expect(guest.get_by_role("button", name="Add subtitles…")).to_be_hidden()
    await guest.get_by_role("radio", name="German").check()
    await do.until(guest, f"{SHOWN}?.cues?.length === 30")
    assert await page.evaluate(f"{SHOWN} === undefined")
    await guest.get_by_role("button", name="Blue & last").click()
    for each in (page, guest):
        await do.until_at(each, 20)


async def test_music_is_shown_with_its_cover(house: ServerProcess, ada: Client, people: People, films: Films) -> None:
    video = await ada.ready(films.covered)
    await ada.until(f"/api/v1/videos/{video['id']}", "poster_url")
    page = await people.arrive()
    await watching(page, house, video["id"])
    await do.until(page, "document.querySelector('video').style.backgroundImage.includes('poster.jpg')")


async def test_a_place_that_is_not_there_yet_is_fetched_from_the_lowest_rung_first(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    still = "color=teal:size=1280x720:rate=5:duration=400"
    video = await ada.ready(
        films.made("rungs.mkv", "-f", "lavfi", "-i", still, "-c:v", "mpeg4", "-q:v", "5", "-g", "20")
    )
    # So that the line seems fast, and the highest rung worth it: what is near is there already.
    high = (await ada.master(video["id"])).replace("master.m3u8", "720p")
    for name in ("init.mp4", *(f"{index:05}.m4s" for index in range(40))):
        await ada.bytes(f"{high}/{name}")
    page = await people.arrive()
    await do.sign_in(page, house.url)
    await page.goto(f"{house.url}/videos/{video['id']}")
    await do.until_loaded(page)
    await do.until(page, "document.querySelector('video').videoHeight === 720", 40)
    async with page.expect_request(re.compile(r"p/001[78]\d\.m4s"), timeout=30_000) as first:
        await do.press(page, "9")
    assert "/360p/" in (await first.value).url
    await do.until_at(page, 360)
