import asyncio
import io
import time
from typing import Any
from urllib.parse import quote

from tests.client import PASSWORD, Client
from tests.process import ServerProcess

BACKUPS = "/api/v1/admin/backups"


async def made(admin: Client) -> Any:
    """The newest backup, once it has been made."""
    await admin.post(BACKUPS, status=202)
    while (page := await admin.get(BACKUPS))["progress"] is not None:
        await asyncio.sleep(0.02)
    assert page["failure"] is None
    return page["items"][0]


async def fetched(client: Client, name: str, status: int = 200, **headers: str) -> bytes:
    path = client.absolute(f"{BACKUPS}/{name}")
    async with client.session.get(path, headers={**client.headers(), **headers}) as answer:
        assert answer.status == status
        return await answer.read()


async def brought(client: Client, content: bytes, status: int = 201) -> Any:
    path = client.absolute(f"{BACKUPS}/uploaded")
    async with client.session.post(path, data=io.BytesIO(content), headers=client.headers()) as answer:
        assert answer.status == status, await answer.text()
        return await answer.json(content_type=None)


async def test_a_backup_is_made_taken_away_deleted_and_brought_back(admin: Client) -> None:
    assert (await admin.get(BACKUPS))["items"] == []
    backup = await made(admin)
    assert backup["kind"] == "by-hand" and backup["size"] > 4096 and backup["holds"] == ["database"]
    content = await fetched(admin, backup["name"])
    assert len(content) == backup["size"] and content.startswith(b"SQLite format 3\0")
    assert await fetched(admin, backup["name"], 206, Range="bytes=100-199") == content[100:200]
    await admin.call("DELETE", f"{BACKUPS}/{backup['name']}", status=204)
    await fetched(admin, backup["name"], 404)
    again = await brought(admin, content)
    assert again["kind"] == "uploaded" and again["size"] == backup["size"] and again["schema"] == backup["schema"]
    deeds = [entry["action"] for entry in (await admin.get("/api/v1/admin/audit?action=backup"))["items"]]
    assert deeds == ["backup.uploaded", "backup.deleted", "backup.downloaded", "backup.made"]


async def test_what_is_no_backup_is_not_kept(admin: Client) -> None:
    whole = await fetched(admin, (await made(admin))["name"])
    await brought(admin, b"", 415)
    await brought(admin, b"MZ" + bytes(5000), 415)
    await brought(admin, whole[: len(whole) // 2], 409)
    await brought(admin, whole[:16] + bytes(10_000), 409)
    assert len((await admin.get(BACKUPS))["items"]) == 1


async def test_a_restore_wants_the_name_typed_and_no_name_leads_elsewhere(admin: Client) -> None:
    backup = await made(admin)
    problem = await admin.post(f"{BACKUPS}/{backup['name']}/restore", {"name": "something"}, 422)
    assert problem["errors"][0]["pointer"] == "/name"
    for name in ("watchparty.db", "../watchparty.db", "..", "by-hand-x/../../watchparty.db", "by-hand-x.db\0", "%"):
        path = f"{BACKUPS}/{quote(name, safe='')}"
        await fetched(admin, quote(name, safe=""), 404)
        await admin.call("DELETE", path, status=404)
        await admin.post(f"{path}/restore", {"name": name}, 404)


async def test_only_administrators_reach_backups(admin: Client, user: Client) -> None:
    name = (await made(admin))["name"]
    await user.get(BACKUPS, 403)
    await user.post(BACKUPS, status=403)
    await fetched(user, name, 403)
    await brought(user, b"x", 403)
    await user.post(f"{BACKUPS}/{name}/restore", {"name": name}, 403)


async def test_a_restore_brings_back_what_was_and_can_be_undone(server_process: ServerProcess) -> None:
    async with server_process.client() as admin:
        await admin.setup(server_process.setup_token)
        backup = await made(admin)
        await admin.post("/api/v1/auth/register", {"username": "bob", "password": PASSWORD}, 201)
        await admin.post(f"{BACKUPS}/{backup['name']}/restore", {"name": backup["name"]}, 202)
        await started_anew(server_process, 1)
        await admin.post("/api/v1/auth/login", {"username": "bob", "password": PASSWORD}, 401)
        before = (await admin.get(BACKUPS))["items"][0]
        assert before["kind"] == "before-restore"
        assert (await admin.get("/api/v1/admin/audit"))["items"][0]["action"] == "backup.in-place"
        await admin.post(f"{BACKUPS}/{before['name']}/restore", {"name": before["name"]}, 202)
        await started_anew(server_process, 2)
        await admin.post("/api/v1/auth/login", {"username": "bob", "password": PASSWORD})


async def started_anew(server: ServerProcess, times: int) -> None:
    """Once the server's greeting has been printed that often again."""
    until = time.monotonic() + 60
    while server.output.count("Ctrl-C stops the server") <= times:
        assert time.monotonic() < until, server.output
        await asyncio.sleep(0.05)
