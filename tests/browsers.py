"""The browsers that people use, driven for tests: Chromium and Firefox, the system's own or Playwright's."""

import shutil
from collections.abc import Collection
from pathlib import Path

from playwright.async_api import Browser, BrowserType, Playwright

# No background traffic; sound may start without a click, so that what is judged is our page and not the browser's mood.
CHROMIUM = [
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
FIREFOX = {
    "media.autoplay.default": 0,
    "media.autoplay.blocking_policy": 0,
    "app.update.auto": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}


async def chromium(playwright: Playwright, *, without: Collection[str] = ()) -> Browser:
    """`without` are those of the usual switches that are left out."""
    own = shutil.which("chromium")
    found(playwright.chromium, own, "Chromium")
    switches = [switch for switch in CHROMIUM if switch not in without]
    return await playwright.chromium.launch(executable_path=own, chromium_sandbox=False, args=switches)


async def firefox(playwright: Playwright) -> Browser:
    """Debian's Firefox is stock, and driven over BiDi; Playwright's own build speaks Playwright's protocol."""
    own = shutil.which("firefox-esr")
    found(playwright.firefox, own, "Firefox")
    if own:
        return await playwright.firefox.launch(
            channel="moz-firefox", executable_path=own, firefox_user_prefs=dict(FIREFOX)
        )
    return await playwright.firefox.launch(firefox_user_prefs=dict(FIREFOX))


def found(kind: BrowserType, own: str | None, name: str) -> None:
    """A missing browser is a failure: what people see in it has not been tested."""
    assert own or Path(kind.executable_path).exists(), f"There is no {name} to test in. `make test` installs one."
