"""A host and those they let in, keep quiet, show out and let back: in two browsers, with everything told at once."""

import re

from playwright.async_api import expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.journeys.test_access import violations
from tests.process import ServerProcess


async def test_a_host_decides_what_people_may_do_and_who_stays(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    video = await ada.ready(films.h264, title="Ran")
    room = await ada.post("/api/v1/rooms", {"name": "Friday", "video_id": video["id"], "admission": "approval"}, 201)
    host, guest = await people.arrive(), await people.arrive(width=390, height=844)
    await do.sign_in(host, house.url)
    await host.goto(f"{house.url}/rooms/{room['id']}")
    await expect(host.get_by_role("button", name="Start the film")).to_be_visible()

    # Bob knocks, thinks better of it, knocks again; one press lets him in.
    await guest.goto(f"{house.url}/rooms/{room['id']}")
    await expect(guest.get_by_role("heading", name="Friday")).to_be_visible()
    await guest.get_by_label("Your name").fill("Bob")
    await guest.get_by_label("A word to the host").fill("It is me")
    await guest.get_by_role("button", name="Ask to come in").click()
    await expect(host.locator(".toast", has_text="Bob asks to be let in.")).to_be_visible()
    await do.turn_to(host, "People")
    await expect(host.get_by_text("It is me")).to_be_visible()
    await guest.get_by_role("button", name="Withdraw").click()
    await expect(host.get_by_text("It is me")).to_be_hidden()
    await guest.get_by_role("button", name="Ask to come in").click()
    await host.get_by_role("button", name="Let Bob in").click()
    await expect(guest.get_by_role("button", name="Start the film")).to_be_visible()
    await expect(guest.get_by_text("Here: ada and Bob")).to_be_visible()

    # What he may do changes under his hands, and is told to him; undone, it comes back.
    await host.get_by_role("button", name="Settings", exact=True).click()
    await expect(host.get_by_label("Members may play and pause")).to_be_checked()
    await host.get_by_label("Members may play and pause").uncheck()
    await expect(guest.get_by_text("Only hosts may play and pause from now on.")).to_be_visible()
    await expect(guest.get_by_role("button", name="Start the film")).to_be_hidden()
    await expect(guest.get_by_text("ada starts the film.")).to_be_visible()
    await host.get_by_role("button", name="Undo").click()
    await expect(guest.get_by_role("button", name="Start the film")).to_be_visible()
    assert not await violations(host)
    await expect(host.get_by_label("Guests may play and pause")).to_be_checked()
    await host.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()

    # By the keyboard alone he is muted, and banned.
    more = host.get_by_role("button", name="What to do about Bob")
    await more.press("Enter")
    assert not await violations(host)
    await host.keyboard.press("Enter")
    await expect(host.get_by_text("Bob is muted.")).to_be_visible()
    await expect(host.locator("wp-members")).to_contain_text("Muted")
    await more.press("Enter")
    await host.get_by_role("button", name="Ban").press("Enter")
    await host.locator(".toast", has_text="Bob is banned.").get_by_role("button", name="Dismiss").click()
    await expect(guest.get_by_text("A host has banned you from this room.")).to_be_visible()
    invitation = await ada.post(f"/api/v1/rooms/{room['id']}/invites", {}, 201)
    await guest.goto(invitation["url"])
    await guest.get_by_label("Your name").fill("Bobby")
    await guest.get_by_role("button", name="Join").click()
    await expect(guest.get_by_role("alert")).to_contain_text("You have been banned")

    # Let back in, he comes by the six digits.
    await host.get_by_role("button", name="Settings", exact=True).click()
    await host.get_by_role("button", name="Let Bob back in").click()
    await expect(host.get_by_text("Nobody is banned.")).to_be_visible()
    await host.get_by_role("dialog").get_by_role("button", name="Close", exact=True).click()
    await guest.goto(f"{house.url}/join")
    await guest.get_by_label("PIN").fill(invitation["pin"])
    await guest.get_by_label("Your name").fill("Bob")
    assert not await violations(guest)
    await guest.get_by_role("button", name="Join").click()
    await expect(guest.get_by_text("Here: ada and Bob")).to_be_visible()

    # The film begins, and the waiting room is gone.
    await guest.get_by_role("button", name="Start the film").click()
    await expect(host.get_by_role("button", name="Start the film")).to_be_hidden()
    await do.until_moving(host)


async def test_invitations_are_written_seen_and_taken_back(house: ServerProcess, ada: Client, people: People) -> None:
    room = await ada.post("/api/v1/rooms", {"name": "Saturday", "admission": "invite"}, 201)
    host = await people.arrive()
    await do.sign_in(host, house.url)
    await host.goto(f"{house.url}/rooms")
    await host.get_by_role("link", name="Join Saturday").click()
    # What a press fetches may not come; then it is said, and another press tries again.
    await host.route("**/wp-share.js", lambda route: route.abort())
    await host.get_by_role("button", name="Invite").click()
    await expect(host.locator(".toast")).to_contain_text("A part of this page could not be fetched.")
    await host.get_by_role("button", name="Dismiss").click()
    await host.unroute("**/wp-share.js")
    await host.get_by_role("button", name="Invite").click()
    await host.get_by_text("As a message").click()
    await host.get_by_label("Mail address").fill("bob@example.org")
    mail = host.get_by_role("link", name="Write a mail")
    await expect(mail).to_have_attribute(
        "href", re.compile(r"^mailto:bob@example\.org\?subject=.*Saturday.*&body=.*PIN")
    )
    await host.get_by_text("On other conditions").click()
    await host.get_by_label("It lets in").select_option("1")
    await host.get_by_role("button", name="Make this invitation").click()
    await expect(host.get_by_text("It lets one person in.")).to_be_visible()
    rows = host.locator("wp-invitations li")
    await expect(rows).to_have_count(2)
    assert not await violations(host)
    await rows.first.get_by_role("button", name="Take back").click()
    await expect(rows).to_have_count(1)
    await host.get_by_role("button", name="Undo").click()
    await expect(rows).to_have_count(2)
    await host.get_by_role("button", name="Take all back").click()
    await expect(host.get_by_text("No invitation opens this room.")).to_be_visible()
    await host.locator(".toast").last.get_by_role("button", name="Dismiss").click()
    await do.until(host, f"fetch('/api/v1/rooms/{room['id']}/invites').then(a => a.json()).then(a => !a.items.length)")
