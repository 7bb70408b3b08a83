"""What people may keep, what they do keep, and the same file sent twice."""

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started
from tests.http.test_bad_days import DAY, WallClock
from tests.tus import Tus
from watchparty.app import serving
from watchparty.settings import Settings

QUOTA = 10_000_000
STORAGE = "/api/v1/users/me/storage"


@pytest.fixture
async def bob(tmp_path: Path) -> AsyncIterator[Client]:
    """Somebody on a server where each may keep ten million bytes."""
    async with started(tmp_path / "data", quota=QUOTA) as running:
        url = f"http://127.0.0.1:{running.port}"
        async with Client(url) as ada, Client(url) as bob:
            await ada.setup(setup_token(running))
            await bob.register("bob")
            yield bob


async def test_uploads_under_way_count_and_of_many_at_once_none_too_many_begin(bob: Client) -> None:
    tus = Tus(bob)
    begun = await asyncio.gather(*(tus.create(3_000_000) for _ in range(5)), return_exceptions=True)
    urls = [url for url in begun if isinstance(url, str)]
    assert len(urls) == 3
    assert await bob.get(STORAGE) == {"used": 9_000_000, "quota": QUOTA, "videos": 0}
    refused = await bob.post("/api/v1/videos", {"filename": "a.mp4", "size": 2_000_000}, 413)
    assert "10,000,000 bytes" in refused["detail"] and "1,000,000 are left" in refused["detail"]
    await tus.call("DELETE", urls[0], 204)
    await bob.post("/api/v1/videos", {"filename": "a.mp4", "size": 2_000_000}, 201)
    assert len((await bob.get("/api/v1/videos"))["items"]) == 3, "what was refused left nothing"


async def test_a_size_nobody_announced_stays_within_the_quota(bob: Client, films: Films, tmp_path: Path) -> None:
    film = films.h264.read_bytes()
    await Tus(bob).create(QUOTA - len(film) + 1)
    made = await bob.post("/api/v1/videos", {"filename": "a.mp4"}, 201)
    async with bob.session.put(bob.absolute(made["upload"]["url"]), data=io.BytesIO(film)) as answer:
        assert answer.status == 413
    await Tus(bob).patch(made["upload"]["tus_url"], 0, film, 413)
    assert not [path for path in (tmp_path / "data" / "objects").rglob("*") if path.is_file()]


async def test_what_is_kept_is_counted_until_it_is_deleted(bob: Client, films: Films) -> None:
    video = await bob.upload(films.h264)
    size = films.h264.stat().st_size
    assert await bob.get(STORAGE) == {"used": size, "quota": QUOTA, "videos": 1}
    assert video["size"] == size


async def test_the_same_file_is_told_of_to_those_who_may_see_it(admin: Client, user: Client, films: Films) -> None:
    hidden = await admin.ready(films.h264, title="Hidden")
    shown = await admin.ready(films.h264, title="Shown", visibility="public")
    other = await admin.ready(films.long_h264, title="Another", visibility="public")
    url = await Tus(user).create(films.h264.stat().st_size)
    await Tus(user).patch(url, 0, films.h264.read_bytes())
    (mine,) = [video for video in (await user.get("/api/v1/videos"))["items"] if video["mine"]]
    same = (await user.get(f"/api/v1/videos/{mine['id']}/duplicates"))["items"]
    assert [video["title"] for video in same] == ["Shown"]
    same = (await admin.get(f"/api/v1/videos/{shown['id']}/duplicates"))["items"]
    assert [video["id"] for video in same] == [hidden["id"], mine["id"]]
    assert (await admin.get(f"/api/v1/videos/{other['id']}/duplicates"))["items"] == []


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


async def test_an_upload_that_rests_needs_its_owner_after_an_hour_and_is_gone_after_a_day(
    tmp_path: Path, films: Films, clock: WallClock
) -> None:
    settings = Settings(data=str(tmp_path / "data"), host="127.0.0.1", port=0)
    film = films.h264.read_bytes()
    async with serving(settings, clock) as running:
        url = f"http://127.0.0.1:{running.port}"
        async with Client(url) as ada, Client(url) as nobody:
            await ada.setup(setup_token(running))
            address = await Tus(ada).create(len(film))
            clock.set_by = 3000
            await Tus(nobody).patch(address, 0, film[:1000])
            clock.set_by = 6000
            await Tus(nobody).patch(address, 1000, film[1000:2000])
            clock.set_by = 10_000
            await Tus(nobody).offset(address, 401)
            await ada.login()
            assert await Tus(ada).offset(address) == 2000
            clock.set_by = 6000 + DAY
            await Tus(nobody).offset(address, 404)
    async with serving(settings, clock) as running, Client(f"http://127.0.0.1:{running.port}") as ada:
        await ada.login()
        assert (await ada.get("/api/v1/videos"))["items"] == []
        assert not [*(tmp_path / "data" / "uploads").iterdir()]
