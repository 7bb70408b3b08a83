"""People and what they do in front of a browser: each has a profile of their own."""

import asyncio
import re
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.client import PASSWORD


class People:
    """Opens browsers for people and listens to what those browsers complain about."""

    def __init__(self, usual: Browser) -> None:
        self.complaints: list[str] = []
        # What a browser itself writes down when a status that the page shows (401, 404) comes: no fault of the page.
        self.forgiven = ["Failed to load resource"]
        self._usual = usual
        self._contexts: list[BrowserContext] = []

    async def arrive(self, browser: Browser | None = None, width: int = 1100, height: int = 720) -> Page:
        """Somebody new, with an empty profile, before an empty page."""
        context = await (browser or self._usual).new_context(viewport={"width": width, "height": height})
        self._contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    async def leave(self) -> None:
        for context in self._contexts:
            await context.close()

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(words in message.text for words in self.forgiven):
            self.complaints.append(f"{message.page.url if message.page else ''}: {message.text}")


async def make_first_account(page: Page, link: str, username: str = "ada") -> None:
    """Opens the set-up link and makes the administrator."""
    await page.goto(link)
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Make the account").click()
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()


async def sign_in(page: Page, url: str, username: str = "ada") -> None:
    await page.goto(f"{url}/login")
    await page.get_by_label("Username").fill(username)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name="Library")).to_be_visible()


async def upload(page: Page, url: str, film: Path) -> None:
    """Uploads a film in the browser, and goes to watch it as soon as the page offers that."""
    await page.goto(f"{url}/upload")
    await page.get_by_label("Choose films to upload").set_input_files(film)
    await page.locator("wp-upload-item").get_by_role("link", name="Watch").click()


async def watch_together(page: Page) -> str:
    """From a film's page to a room for it; answers the link that lets others in."""
    await page.get_by_role("button", name="Watch together").click()
    return await invite(page)


async def invite(page: Page) -> str:
    await page.get_by_role("button", name="Invite").click()
    link = page.get_by_label("Link to this room")
    await expect(link).to_have_value(re.compile(r"^http.*/join/"))
    await expect(page.locator("wp-share wp-qr svg, wp-share wp-qr img")).to_be_visible()
    address = await link.input_value()
    await page.get_by_role("button", name="Close", exact=True).click()
    return address


async def join_as_guest(page: Page, link: str, name: str) -> None:
    await page.goto(link)
    await page.get_by_label("Your name").fill(name)
    await page.get_by_role("button", name="Join").click()
    await expect(page.get_by_label("Say something")).to_be_visible()


async def say(page: Page, words: str) -> None:
    """Says it in the chat, and waits until the server has it: one's own words then stand there with a time."""
    await page.get_by_label("Say something").fill(words)
    await page.get_by_label("Say something").press("Enter")
    await expect(page.locator(".chat-row:not(.pending)", has_text=words)).to_be_visible()
    await page.locator("body").focus()


async def turn_to(page: Page, panel: str) -> None:
    """Brings a panel beside the picture to the front."""
    await page.get_by_role("tab", name=panel).click()


async def press(page: Page, key: str) -> None:
    """A key of the player's, pressed with nothing else in focus."""
    await page.evaluate("document.activeElement?.blur()")
    await page.keyboard.press(key)


async def until(page: Page, holds: str, seconds: float = 20) -> None:
    """Until a JavaScript expression is true. Asked from outside: the page itself may evaluate nothing."""
    try:
        async with asyncio.timeout(seconds):
            while not await page.evaluate(holds):
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise AssertionError(f"After {seconds} s not yet so: {holds}") from None


async def until_loaded(page: Page) -> None:
    """Until a frame of the film could be shown."""
    await until(page, "document.querySelector('video')?.readyState >= 2")


async def until_at(page: Page, seconds: float, within: float = 0.5) -> None:
    """Until the film stands, or comes by, there."""
    await until(page, f"Math.abs(document.querySelector('video').currentTime - {seconds}) < {within}")


async def until_paused(page: Page) -> None:
    await until(page, "document.querySelector('video').paused")


async def until_moving(page: Page, frames: int = 3) -> None:
    """Until this many more frames were decoded than now: a picture that moves, not a promise of one."""
    before = await decoded(page)
    async with asyncio.timeout(20):
        while await decoded(page) < before + frames:
            await asyncio.sleep(0.02)


async def decoded(page: Page) -> int:
    return int(await page.evaluate("document.querySelector('video')?.getVideoPlaybackQuality().totalVideoFrames ?? 0"))


async def position(page: Page) -> float:
    """Where this page's film stands, in seconds."""
    return float(await page.evaluate("document.querySelector('video').currentTime"))
