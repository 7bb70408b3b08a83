"""People and what they do in front of a browser: each has a profile of their own."""

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, expect

from tests.client import PASSWORD

WINDOW = {"width": 1100, "height": 720}


class People:
    """Opens browsers for people and listens to what those browsers complain about."""

    def __init__(self, usual: Browser) -> None:
        self.complaints: list[str] = []
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
        # A status that the page asked for and shows (401, 404) is logged by the browser too: no fault of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
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
