"""Webhooks as administrators keep them over HTTP; what is sent and when is held in tests/services."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import Client
from tests.http.conftest import setup_token, started
from tests.receiver import Receiver
from watchparty.app import Running

HOOKS = "/api/v1/admin/webhooks"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Running]:
    async with started(tmp_path / "data", webhook_private=True) as server:
        yield server


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver.open() as receiver:
        yield receiver


async def added(admin: Client, receiver: Receiver, **more: Any) -> tuple[str, str]:
    made = await admin.post(HOOKS, {"url": receiver.url, **more}, 201)
    return made["webhook"]["id"], made["secret"]


async def settled(admin: Client, hook: str) -> Any:
    """The newest delivery, once it has its end."""
    while True:
        items = (await admin.get(f"{HOOKS}/{hook}/deliveries"))["items"]
        if items and items[0]["finished_at"]:
            return items[0]


async def test_a_room_that_is_made_is_told_to_another_program(admin: Client, receiver: Receiver) -> None:
    hook, secret = await added(admin, receiver, events=["RoomCreated"], description="The bot")
    room = await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)
    (got,) = await receiver.until(1)
    said = got.verified(secret)
    assert (said["type"], said["data"]["subject"], said["data"]["name"]) == ("RoomCreated", room["id"], "Friday")
    delivery = await settled(admin, hook)
    assert (delivery["id"], delivery["status"], delivery["type"]) == (got.id, "delivered", "RoomCreated")
    assert delivery["body"].encode() == got.body
    (made,) = delivery["tries"]
    assert made["status"] == 200 and made["seconds"] >= 0 and made["answer"].startswith("200: thanks")


async def test_the_secret_is_shown_once_and_a_new_one_likewise(admin: Client, receiver: Receiver) -> None:
    hook, secret = await added(admin, receiver)
    for path in (HOOKS, f"{HOOKS}/{hook}", "/api/v1/admin/audit"):
        assert secret not in str(await admin.get(path))
    renewed = await admin.post(f"{HOOKS}/{hook}/secret")
    assert renewed["secret"].startswith("whsec_") and renewed["secret"] != secret
    assert renewed["webhook"]["former_secret_until"]


async def test_it_is_changed_disabled_and_deleted_and_the_audit_knows(admin: Client, receiver: Receiver) -> None:
    hook, _ = await added(admin, receiver)
    changed = await admin.call("PATCH", f"{HOOKS}/{hook}", {"events": ["JobFailed"], "enabled": False})
    assert (changed["events"], changed["enabled"], changed["url"]) == (["JobFailed"], False, receiver.url)
    await admin.post(f"{HOOKS}/{hook}/test", status=409)
    assert [each["id"] for each in (await admin.get(HOOKS))["items"]] == [hook]
    await admin.call("DELETE", f"{HOOKS}/{hook}", status=204)
    await admin.get(f"{HOOKS}/{hook}", 404)
    deeds = [each["action"] for each in (await admin.get("/api/v1/admin/audit?action=webhook"))["items"]]
    assert deeds == ["webhook.deleted", "webhook.changed", "webhook.created"]


async def test_a_change_of_what_has_changed_meanwhile_is_refused(admin: Client, receiver: Receiver) -> None:
    hook, _ = await added(admin, receiver)
    url = admin.absolute(f"{HOOKS}/{hook}")
    async with admin.session.get(url, headers=admin.headers()) as answer:
        tag = answer.headers["ETag"]
    headers = {**admin.headers(), "If-Match": tag}
    for description, status in (("first", 200), ("second", 412)):
        async with admin.session.patch(url, json={"description": description}, headers=headers) as answer:
            assert answer.status == status


async def test_a_delivery_is_sent_again_by_hand(admin: Client, receiver: Receiver) -> None:
    hook, _ = await added(admin, receiver, events=["RoomEnded"])
    sent = await admin.post(f"{HOOKS}/{hook}/test", status=202)
    await receiver.until(1)
    await settled(admin, hook)
    await admin.post(f"{HOOKS}/{hook}/deliveries/{sent['id']}/replay", status=202)
    again = (await receiver.until(2))[1]
    assert again.id == sent["id"]
    await admin.post(f"{HOOKS}/{hook}/deliveries/nothing/replay", status=404)


async def test_lists_come_a_page_at_a_time(admin: Client, receiver: Receiver) -> None:
    hooks = [(await added(admin, receiver, enabled=False))[0] for _ in range(3)]
    first = await admin.get(f"{HOOKS}?limit=2")
    rest = await admin.get(f"{HOOKS}?limit=2&cursor={first['next_cursor']}")
    assert [each["id"] for each in first["items"] + rest["items"]] == hooks[::-1]
    assert rest["next_cursor"] is None
    await admin.get(f"{HOOKS}?cursor=nonsense", 422)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "ftp://example.org"}, "/url"),
        ({"url": "https://ann:pw@example.org"}, "/url"),
        ({"url": "https://example.org", "events": ["Everything"]}, "/events/0"),
        ({"url": "https://example.org", "description": "x" * 201}, "/description"),
        ({"url": "https://example.org", "secret": "mine"}, "/secret"),
    ],
)
async def test_what_cannot_be_is_said_at_its_field(admin: Client, body: Any, pointer: str) -> None:
    problem = await admin.post(HOOKS, body, 422)
    assert pointer in {error["pointer"] for error in problem["errors"]}


async def test_private_addresses_are_refused_unless_the_setting_allows_them(tmp_path: Path) -> None:
    async with started(tmp_path / "data") as running, Client(f"http://127.0.0.1:{running.port}") as admin:
        await admin.setup(setup_token(running))
        problem = await admin.post(HOOKS, {"url": "http://127.0.0.1:1/hook"}, 422)
        assert "webhook_private" in problem["errors"][0]["detail"]
