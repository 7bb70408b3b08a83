"""Real clients of resumable uploads on lines that are cut, reset, slow or deaf: every film arrives whole, and once."""

import asyncio
import hashlib
import os
import runpy
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from tusclient.client import TusClient
from tusclient.exceptions import TusCommunicationError, TusUploadFailed

from tests.client import Client
from tests.cutting_line import cutting_line
from tests.films import Films

SCRIPT = Path(__file__).parents[1] / "tus_client.mjs"
ROOT = Path(__file__).parents[2]
MODULES = ROOT / "web" / "package.json"
# A client that has sent nothing for so long has given up, or the server has.
PATIENCE = 300.0

Sender = Callable[[str, str, Sequence[Path]], Awaitable[None]]
"""Sends files to the server at a URL in the name of a token."""


async def by_tuspy(url: str, token: str, files: Sequence[Path]) -> None:
    """One after the other; the creation, which tuspy does not try again, is tried again here."""
    for path in files:
        await asyncio.to_thread(_by_tuspy, url, token, path)


def _by_tuspy(url: str, token: str, path: Path) -> None:
    client = TusClient(f"{url}/api/v1/uploads", headers={"Authorization": f"Bearer {token}"})
    until = time.monotonic() + PATIENCE
    with path.open("rb") as file:
        uploader = client.uploader(
            file_stream=file, chunk_size=100_000, metadata={"filename": path.name}, retries=3, retry_delay=0.02
        )
        while True:
            try:
                if uploader.url:
                    uploader.offset = uploader.get_offset()
                uploader.upload()
                return
            except (TusCommunicationError, TusUploadFailed):
                assert time.monotonic() < until


async def by_tus_js_client(url: str, token: str, files: Sequence[Path]) -> None:
    """Two at a time, on Node.js."""
    node = runpy.run_path(str(ROOT / "packaging" / "front_end.py"))["node"]()
    process = await asyncio.create_subprocess_exec(
        node, str(SCRIPT), f"{url}/api/v1/uploads", token, str(MODULES), *map(str, files), env={**os.environ}
    )
    try:
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    finally:
        if process.returncode is None:
            process.kill()


SENDERS = [pytest.param(by_tuspy, id="tuspy"), pytest.param(by_tus_js_client, id="tus-js-client")]


@pytest.mark.parametrize("send", SENDERS)
async def test_films_arrive_whole_and_once_over_lines_that_break(
    user: Client, films: Films, tmp_path: Path, send: Sender
) -> None:
    await _arrive(user, files_of(films, tmp_path, 3), 3, send)


@pytest.mark.soak
@pytest.mark.parametrize("send", SENDERS)
@pytest.mark.parametrize(("count", "faults"), [(20, 5), (100, 10)])
async def test_many_films_arrive_whole_and_once_over_lines_that_break(
    user: Client, films: Films, tmp_path: Path, count: int, faults: int, send: Sender
) -> None:
    await _arrive(user, files_of(films, tmp_path, count), faults, send)


def files_of(films: Films, folder: Path, count: int) -> list[Path]:
    """Files that begin as a film and go on for some megabytes, each another one."""
    head = films.h264.read_bytes()[:200_000]
    made = [folder / f"film-{number}.mp4" for number in range(count)]
    for number, path in enumerate(made):
        path.write_bytes(head + os.urandom(1_500_000 + 100_000 * (number % 20)))
    return made


async def _arrive(user: Client, files: list[Path], faults: int, send: Sender) -> None:
    port = int(user.url.rpartition(":")[2])
    for number, path in enumerate(files):
        async with cutting_line(port, faults=faults, longest=path.stat().st_size // (faults + 2), seed=number) as line:
            await send(line.url, user.token or "", [path])
        assert len(line.happened) == faults
    sent = sorted(hashlib.sha256(path.read_bytes()).hexdigest() for path in files)
    assert sorted(await _hashes(user)) == sent


async def _hashes(user: Client) -> list[str]:
    """Of every film whose bytes have come; what was begun and never heard of stays pending for a day."""
    found, cursor = [], ""
    while True:
        page = await user.get(f"/api/v1/videos?limit=100{cursor}")
        for video in page["items"]:
            if video["status"] != "pending":
                url = user.absolute(f"/api/v1/videos/{video['id']}/asset?kind=original")
                async with user.session.get(url, headers=user.headers()) as answer:
                    found.append(hashlib.sha256(await answer.read()).hexdigest())
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"
