"""Uploads when a server is killed or its disk is full: nothing acknowledged is lost, and nothing strays."""

import asyncio
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.process import ServerProcess
from tests.tus import Tus, begun


async def test_what_was_acknowledged_survives_kill_9_in_the_middle_of_the_next_piece(
    server_process: ServerProcess, films: Films
) -> None:
    film = films.h264.read_bytes()
    async with server_process.client() as ada:
        await ada.setup(server_process.setup_token)
        url = await Tus(ada).create(len(film))
        await Tus(ada).patch(url, 0, film[:9000])
        async with begun(url, 9000, len(film) - 9000) as line:
            line.write(film[9000:20_000])
            (partial,) = (server_process.data / "uploads").glob("*.partial")
            while partial.stat().st_size < 20_000:
                await asyncio.sleep(0.01)
            server_process.kill()
    server_process.start()
    async with server_process.client() as ada:
        await ada.login()
        offset = await Tus(ada).offset(url)
        assert offset >= 9000
        await Tus(ada).patch(url, offset, film[offset:])
        assert await whole(ada) == hashlib.sha256(film).hexdigest()
    assert not [*(server_process.data / "uploads").glob("*.partial")]


async def test_a_film_that_became_an_object_and_was_not_committed_is_finished_by_the_next_try(
    server_process: ServerProcess, films: Films
) -> None:
    film = films.h264.read_bytes()
    async with server_process.client() as ada:
        await ada.setup(server_process.setup_token)
        url = await Tus(ada).create(len(film))
        await Tus(ada).patch(url, 0, film[:9000])
        (video,) = (await ada.get("/api/v1/videos"))["items"]
    server_process.kill()
    (partial,) = (server_process.data / "uploads").glob("*.partial")
    target = server_process.data / "objects" / "originals" / video["id"] / partial.stem
    target.parent.mkdir(parents=True)
    partial.write_bytes(film)
    partial.rename(target)
    server_process.start()
    async with server_process.client() as ada:
        await ada.login()
        assert await Tus(ada).offset(url) == 9000
        await Tus(ada).patch(url, 9000, film[9000:])
        assert await whole(ada) == hashlib.sha256(film).hexdigest()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m", "tmpfs", place], capture_output=True, text=True)
    if done.returncode != 0:
        pytest.skip(f"A small disk cannot be mounted here: {done.stderr.strip()}")
    yield place
    subprocess.run(["umount", place], check=True)


async def test_a_full_disk_keeps_what_came_and_the_upload_goes_on_when_there_is_room(
    small_disk: Path, films: Films
) -> None:
    film = films.h264.read_bytes()
    film += (8 << 20).to_bytes(4) + b"free" + b"x" * ((8 << 20) - 8)
    server = ServerProcess(small_disk / "data")
    server.start()
    try:
        async with server.client() as ada:
            await ada.setup(server.setup_token)
            url = await Tus(ada).create(len(film))
            ballast = small_disk / "ballast"
            with pytest.raises(OSError), ballast.open("wb", buffering=0) as file:
                while file.write(b"x" * 65536) == 65536:
                    """Until there is no room."""
                raise OSError
            with ballast.open("rb+") as file:
                file.truncate(ballast.stat().st_size - (2 << 20))
            await Tus(ada).patch(url, 0, film, 507)
            ballast.unlink()
            offset = await Tus(ada).offset(url)
            await Tus(ada).patch(url, offset, film[offset:])
            assert await whole(ada) == hashlib.sha256(film).hexdigest()
    finally:
        server.stop()
    assert "Traceback" not in server.output, server.output


async def whole(ada: Client) -> str:
    """The hash of the one film there is."""
    (video,) = (await ada.get("/api/v1/videos"))["items"]
    url = ada.absolute(f"/api/v1/videos/{video['id']}/asset?kind=original")
    async with ada.session.get(url, headers=ada.headers()) as answer:
        return hashlib.sha256(await answer.read()).hexdigest()
