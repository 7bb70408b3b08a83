"""How soon there is something to see: after the last byte of an upload, and after asking for any segment."""

import asyncio
import re
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.client import Client
from tests.process import ServerProcess
from watchparty.media.inspect import inspect
from watchparty.media.remux import copied_pictures

TRIES = 5


async def first_frames(footage: Footage, folder: Path) -> None:
    """From the upload's 200 to `ready`, and to the first segment in hand."""
    print("from an upload's last byte, in s (median of 5)")
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as api:
            await api.setup(server.setup_token)
            for name, film in (
                ("H.264/AAC 720p", footage.h264(60, 720)),
                ("HEVC 720p", footage.hevc(60, 720)),
                ("HEVC 1080p", footage.hevc(60, 1080)),
            ):
                ready, first = zip(*[await watchable(api, film) for _ in range(TRIES)], strict=True)
                print(f"  {name:<18}ready {middle(ready):5.2f}   first segment {middle(first):5.2f}")
    finally:
        server.stop()


async def watchable(api: Client, film: Path) -> tuple[float, float]:
    video = await api.upload(film)
    begun = time.monotonic()
    await api.until_settled(video["id"])
    ready = time.monotonic() - begun
    lowest = (await renditions(api, video["id"]))[-1]
    await segment(api, lowest, 0)
    first = time.monotonic() - begun
    await api.call("DELETE", f"/api/v1/videos/{video['id']}", status=204)
    return ready, first


async def segments(footage: Footage, folder: Path) -> None:
    """From asking for a segment that nobody has made yet to having it."""
    print("a segment on demand, in ms")
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as api:
            await api.setup(server.setup_token)
            video = await api.ready(footage.h264(600, 720))
            for rendition in await renditions(api, video["id"]):
                count = len(segment_names(await api.bytes(rendition)))
                times = []
                for turn in range(12):
                    index = turn * 37 % count
                    times.append(1000 * await timed(partial(segment, api, rendition, index)))
                name = rendition.split("/")[-2]
                others = f"others median {middle(times[1:]):6.0f}, most {max(times[1:]):6.0f}"
                print(f"  {name:<10}first {times[0]:6.0f}   {others}")
    finally:
        server.stop()


async def copied(footage: Footage, folder: Path) -> None:
    """A segment of the untouched picture, 1080p: cut out of the file, and asked for over HTTP, by turns."""
    print("a copied segment, 1080p, in ms")
    film = footage.looped(footage.h264(20, 1080), seconds=600)
    inspection = inspect(str(film))
    track, start, grid = inspection.source.video, inspection.source.start, inspection.grid
    assert track
    cut = partial(copied_pictures, str(film), track.index, start, grid.copy)
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as api:
            await api.setup(server.setup_token)
            playlist = (await renditions(api, (await api.ready(film))["id"]))[0]
            names = segment_names(await api.bytes(playlist))
            inside, asked = [], []
            for turn in range(40):
                index = turn * 37 % len(names)
                inside.append(1000 * await timed(partial(asyncio.to_thread, cut, index)))
                address = f"{playlist.rsplit('/', 1)[0]}/{names[index]}"
                asked.append(1000 * await timed(partial(api.bytes, address)))
            for name, times in (("inside", inside), ("over HTTP", asked)):
                print(f"  {name:<10}first {times[0]:.0f}, then {Figures(times[1:]):.1f}")
    finally:
        server.stop()


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.monotonic()
    await work()
    return time.monotonic() - begun


async def renditions(api: Client, video_id: str) -> list[str]:
    """The addresses of the picture's playlists, the best first."""
    master = await api.master(video_id)
    lines = (await api.bytes(master)).decode()
    found = re.findall(r"BANDWIDTH=(\d+).*\n([^#\s].*)", lines)
    return [f"{master.rsplit('/', 1)[0]}/{name}" for _, name in sorted(found, key=lambda each: -int(each[0]))]


async def segment(api: Client, playlist: str, index: int) -> bytes:
    name = segment_names(await api.bytes(playlist))[index]
    return await api.bytes(f"{playlist.rsplit('/', 1)[0]}/{name}")


def segment_names(playlist: bytes) -> list[str]:
    return re.findall(r"^([^#\s].*)$", playlist.decode(), re.MULTILINE)


def middle(values: Sequence[float]) -> float:
    return statistics.median(values)
