"""How long poster and storyboard of a film of two hours take."""

import asyncio
import time
from pathlib import Path

from tests.bench.footage import Footage
from tests.films import ffmpeg
from watchparty.domain.storyboard import storyboard
from watchparty.media.inspect import inspect
from watchparty.media.poster import poster
from watchparty.media.storyboard import Sheet, sheets

HOURS = 2
CLIP_SECONDS = 60


async def measure(footage: Footage, folder: Path) -> None:
    print(f"poster and storyboard of {HOURS} hours of H.264, in s")
    for height in (720, 1080):
        film = folder / f"{height}.mp4"
        clip = footage.h264(CLIP_SECONDS, height)
        turns = HOURS * 3600 // CLIP_SECONDS - 1
        await asyncio.to_thread(ffmpeg, "-stream_loop", str(turns), "-i", str(clip), "-c", "copy", str(film))
        print(f"  {height}p   {await asyncio.to_thread(made, str(film))}")
        film.unlink()


def made(path: str) -> str:
    source = inspect(path).source
    assert source.video is not None
    begun = time.monotonic()
    face = poster(path, source)
    after_poster = time.monotonic()
    board = storyboard(source.duration, source.video.display_width, source.video.display_height)
    drawn = [step for step in sheets(path, source, board) if isinstance(step, Sheet)]
    ended = time.monotonic()
    size = sum(len(sheet.data) for sheet in drawn)
    return (
        f"poster {after_poster - begun:5.2f}   storyboard {ended - after_poster:5.2f}"
        f"   together {ended - begun:5.2f} (aim 15)   {board.count} pictures, {size / 1e6:.1f} MB,"
        f" poster {len(face or b'') / 1e3:.0f} kB"
    )
