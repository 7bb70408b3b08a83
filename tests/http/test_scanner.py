"""A virus scanner is asked about every new file before anybody sees it, and what it refuses says why."""

import asyncio
import contextlib
import shutil
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started
from watchparty.domain.errors import Invalid
from watchparty.services.scanner import BROKEN, Scanner

SCRIPT = """
import pathlib, sys, time
film = pathlib.Path(sys.argv[-1])
assert film.read_bytes()[:8]
told = pathlib.Path(sys.argv[1])
told.write_text(str(film))
while "wait" in sys.argv and not (told.parent / "go").exists():
    time.sleep(0.01)
if "refuse" in sys.argv:
    print("Eicar-Test-Signature FOUND\\nand more")
    sys.exit(1)
sys.exit(7 if "fail" in sys.argv else 0)
"""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "scan.py"
    path.write_text(SCRIPT)
    return path


@contextlib.asynccontextmanager
async def scanned(tmp_path: Path, script: Path, *words: str) -> AsyncIterator[Client]:
    """The administrator of a server with such a scanner."""
    command = (sys.executable, str(script), str(tmp_path / "told"), *words)
    async with (
        started(tmp_path / "data", scan_command=command) as running,
        Client(f"http://127.0.0.1:{running.port}") as ada,
    ):
        await (ada.setup(setup_token(running)) if running.setup_url else ada.login())
        yield ada


async def test_a_film_that_is_refused_fails_with_what_the_scanner_said(
    tmp_path: Path, script: Path, films: Films
) -> None:
    async with scanned(tmp_path, script, "refuse") as ada:
        sent = await ada.until_settled((await ada.upload(films.h264))["id"])
        assert sent["status"] == "failed"
        assert sent["reason"] == "The virus scanner refused this file: Eicar-Test-Signature FOUND"
        shutil.copy(films.vp9, tmp_path / "data" / "library" / "dropped.webm")
        while len(items := (await ada.get("/api/v1/videos"))["items"]) < 2:
            await asyncio.sleep(0.1)
        (dropped,) = [video for video in items if video["id"] != sent["id"]]
        assert (await ada.until_settled(dropped["id"]))["status"] == "failed"


async def test_a_film_is_not_looked_at_before_it_was_found_clean_and_a_stop_ends_the_scanner(
    tmp_path: Path, script: Path, films: Films
) -> None:
    async with scanned(tmp_path, script, "wait") as ada:
        video = await ada.upload(films.h264)
        while not (tmp_path / "told").exists():
            await asyncio.sleep(0.01)
        status = await ada.get(f"/api/v1/videos/{video['id']}/status")
        assert (status["status"], status["activity"]) == ("processing", "Being checked for viruses")
    assert not [each for each in psutil.Process().children(recursive=True) if str(script) in each.cmdline()]
    (tmp_path / "go").touch()
    async with scanned(tmp_path, script, "wait") as ada:
        assert (await ada.until_settled(video["id"]))["status"] == "ready", "asked again after the start"


async def test_a_scanner_that_fails_is_asked_again_before_a_file_is_set_aside(tmp_path: Path, script: Path) -> None:
    film = tmp_path / "film; touch hacked $(x).mp4"
    film.write_bytes(b"a film, more or less")
    for command in ((sys.executable, str(script), str(tmp_path / "told"), "fail"), ("no such program",)):
        with pytest.raises(Invalid) as broken:
            await Scanner(command, pauses=(0.0,)).check(film)
        assert str(broken.value) == BROKEN
    await Scanner((sys.executable, str(script), str(tmp_path / "told"))).check(film)
    assert (tmp_path / "told").read_text() == str(film)
