"""What becomes of a browser whose machine is too busy for it, or asleep: its processes stand still, and go on later."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator

import psutil
from playwright.async_api import Browser


@contextlib.asynccontextmanager
async def stalled(browser: Browser) -> AsyncIterator[None]:
    """The pages of a Chromium stand still, picture and scripts, while its line to the server stays alive."""
    with _standing([number for kind, number in await _processes(browser) if kind == "renderer"]):
        yield


@contextlib.asynccontextmanager
async def asleep(browser: Browser) -> AsyncIterator[None]:
    """The whole Chromium stands still, as when its machine sleeps: nobody answers on its lines."""
    [whole] = [number for kind, number in await _processes(browser) if kind == "browser"]
    with _standing([whole, *(child.pid for child in psutil.Process(whole).children(recursive=True))]):
        yield


@contextlib.contextmanager
def _standing(processes: list[int]) -> Iterator[None]:
    assert processes, "This browser has no such processes."
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


async def _processes(browser: Browser) -> list[tuple[str, int]]:
    """Kinds and numbers of a Chromium's processes."""
    session = await browser.new_browser_cdp_session()
    info = await session.send("SystemInfo.getProcessInfo")
    await session.detach()
    return [(process["type"], int(process["id"])) for process in info["processInfo"]]
