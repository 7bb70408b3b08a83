"""Which device somebody signed in on, in words, from what its browser says of itself (RFC 9110, section 10.1.5)."""

import re

LONGEST = 300
"""Characters of it that are kept."""

# Browsers name those they want to be taken for; the one that no other imitates comes first.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "a Mac"),
    ("Linux", "Linux"),
)
_PROGRAM = re.compile(r"[A-Za-z][A-Za-z0-9._ -]{0,30}(?=/)")


def device(agent: str | None) -> str:
    """Such as `Firefox on Linux`, `curl` or `An unknown device`."""
    if not agent:
        return "An unknown device"
    system = _first(_SYSTEMS, agent)
    if agent.startswith("Mozilla/"):
        browser = _first(_BROWSERS, agent) or "A browser"
        return f"{browser} on {system}" if system else browser
    program = _PROGRAM.match(agent)
    return program[0] if program else "A program"


def _first(names: tuple[tuple[str, str], ...], agent: str) -> str | None:
    return next((name for mark, name in names if mark in agent), None)
