"""Looking after the server, tab by tab, in the browser; axe-core looks at each on the way."""

import re
from typing import Literal

from playwright.async_api import Page, expect

from tests.client import Client
from tests.films import Films
from tests.journeys import people as do
from tests.journeys.people import People
from tests.journeys.test_access import violations
from tests.process import ServerProcess

SCHEMES: tuple[Literal["light"], Literal["dark"]] = ("light", "dark")


async def test_an_administrator_goes_through_every_tab(
    house: ServerProcess, ada: Client, people: People, films: Films
) -> None:
    await ada.ready(films.h264, title="Playtime")
    async with house.client() as nora:
        await nora.register("nora")
    page = await people.arrive()
    await do.sign_in(page, house.url)
    await page.goto(house.url)
    await page.get_by_label(re.compile("^Account of")).click()
    await page.get_by_role("link", name="Administration").click()
    await expect(page.get_by_role("heading", name="By person")).to_be_visible()
    found = await looked_at(page)

    await tab(page, "People")
    row = page.locator("li", has_text="nora ·")
    await expect(row).to_be_visible()
    found += await looked_at(page)
    await row.get_by_label("What can be done with nora").click()
    await page.get_by_role("button", name="Shut out").click()
    await expect(row).to_contain_text("Shut")
    await page.get_by_role("button", name="Undo").click()
    await expect(row.get_by_text("Shut", exact=True)).to_have_count(0)
    await row.get_by_label("What can be done with nora").click()
    await page.get_by_role("button", name="Room for films…").click()
    await page.get_by_label("Room", exact=True).fill("much")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Write a number and a unit, such as 10 GB.")).to_be_visible()
    await page.get_by_label("Room", exact=True).fill("2 GB")
    await page.get_by_role("dialog").get_by_role("button", name="Save").click()
    await expect(row).to_contain_text("of 2 GB")
    await row.get_by_label("What can be done with nora").click()
    await page.get_by_role("button", name="Delete…").click()
    found += await looked_at(page)
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.get_by_label("Type “nora” to confirm").fill("nora")
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await page.get_by_role("button", name="Add a person").click()
    await page.get_by_label("Username").fill("otto")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_label("Password link for otto")).to_have_value(re.compile(r"/password\?token="))
    found += await looked_at(page)
    await page.get_by_role("button", name="Done").click()

    await tab(page, "Jobs")
    await expect(page.get_by_role("switch", name="Pause background work")).not_to_be_checked()
    found += await looked_at(page)

    await tab(page, "Settings")
    await page.get_by_label("Room for each person’s films").fill("much")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Write a number and a unit, such as 10 GB.")).to_be_visible()
    await page.get_by_label("Room for each person’s films").fill("1.5 TB")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("button", name="Take back the change of quota")).to_be_visible()
    found += await looked_at(page)
    await page.get_by_role("button", name="Take back the change of quota").click()
    await expect(page.get_by_label("Room for each person’s films")).to_have_value("0 B")

    await tab(page, "Audit")
    await expect(page.locator("li", has_text="Account made")).to_contain_text("username: otto")
    found += await looked_at(page)

    await tab(page, "Backups")
    await page.get_by_role("button", name="Make a backup").click()
    backup = page.locator("li", has_text="Made by hand")
    await expect(backup).to_be_visible()
    found += await looked_at(page)
    await backup.get_by_role("button", name=re.compile("^Restore")).click()
    await expect(page.get_by_role("dialog")).to_contain_text(
        "what they are now is made a backup first", ignore_case=True
    )
    await page.keyboard.press("Escape")
    await expect(backup.get_by_role("button", name=re.compile("^Restore"))).to_be_focused()

    await tab(page, "Webhooks")
    await expect(page.get_by_role("heading", name="No webhook yet")).to_be_visible()
    await page.get_by_role("button", name="Add a webhook").click()
    await page.get_by_label("Address").fill("http://127.0.0.1/hook")
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_role("dialog")).to_contain_text("private networks are not asked")
    await page.get_by_label("Address").fill("https://receiver.invalid/hook")
    await page.get_by_label("What it is").fill("The bot")
    await page.get_by_label("a room is made").check()
    found += await violations(page)
    await page.get_by_role("dialog").get_by_role("button", name="Add").click()
    await expect(page.get_by_label("Secret", exact=True)).to_have_value(re.compile("^whsec_"))
    await page.get_by_role("button", name="Test: https://receiver.invalid/hook").click()
    await expect(page.get_by_role("list", name="Sent to https://receiver.invalid/hook")).to_contain_text("WebhookTest")
    found += await violations(page)
    await page.get_by_role("button", name="Delete: https://receiver.invalid/hook").click()
    # On a quick machine what was said of the settings is still there, with an Undo of its own.
    await page.get_by_role("button", name="Undo").last.click()
    await expect(page.get_by_role("heading", name="The bot")).to_be_visible()

    await tab(page, "Logs")
    await page.get_by_label("Words in the line").fill("no line has these words in it")
    await expect(page.get_by_role("heading", name="No such line")).to_be_visible()
    found += await looked_at(page)
    assert not found, "\n".join(found)


async def looked_at(page: Page) -> list[str]:
    """What axe-core finds in the light and in the dark."""
    found = []
    for scheme in SCHEMES:
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        # Colours pass into one another; only the last ones count.
        await page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        found += await violations(page)
    return found


async def tab(page: Page, name: str) -> None:
    await page.get_by_role("navigation", name="What to look after").get_by_role("link", name=name).click()
