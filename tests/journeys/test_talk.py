"""Two people who talk about the film: answers, names, moments, feelings, second thoughts; and one watches on the TV."""

import re

from playwright.async_api import Page, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess


async def test_two_people_talk_about_a_film_and_one_goes_to_the_tv(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.long_h264, title="The long night")
    room = await ada.post("/api/v1/rooms", {"name": "Friday", "video_id": video["id"]}, 201)
    invitation = await ada.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    host, guest = await people.arrive(), await people.arrive()
    await do.sign_in(host, house.url)
    await host.goto(f"{house.url}/rooms/{room['id']}")
    await do.join_as_guest(guest, invitation["url"], "Grace Hopper")
    await do.until_loaded(host)
    await do.until_loaded(guest)
    await expect(host.get_by_role("tab", name="People 2 people here")).to_be_visible()

    await a_text_stays_a_text(host, guest)
    await an_answer_names_whom_it_means(host, guest)
    await a_moment_is_gone_to_after_asking(host, guest)
    await feelings_float_over_the_picture(host, guest)
    await second_thoughts(host, guest)
    await what_is_not_read_is_counted(host, guest)
    await slowly(host, guest)
    await the_tv(host, guest)


async def a_text_stays_a_text(host: Page, guest: Page) -> None:
    markup = '<img src=x onerror="document.title=1"> <b>bold</b> javascript:alert(1)'
    await do.say(guest, f"{markup} https://example.org/?q=<b>.")
    row = host.locator(".chat-row", has_text="bold")
    await expect(row).to_contain_text(markup)
    assert await row.locator("img, b, script").count() == 0
    link = row.get_by_role("link")
    await expect(link).to_have_attribute("href", "https://example.org/?q=")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", re.compile("noopener.*noreferrer"))


async def an_answer_names_whom_it_means(host: Page, guest: Page) -> None:
    row = host.locator(".chat-row", has_text="bold")
    await row.hover()
    await row.get_by_role("button", name="Answer Grace Hopper").click()
    await expect(host.locator(".chat-answering")).to_contain_text("Answering Grace Hopper")
    await host.get_by_label("Say something").press_sequentially("Look, @gr")
    await expect(host.get_by_role("option", name="Grace Hopper")).to_be_visible()
    await host.keyboard.press("Enter")
    await host.keyboard.type("at 0:42!")
    await host.keyboard.press("Enter")
    heard = guest.locator(".chat-row", has_text="Look, @Grace Hopper at 0:42!")
    await expect(heard).to_have_class(re.compile(r"\bmeant\b"))
    await expect(heard.locator(".chat-quote")).to_contain_text("Grace Hopper")
    await heard.locator(".chat-quote").click()
    await expect(guest.locator(".chat-row", has_text="bold").first).to_be_focused()


async def a_moment_is_gone_to_after_asking(host: Page, guest: Page) -> None:
    # What is asked is asked where it can be seen, also while nothing but the room is.
    await do.press(guest, "f")
    await do.until(guest, "document.fullscreenElement !== null")
    await guest.get_by_role("button", name="Go to 0:42").dispatch_event("click")
    await expect(guest.locator(".room .toast")).to_contain_text("Go to 0:42 for everybody?")
    await do.press(guest, "f")
    await do.until(guest, "document.fullscreenElement === null")
    await expect(guest.locator("body > wp-toast .toast")).to_be_visible()
    assert await do.position(host) < 40
    await guest.get_by_role("button", name="Go", exact=True).click()
    await do.until_at(host, 42)
    await do.until_at(guest, 42)
    await guest.get_by_role("button", name="Put in where the film is").click()
    await expect(guest.get_by_label("Say something")).to_have_value("0:42 ")
    await guest.get_by_label("Say something").fill("")


async def feelings_float_over_the_picture(host: Page, guest: Page) -> None:
    await guest.get_by_role("button", name="React with 🔥").click()
    for page in (host, guest):
        await expect(page.locator(".float", has_text="🔥").first).to_contain_text("Grace Hopper")
    for _ in range(30):
        await host.get_by_role("button", name="React with 👏").dispatch_event("click")
    await expect(guest.locator(".float", has_text="👏").first).to_contain_text("×")
    assert await guest.locator(".float").count() < 24
    await expect(guest.locator(".float")).to_have_count(0, timeout=10_000)


async def second_thoughts(host: Page, guest: Page) -> None:
    await do.say(guest, "My password is swordfish")
    row = guest.locator(".chat-row", has_text="swordfish")
    await row.hover()
    await row.get_by_role("button", name="Delete").click()
    await expect(row).to_be_hidden()
    await guest.get_by_role("button", name="Undo").click()
    await expect(row).to_be_visible()
    await expect(host.locator(".chat-row", has_text="swordfish")).to_be_visible()
    row = host.locator(".chat-row", has_text="swordfish")
    await row.hover()
    await row.get_by_role("button", name="Delete what Grace Hopper said").click()
    await host.locator(".toast").get_by_role("button", name="Dismiss").click()
    for page in (host, guest):
        await expect(page.get_by_text("Removed by a host")).to_be_visible()
        await expect(page.locator("wp-chat")).not_to_contain_text("swordfish")


async def what_is_not_read_is_counted(host: Page, guest: Page) -> None:
    await do.turn_to(guest, "People")
    for words in ("Popcorn?", "Lemonade?"):
        await do.say(host, words)
    await expect(guest.get_by_role("tab", name="Chat 2 unread")).to_be_visible()
    await do.turn_to(guest, "Chat")
    await expect(guest.locator(".chat-new")).to_be_visible()
    await expect(guest.get_by_role("tab", name="Chat", exact=True)).to_be_visible()


async def slowly(host: Page, guest: Page) -> None:
    await do.turn_to(host, "People")
    await host.get_by_label("Slow mode of the chat").select_option("A minute")
    await do.turn_to(host, "Chat")
    field = guest.get_by_label("Say something")
    await expect(field).to_have_attribute("placeholder", "Say something, every 60 s")
    await do.say(guest, "Slowly then")
    await expect(guest.get_by_role("button", name="Send")).to_be_disabled()
    await expect(guest.get_by_role("button", name="Send")).to_have_text(re.compile(r"[45]\d s"))
    await do.turn_to(host, "People")
    await host.get_by_label("Slow mode of the chat").select_option("Off")
    await do.turn_to(host, "Chat")
    await expect(guest.get_by_role("button", name="Send")).to_be_enabled()


async def the_tv(host: Page, guest: Page) -> None:
    """Whoever watches elsewhere loads no picture, holds nobody up, and has the remote control."""
    await guest.get_by_role("button", name="I watch on the TV").click()
    remote = guest.get_by_role("region", name="Remote control")
    await expect(remote).to_contain_text("0:42 / 2:30")
    await expect(guest.locator("video")).to_be_hidden()
    fetched: list[str] = []
    guest.on("request", lambda request: fetched.append(request.url))
    await remote.get_by_role("button", name="Play for everybody").click()
    await do.until_moving(host)
    await expect(remote).to_contain_text("0:44 / 2:30")
    await remote.get_by_role("button", name="On by ten seconds").click()
    await do.until(host, "document.querySelector('video').currentTime > 53")
    await remote.get_by_role("button", name="Pause for everybody").click()
    await do.until_paused(host)
    await do.turn_to(host, "People")
    await expect(host.locator("wp-members")).to_contain_text("chat only")
    assert not [url for url in fetched if "/m/" in url], fetched
    await guest.reload()
    await expect(remote).to_be_visible()
    await remote.get_by_role("button", name="Watch here").click()
    await do.until_loaded(guest)
    there = await do.position(host)
    await do.until_at(guest, there)
