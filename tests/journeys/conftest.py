"""Journeys: people in real browsers before the real server. All of them share one event loop, as the browsers do."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Playwright, async_playwright

from tests import browsers
from tests.client import Client
from tests.journeys.people import People
from tests.process import ServerProcess

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)  # before those that are not wanted are taken out
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is on a screen within seconds is judged by the clock, so each has the machine to itself."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.journey)
            item.add_marker(pytest.mark.alone)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    async with async_playwright() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await browsers.chromium(playwright)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def firefox(playwright: Playwright) -> AsyncIterator[Browser]:
    browser = await browsers.firefox(playwright)
    yield browser
    await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def people(chromium: Browser) -> AsyncIterator[People]:
    """People with a browser each; at the end, nothing may have gone wrong in any of their consoles."""
    crowd = People(chromium)
    yield crowd
    await crowd.leave()
    assert not crowd.complaints, "The browsers complained:\n" + "\n".join(crowd.complaints)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server for all the journeys of a module; it must end well, and have had nothing to complain about."""
    running = ServerProcess(tmp_path_factory.mktemp("house") / "data")
    running.start()
    yield running
    assert running.stop() == 0, running.output
    assert "Traceback" not in running.output, running.output


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def ada(house: ServerProcess) -> AsyncIterator[Client]:
    """The administrator of `house`, as a program."""
    async with house.client() as api:
        await api.setup(house.setup_token)
        yield api
