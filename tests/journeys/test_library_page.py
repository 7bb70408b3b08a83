"""The library: what its cards say of films that are not simply ready, and how little is asked for that."""

from collections import Counter
from urllib.parse import urlsplit

from playwright.async_api import expect

from tests.client import Client
from tests.films import AAC, Films, picture, tone
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_a_film_can_be_watched_while_it_is_prepared_and_its_card_says_how_far_that_is(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    codec = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p")
    film = films.made("minute.mkv", *picture(60), *tone(60), *codec, *AAC)
    for title in ("Playtime", "Mon Oncle", "Trafic"):
        await ada.ready(films.silent, title=title)
    page = await people.arrive()
    asked: Counter[str] = Counter()
    await do.sign_in(page, house.url)
    stalker = await ada.ready(film, title="Stalker")
    page.on("request", lambda request: asked.update([urlsplit(request.url).path]))
    await page.reload()
    card = page.locator("wp-video-card", has_text="Stalker")
    await expect(card).to_contain_text("Can be watched · preparing")
    await expect(card.get_by_role("progressbar")).to_be_visible()
    await card.hover()
    await expect(card.get_by_text("so it cannot be cut")).to_be_visible()
    await expect(card.get_by_role("link", name="Stalker")).to_be_visible()
    await expect(card.get_by_role("progressbar")).to_have_count(0, timeout=60_000)
    await expect(card).to_contain_text("ada ·")
    # Two requests a round for all the cards, and one for the reason.
    assert [path for path in asked if path.endswith("/status")] == [f"/api/v1/videos/{stalker['id']}/status"]
    assert max(asked[path] for path in asked if path.endswith("/status")) == 1
    assert abs(asked["/api/v1/videos"] - asked["/api/v1/jobs"]) <= 2


async def test_a_film_that_failed_says_why_and_can_be_tried_again(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    broken = films.folder / "broken.mp4"
    broken.write_bytes(films.h264.read_bytes()[:2_000])
    video = await ada.until_settled((await ada.upload(broken, title="Broken"))["id"])
    assert video["status"] == "failed"
    page = await people.arrive()
    await do.sign_in(page, house.url)
    card = page.locator("wp-video-card", has_text="Broken")
    await expect(card).to_contain_text(video["reason"])
    await expect(card.get_by_role("link", name="Upload again")).to_be_visible()
    await card.get_by_role("button", name="Try again: Broken").click()
    await expect(card.get_by_role("button", name="Try again: Broken")).to_be_visible()
    await card.get_by_role("button", name="Delete Broken").click()
    await expect(card).to_have_count(0)
