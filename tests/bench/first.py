"""How soon there is a picture on a screen: in real Chromium, on the real server's own pages."""

import asyncio
import contextlib
import os
import random
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from urllib.parse import quote

from playwright.async_api import BrowserContext, Page, async_playwright

from tests import browsers
from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.bench.latency import renditions, segment, timed
from tests.client import Client
from tests.journeys import frames
from tests.journeys import people as do
from tests.process import ServerProcess

TRIES = 5
SEEKS = 20
GIGABYTE = 1 << 30

# A browser that cannot show VP9, as there are some, so that it is encoded for it.
WITHOUT_VP9 = """
const able = MediaSource.isTypeSupported.bind(MediaSource);
MediaSource.isTypeSupported = (type) => !/vp0?9/i.test(type) && able(type);
"""
# Whoever chose a quality once is shown it from then on.
AT_720P = "localStorage.setItem('watchparty.height', '720')"
# Seconds from a wish for another place to the first frame of it; the test films have 25 a second.
SEEK = """
(video, to) => new Promise((done) => {
  const begun = performance.now();
  const note = (_, { mediaTime }) => {
    if (Math.abs(mediaTime - to) < 1) done((performance.now() - begun) / 1000);
    else video.requestVideoFrameCallback(note);
  };
  video.requestVideoFrameCallback(note);
  video.currentTime = to;
})
"""


async def on_screen(footage: Footage, folder: Path) -> None:
    """From an upload's 200 to the first frame, on a page that waits for the film."""
    print(f"from an upload's last byte to the first frame in Chromium, in s, {TRIES} times")
    films = {
        "H.264/AAC 1080p, 1 GB": (footage.looped(footage.h264(20, 1080), GIGABYTE), ""),
        "HEVC 1080p, encoded": (footage.looped(footage.hevc(20, 1080), seconds=60), ""),
        "VP9 1080p, encoded": (footage.looped(footage.vp9(20, 1080), seconds=60), WITHOUT_VP9),
    }
    async with _signed_in(folder) as (api, context):
        for name, (film, script) in films.items():
            page = await _page(context, script)
            found = [await _shown(api, page, film) for _ in range(TRIES)]
            ready, shown = (Figures(each) for each in zip(*found, strict=True))
            print(f"  {name:<24}ready {ready:.2f}   shown {shown:.2f}")
            await page.close()


async def from_folder(footage: Footage, folder: Path) -> None:
    """From a rename into the watched folder to a segment in hand, and how long that was asked for."""
    print(f"from a rename into the watched folder, H.264/AAC 1080p of 1 GB, {TRIES} times")
    large = footage.looped(footage.h264(20, 1080), GIGABYTE)
    async with _signed_in(folder) as (api, _):
        found = [await _dropped(api, large, folder / "data" / "library", turn) for turn in range(TRIES)]
        ready, asked = (Figures(each) for each in zip(*found, strict=True))
        print(f"  ready, s               {ready:.2f}\n  then a segment, s      {asked:.3f}")


async def seeks(footage: Footage, folder: Path) -> None:
    """From the wish to the first frame, at places nobody has been to, in a film that is encoded."""
    print(f"a seek to an unmade place, film encoded at 720p, to its first frame in Chromium, in s, {SEEKS} times")
    film = footage.looped(footage.hevc(20, 720), seconds=3600)
    places = random.Random(1)
    async with _signed_in(folder) as (api, context):
        video = await api.ready(film)
        page = await _page(context, AT_720P)
        await page.goto(f"{api.url}/videos/{video['id']}")
        await do.until_moving(page)
        found = []
        for turn in range(SEEKS):
            # One part of the film after the other, in no order: far from everything made so far, wherever in a segment.
            to = 60 + 3400 * ((turn * 7) % SEEKS) / SEEKS + places.uniform(0, 100)
            found.append(await page.locator("video").evaluate(SEEK, to))
            await asyncio.sleep(2)
        print(f"  {Figures(found):.2f}")


async def _shown(api: Client, page: Page, film: Path) -> tuple[float, float]:
    """Upload a film to a page that waits for it: seconds from the 200 to `ready` and to the first frame."""
    made = await api.post("/api/v1/videos", {"filename": film.name, "size": film.stat().st_size}, 201)
    video_id = made["video"]["id"]
    await page.goto(f"{api.url}/videos/{video_id}")
    await page.get_by_text("This film has not arrived yet").wait_for()
    await frames.record(page)
    with film.open("rb") as body:
        async with api.session.put(api.absolute(made["upload"]["url"]), data=body) as answer:
            assert answer.status == 200
    begun, wall = time.monotonic(), time.time()
    await api.until_settled(video_id)
    ready = time.monotonic() - begun
    await do.until(page, "window.framesShown.length > 0")
    shown = await page.evaluate("window.framesShown[0][0]") / 1000 - wall
    await page.goto("about:blank")
    await api.call("DELETE", f"/api/v1/videos/{video_id}", status=204)
    return ready, shown


async def _dropped(api: Client, film: Path, library: Path, turn: int) -> tuple[float, float]:
    """Let a film appear in the watched folder: seconds until it is ready, and that its first segment then took."""
    title = f"{film.stem} {turn}"
    # Another time each turn: a film that was deleted is not taken again as long as its file is the same.
    os.utime(film, (time.time() - 60 - turn,) * 2)
    begun = time.monotonic()
    place = library / f"{title}{film.suffix}"
    place.hardlink_to(film)
    while not (found := (await api.get(f"/api/v1/videos?q={quote(title)}&status=ready"))["items"]):
        assert time.monotonic() < begun + 60, f"{title} did not become ready."
        await asyncio.sleep(0.02)
    ready = time.monotonic() - begun
    asked = await timed(partial(_first_segment, api, found[0]["id"]))
    await api.call("DELETE", f"/api/v1/videos/{found[0]['id']}", status=204)
    place.unlink()
    return ready, asked


async def _first_segment(api: Client, video_id: str) -> None:
    await segment(api, (await renditions(api, video_id))[0], 0)


@contextlib.asynccontextmanager
async def _signed_in(folder: Path) -> AsyncIterator[tuple[Client, BrowserContext]]:
    """A server, its administrator as a program, and the same person in Chromium."""
    server = ServerProcess(folder / "data")
    server.start()
    try:
        async with async_playwright() as playwright, server.client() as api:
            browser = await browsers.chromium(playwright)
            await api.setup(server.setup_token)
            context = await browser.new_context(viewport={"width": 1280, "height": 800})
            page = await context.new_page()
            await do.sign_in(page, server.url)
            await page.close()
            yield api, context
            await browser.close()
    finally:
        server.stop()


async def _page(context: BrowserContext, script: str) -> Page:
    page = await context.new_page()
    if script:
        await page.add_init_script(script)
    return page
