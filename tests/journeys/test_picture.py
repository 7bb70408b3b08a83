"""The README's picture: two browsers in a room, in step.

make test ARGS="tests/journeys/test_picture.py --picture web/images/two-browsers.png"
"""

import asyncio
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from tests.films import AAC, FASTSTART, H264, Films, ffmpeg, tone
from tests.journeys import people as do
from tests.journeys.people import People
from tests.process import ServerProcess

# A clock over moving colours: that both screens show the same frame can be read off the picture.
CLOCK = (
    "gradients=size=640x360:rate=25:duration=60:speed=0.02:c0=0x0b132b:c1=0x3a506b:c2=0xb56576:c3=0xeaac8b:n=4,"
    r"drawtext=text='%{pts\:hms}':fontsize=64:fontcolor=white@0.92:x=(w-text_w)/2:y=h/6"
)


async def test_the_picture_of_two_browsers_in_step(
    server_process: ServerProcess,
    people: People,
    films: Films,
    firefox: Browser,
    pytestconfig: pytest.Config,
    tmp_path: Path,
) -> None:
    film = films.made("Harbour lights.mp4", "-f", "lavfi", "-i", CLOCK, *tone(60), *H264, "-g", "50", *AAC, *FASTSTART)
    ada, grace = await people.arrive(width=960, height=600), await people.arrive(firefox, width=960, height=600)
    for page in (ada, grace):
        await page.emulate_media(color_scheme="dark")
    await do.make_first_account(ada, f"{server_process.url}/setup?token={server_process.setup_token}")
    await do.upload(ada, server_process.url, film)
    await do.join_as_guest(grace, await do.watch_together(ada), "Grace")
    await do.until_loaded(grace)
    await do.say(grace, "Are we at the same place?")
    await do.say(ada, "To the frame.")
    await do.press(ada, "5")
    await do.press(ada, "k")
    for page in (ada, grace):
        await do.until_moving(page, 50)
    await do.press(grace, "k")
    for page in (ada, grace):
        await do.until_paused(page)
    await asyncio.sleep(1)
    picture = await side_by_side((ada, grace), tmp_path)
    assert 10_000 < picture.stat().st_size < 400_000
    if kept := pytestconfig.getoption("--picture"):
        shutil.copy(picture, kept)


async def side_by_side(pages: Sequence[Page], folder: Path) -> Path:
    """One PNG of few colours with all the pages beside each other."""
    shots = [folder / f"{number}.png" for number in range(len(pages))]
    for page, shot in zip(pages, shots, strict=True):
        await page.screenshot(path=shot)
    inputs = [word for shot in shots for word in ("-i", str(shot))]
    join = f"hstack=inputs={len(shots)},split[a][b];[a]palettegen=max_colors=160[p];[b][p]paletteuse=dither=bayer"
    ffmpeg(*inputs, "-filter_complex", join, str(folder / "picture.png"))
    return folder / "picture.png"
