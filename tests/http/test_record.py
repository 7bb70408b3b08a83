"""What happened in a room, as its hosts read it and take it away."""

import asyncio
import csv
import io
import json
import re
import time
from typing import Any

import pytest

from tests.client import Client
from tests.party_client import PartyClient
from watchparty.domain.room import RoomEvent
from watchparty.http.record_files import as_csv


@pytest.fixture
async def room(admin: Client) -> Any:
    return await admin.post("/api/v1/rooms", {"name": "Friday: 7/8"}, 201)


async def evening(admin: Client, user: Client, room: Any) -> None:
    """Ada and Bob meet, Ada makes Bob a co-host, mutes him, changes the room and shows him out."""
    path = f"/api/v1/rooms/{room['id']}"
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as ada:
        async with PartyClient.open(user.url, room["id"], user.token or "") as bob:
            await ada.send("member", op="promote", member_id=bob.you["id"])
            await ada.send("member", op="mute", member_id=bob.you["id"])
            # What comes by another way could overtake it.
            await ada.hears("presence", lambda said: any(member["muted"] for member in said["members"]))
            await admin.call("PATCH", path, {"name": "Saturday", "password": "sesame"})
            await ada.send("member", op="kick", member_id=bob.you["id"])
            await bob.closed()
        await ada.socket.close(code=1000)


async def ended(admin: Client, room: Any) -> Any:
    """The room's only session, once both have left it."""
    until = time.monotonic() + 5
    while True:
        [session] = (await admin.get(f"/api/v1/rooms/{room['id']}/sessions"))["items"]
        if not session["live"] and session["counts"].get("left") == 2:
            return session
        assert time.monotonic() < until, session
        await asyncio.sleep(0.02)


async def exported(client: Client, room: Any, session: Any, kind: str) -> tuple[str, Any]:
    url = client.absolute(f"/api/v1/rooms/{room['id']}/sessions/{session['id']}/events?format={kind}")
    async with client.session.get(url, headers=client.headers()) as answer:
        assert answer.status == 200
        return await answer.text(), answer.headers


async def test_a_session_tells_when_it_was_who_came_and_what_was_done(admin: Client, user: Client, room: Any) -> None:
    await evening(admin, user, room)
    session = await ended(admin, room)
    assert [person["name"] for person in session["people"]] == ["ada", "bob"]
    assert (session["live"], session["films"]) == (False, [])
    assert session["counts"] == {
        "joined": 2, "role": 1, "muted": 1, "settings": 1, "kicked": 1, "left": 2
    }  # fmt: skip
    assert session["events"] == 8


async def test_the_events_say_by_whom_to_whom_and_what(admin: Client, user: Client, room: Any) -> None:
    await evening(admin, user, room)
    session = await ended(admin, room)
    path = f"/api/v1/rooms/{room['id']}/sessions/{session['id']}/events"
    page = await admin.get(f"{path}?limit=5")
    rest = await admin.get(f"{path}?limit=5&cursor={page['next_cursor']}")
    told = [(one["kind"], one["name"], one["target_name"], one["detail"]) for one in page["items"] + rest["items"]]
    assert told[::-1] == [
        ("joined", "ada", None, None),
        ("joined", "bob", None, None),
        ("role", "ada", "bob", "cohost"),
        ("muted", "ada", "bob", None),
        ("settings", "ada", None, "name, password"),
        ("kicked", "ada", "bob", None),
        ("left", "bob", None, None),
        ("left", "ada", None, None),
    ]
    assert rest["next_cursor"] is None


async def test_a_session_is_taken_away_as_csv(admin: Client, user: Client, room: Any) -> None:
    await evening(admin, user, room)
    session = await ended(admin, room)
    text, headers = await exported(admin, room, session, "csv")
    assert headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    assert re.search(r'attachment; filename="Saturday \d{4}-\d\d-\d\d\.csv"', headers["Content-Disposition"])
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert text.count("\r\n") == len(rows) + 1 == 9
    assert rows[2]["kind"] == "role" and rows[2]["target_name"] == "bob" and rows[2]["position"] == ""
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", row["at"]) for row in rows)


async def test_a_session_is_taken_away_as_json(admin: Client, user: Client, room: Any) -> None:
    await evening(admin, user, room)
    session = await ended(admin, room)
    text, headers = await exported(admin, room, session, "json")
    assert "attachment" in headers["Content-Disposition"]
    whole = json.loads(text)
    assert whole["session"] == session
    assert [event["kind"] for event in whole["events"]][:3] == ["joined", "joined", "role"]


async def test_a_session_that_goes_on_is_live(admin: Client, room: Any) -> None:
    async with PartyClient.open(admin.url, room["id"], admin.token or ""):
        until = time.monotonic() + 5
        while not (items := (await admin.get(f"/api/v1/rooms/{room['id']}/sessions"))["items"]):
            assert time.monotonic() < until
        assert (items[0]["live"], items[0]["ended_at"]) == (True, None)


async def test_what_is_done_while_nobody_is_there_belongs_to_no_session(admin: Client, room: Any) -> None:
    await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"control": "hosts"})
    until = time.monotonic() + 5
    while not (items := (await admin.get(f"/api/v1/rooms/{room['id']}/events"))["items"]):
        assert time.monotonic() < until
    assert (items[0]["kind"], items[0]["name"], items[0]["session_id"]) == ("settings", "ada", None)
    assert (await admin.get(f"/api/v1/rooms/{room['id']}/sessions"))["items"] == []


async def test_only_hosts_and_administrators_read_the_record(
    nobody: Client, admin: Client, user: Client, room: Any
) -> None:
    await evening(admin, user, room)
    session = await ended(admin, room)
    secret = await admin.post("/api/v1/rooms", {"name": "Secret", "admission": "invite"}, 201)
    paths = (f"{room['id']}/sessions", f"{room['id']}/sessions/{session['id']}/events?format=csv")
    for path in paths:
        await nobody.get(f"/api/v1/rooms/{path}", 401)
        await user.get(f"/api/v1/rooms/{path}", 403)
    await user.get(f"/api/v1/rooms/{secret['id']}/sessions", 404)
    await admin.get(f"/api/v1/rooms/{room['id']}/sessions/none/events", 404)
    # A session is found in its own room alone.
    await admin.get(f"/api/v1/rooms/{secret['id']}/sessions/{session['id']}/events?format=json", 404)
    await admin.get(f"/api/v1/rooms/{room['id']}/sessions/{session['id']}/events?format=xml", 422)


async def test_no_cell_is_a_formula() -> None:
    async def batches() -> Any:
        names = ("=1+1", "+1", "-1", "@x", "\t=1", 'Ann "=", the first', "Zoë\r\n=1")
        yield [RoomEvent("room", "joined", "m", name, 12.5, 0.0, detail="-2") for name in names]

    text = b"".join([piece async for piece in as_csv(batches())]).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["name"] for row in rows] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\t=1", 'Ann "=", the first', "Zoë\r\n=1"
    ]  # fmt: skip
    assert {(row["position"], row["detail"]) for row in rows} == {("12.5", "'-2")}
