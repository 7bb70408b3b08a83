import asyncio
from pathlib import Path
from typing import Any

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started

SETTINGS = "/api/v1/admin/settings"


async def change(admin: Client, body: Any, status: int = 200) -> Any:
    return await admin.call("PATCH", SETTINGS, body, status)


async def test_a_setting_holds_at_once(admin: Client, nobody: Client) -> None:
    bob = {"username": "bob", "password": PASSWORD}
    assert (await change(admin, {"registration": "closed"}))["registration"] == "closed"
    await nobody.post("/api/v1/auth/register", bob, 403)
    await change(admin, {"registration": "open"})
    await nobody.post("/api/v1/auth/register", bob, 201)


async def test_the_cap_of_the_segments_and_of_an_upload_hold_at_once(admin: Client) -> None:
    await change(admin, {"segment_cache": 70 << 20, "keep_free": 5, "max_upload": 1000})
    cache = (await admin.get("/api/v1/admin/stats"))["cache"]
    assert cache["cap_bytes"] == 70 << 20 and cache["floor_bytes"] == 5
    await admin.post("/api/v1/videos", {"filename": "a.mp4", "size": 1001}, 413)


async def test_a_change_outlives_a_restart_and_says_that_it_is_one(tmp_path: Path) -> None:
    async with started(tmp_path, quota=3) as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.setup(setup_token(running))
        assert (await admin.get(SETTINGS))["sources"]["quota"] == "default"
        await change(admin, {"quota": 9, "public_to_all": True})
    async with started(tmp_path, quota=3) as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.login()
        settings = await admin.get(SETTINGS)
        assert settings["quota"] == 9 and settings["public_to_all"] is True
        assert settings["sources"]["quota"] == "changed" and settings["configured"]["quota"] == 3
        back = await change(admin, {"quota": None})
        assert back["quota"] == 3 and back["sources"]["quota"] == "default" and back["public_to_all"] is True


async def test_settings_say_where_they_come_from(tmp_path: Path) -> None:
    sources = {"quota": "file", "host": "flag"}
    async with (
        started(tmp_path, quota=3, sources=sources) as running,
        Client(f"http://127.0.0.1:{running.port}") as admin,
    ):
        await admin.setup(setup_token(running))
        settings = await admin.get(SETTINGS)
    assert settings["sources"]["quota"] == "file" and settings["sources"]["keep_free"] == "default"
    fixed = {each["name"]: each for each in settings["fixed"]}
    assert fixed["host"] == {"name": "host", "value": "127.0.0.1", "source": "flag"}
    assert "quota" not in fixed and "sources" not in fixed


async def test_a_value_that_cannot_be_is_refused_by_name(admin: Client) -> None:
    before = await admin.get(SETTINGS)
    for name, value in (
        ("registration", "perhaps"),
        ("quota", -1),
        ("quota", "1"),
        ("quota", 1.5),
        ("max_upload", 0),
        ("segment_cache", 1),
        ("segment_cache", 1 << 80),
        ("background", 1),
        ("port", 80),
    ):
        problem = await change(admin, {"public_to_all": True, name: value}, 422)
        assert [error["pointer"] for error in problem["errors"]] == [f"/{name}"]
    assert await admin.get(SETTINGS) == before


async def patched(admin: Client, body: Any, tag: str) -> int:
    headers = {**admin.headers(), "If-Match": tag}
    async with admin.session.patch(admin.absolute(SETTINGS), json=body, headers=headers) as answer:
        return answer.status


async def tag_of(admin: Client) -> str:
    async with admin.session.get(admin.absolute(SETTINGS), headers=admin.headers()) as answer:
        return answer.headers["ETag"]


async def test_of_many_who_change_what_they_saw_one_does(admin: Client) -> None:
    tag = await tag_of(admin)
    statuses = await asyncio.gather(*(patched(admin, {"quota": size}, tag) for size in range(1, 9)))
    assert sorted(statuses) == [200] + [412] * 7
    entries = (await admin.get("/api/v1/admin/audit?action=settings"))["items"]
    assert len(entries) == 1
    assert await patched(admin, {"quota": 100}, await tag_of(admin)) == 200


async def test_what_has_not_changed_is_not_sent_again(admin: Client) -> None:
    headers = {**admin.headers(), "If-None-Match": await tag_of(admin)}
    async with admin.session.get(admin.absolute(SETTINGS), headers=headers) as answer:
        assert answer.status == 304


async def test_only_administrators_see_or_change_settings(user: Client, nobody: Client) -> None:
    await user.get(SETTINGS, 403)
    await change(user, {"quota": 1}, 403)
    await change(nobody, {"quota": 1}, 401)
