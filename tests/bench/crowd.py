"""People in a room of a server of their own, each before a browser, over lines that may be slow."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Browser, Page, Playwright

from tests import browsers
from tests.journeys import frames
from tests.journeys.evening import evening
from tests.journeys.frames import Frames
from tests.journeys.people import People
from tests.process import ServerProcess
from tests.slow_line import Delay, slow_line


@dataclass(frozen=True)
class Crowd:
    """Whoever came, the host first; every page writes down what it shows."""

    server: ServerProcess
    people: People
    pages: Sequence[Page]
    browsers: Sequence[Browser]

    async def frames(self) -> list[Frames]:
        return [await frames.frames(page) for page in self.pages]


@contextlib.asynccontextmanager
async def crowd(
    playwright: Playwright,
    kinds: Sequence[str],
    film: Path,
    data: Path,
    *,
    delays: Sequence[Delay | None] = (),
    apart: bool = False,
) -> AsyncIterator[Crowd]:
    """One person for each kind of browser, in a room with this film; `apart`, each has a browser alone."""
    async with contextlib.AsyncExitStack() as stack:
        server = ServerProcess(data)
        server.start()
        stack.callback(server.stop)
        lines = []
        for delay in delays:
            line = slow_line(server.port, delay) if delay else contextlib.nullcontext(server.url)
            lines.append(await stack.enter_async_context(line))
        running: dict[str, Browser] = {}
        each = []
        for number, kind in enumerate(kinds):
            name = f"{kind} {number}" if apart else kind
            if name not in running:
                running[name] = await getattr(browsers, kind)(playwright)
                stack.push_async_callback(running[name].close)
            each.append(running[name])
        people = People(each[0])
        stack.push_async_callback(people.leave)
        pages = await evening(server, people, film, each[1:], lines)
        for page in pages:
            await frames.record(page)
        yield Crowd(server, people, pages, each)
