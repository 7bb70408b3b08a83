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


async def test_films_are_found_changed_together_deleted_and_had_back(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    made = {
        title: await ada.ready(films.silent, title=title) for title in ("Solaris", "Nostalghia", "Ivan’s Childhood")
    }
    begun = made["Solaris"]
    half = begun["duration"] / 2
    await ada.call("PUT", f"/api/v1/videos/{begun['id']}/position", {"position": half}, 204)
    page = await people.arrive(width=390, height=844)
    await do.sign_in(page, house.url)
    await expect(page.get_by_role("heading", name="Continue watching")).to_be_visible()
    await expect(page.locator("wp-continue")).to_contain_text("Solaris")
    cards = page.locator("wp-video-card")
    await page.get_by_label("Search the library").fill("nostalg")
    await expect(cards).to_have_count(1)
    await page.get_by_label("Search the library").fill("")
    await expect(page.get_by_role("link", name="Ivan’s Childhood")).to_be_visible()
    # Several at once, by the keyboard alone, and back again.
    await page.get_by_role("button", name="Select", exact=True).press("Enter")
    for title in ("Solaris", "Nostalghia"):
        await page.get_by_label(f"Select {title}").press("Space")
    bar = page.get_by_role("group", name="Selected films")
    await expect(bar).to_contain_text("2 films selected")
    await bar.get_by_label("Tag").fill("Tarkovsky")
    await bar.get_by_role("button", name="Add tag").press("Enter")
    await expect(page.locator("wp-toast")).to_contain_text("2 films changed.")
    await bar.get_by_role("button", name="Done").press("Enter")
    filters = page.get_by_role("group", name="Filter and order")
    await filters.get_by_label("Tag").focus()
    await filters.get_by_label("Tag").select_option("Tarkovsky")
    await expect(cards).to_have_count(2)
    await page.reload()
    await expect(cards).to_have_count(2)
    # Deleted together, had back one by one.
    await page.get_by_role("button", name="Select", exact=True).click()
    await bar.get_by_role("button", name="Select all").click()
    await bar.get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("heading", name="Nothing like that here")).to_be_visible()
    await page.goto(f"{house.url}/trash")
    await page.get_by_role("button", name="Restore Solaris").click()
    await expect(page.get_by_role("button", name="Restore Solaris")).to_have_count(0)
    await expect(page.get_by_role("button", name="Restore Nostalghia")).to_be_visible()
    # What is said about it, while somebody else says something different.
    await page.goto(f"{house.url}/videos/{begun['id']}")
    await page.get_by_role("button", name="Edit").click()
    form = page.get_by_role("dialog", name="Edit this film")
    await expect(form.get_by_label("Title")).to_have_value("Solaris")
    await ada.call("PATCH", f"/api/v1/videos/{begun['id']}", {"description": "Another hand"})
    await form.get_by_label("Title").fill("Solaris (1972)")
    await form.get_by_role("button", name="Save").click()
    await form.get_by_role("button", name="Show what they wrote").click()
    await expect(form.get_by_label("Description")).to_have_value("Another hand")
    await form.get_by_label("Title").fill("Solaris (1972)")
    await form.get_by_label("Tags", exact=True).fill("Lem")
    await form.get_by_label("Tags", exact=True).press("Enter")
    await form.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("heading", name="Solaris (1972)")).to_be_visible()
    await expect(page.get_by_role("link", name="Lem")).to_be_visible()
