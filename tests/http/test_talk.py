from typing import Any

import pytest

from tests.client import Client
from tests.party_client import PartyClient


@pytest.fixture
async def room(admin: Client) -> Any:
    """The administrator's room, open, without a film."""
    return await admin.post("/api/v1/rooms", {"name": "Friday"}, 201)


async def say(client: PartyClient, text: str, **fields: Any) -> Any:
    await client.send("chat", text=text, client_id=text, **fields)
    return await client.hears("chat", lambda words: words["client_id"] == text)


async def test_an_answer_a_mention_and_taking_back_reach_everybody(
    admin: Client, host: PartyClient, bob: PartyClient, room: Any
) -> None:
    line = await say(host, "Popcorn, @bob?")
    assert line["mentions"] == [bob.you["id"]]
    answer = await say(bob, "Yes", reply_to=line["id"])
    assert (await host.hears("chat"))["reply_to"] == line["id"]
    await host.send("unsay", id=answer["id"])
    assert await bob.hears("unsaid") == {"type": "unsaid", "id": answer["id"], "by": host.you["id"]}
    await say(host, "Hm")  # what was written before this is on disk when this is
    kept = (await admin.get(f"/api/v1/rooms/{room['id']}/messages"))["items"][1:]
    assert [(one["text"], one["unsaid_by"], one["mentions"]) for one in kept] == [
        ("", host.you["id"], []),
        ("Popcorn, @bob?", None, [bob.you["id"]]),
    ]


async def test_a_line_is_shown_and_taken_back_over_rest_by_those_who_may(
    admin: Client, user: Client, host: PartyClient, bob: PartyClient, room: Any
) -> None:
    path = f"/api/v1/rooms/{room['id']}/messages"
    anns, bobs = await say(host, "Hers"), await say(bob, "His")
    assert (await user.get(f"{path}/{anns['id']}"))["text"] == "Hers"
    await user.call("DELETE", f"{path}/{anns['id']}", status=403)
    await user.call("DELETE", f"{path}/{bobs['id']}", status=204)
    await user.call("DELETE", f"{path}/{bobs['id']}", status=204)
    assert (await host.hears("unsaid"))["id"] == bobs["id"]
    await host.hears_nothing("unsaid")
    assert (await user.get(f"{path}/{bobs['id']}"))["text"] == ""
    await admin.call("DELETE", f"{path}/{anns['id']}", status=204)
    for method in ("GET", "DELETE"):
        await user.call(method, f"{path}/nothing", status=404)


async def test_what_was_said_in_another_room_is_neither_answered_nor_taken_back(
    admin: Client, host: PartyClient, room: Any
) -> None:
    line = await say(host, "Here")
    other = await admin.post("/api/v1/rooms", {"name": "Saturday"}, 201)
    async with PartyClient.open(admin.url, other["id"], admin.token or "") as there:
        await there.send("chat", text="What?", client_id="1", reply_to=line["id"])
        assert (await there.hears("error"))["code"] == "no_such_message"
        await there.send("unsay", id=line["id"])
        assert (await there.hears("error"))["code"] == "no_such_message"
    await admin.call("DELETE", f"/api/v1/rooms/{other['id']}/messages/{line['id']}", status=404)


async def test_slow_mode_is_a_setting_of_the_room(
    admin: Client, user: Client, host: PartyClient, bob: PartyClient, room: Any
) -> None:
    path = f"/api/v1/rooms/{room['id']}"
    assert room["slow_mode"] == 0
    await user.call("PATCH", path, {"slow_mode": 30}, status=403)
    for wrong in (-1, 3601, 1.5, "10", None):
        problem = await admin.call("PATCH", path, {"slow_mode": wrong}, status=422)
        assert "/slow_mode" in str(problem)
    assert (await admin.call("PATCH", path, {"slow_mode": 30}))["slow_mode"] == 30
    assert (await bob.hears("room"))["room"]["slow_mode"] == 30
    await say(bob, "one")
    await bob.send("chat", text="two", client_id="two")
    error = await bob.hears("error")
    assert (error["code"], error["client_id"]) == ("slow_mode", "two")
    assert 0 < error["retry_after"] <= 30
    await say(host, "three")
    await say(host, "four")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"type": "unsay"}, "bad_message"),
        ({"type": "unsay", "id": 5}, "bad_message"),
        ({"type": "unsay", "id": ""}, "bad_message"),
        ({"type": "unsay", "id": "x" * 65}, "bad_message"),
        ({"type": "unsay", "id": "' OR 1=1"}, "no_such_message"),
        ({"type": "chat", "text": "x", "client_id": "1", "reply_to": 5}, "bad_message"),
        ({"type": "chat", "text": "x", "client_id": "1", "reply_to": "x"}, "no_such_message"),
        ({"type": "chat", "text": "\u202e", "client_id": "1"}, "bad_text"),
        ({"type": "reaction", "emoji": "look at me"}, "bad_emoji"),
        ({"type": "reaction", "emoji": "🎉🎉"}, "bad_emoji"),
        ({"type": "reaction", "emoji": "<b>"}, "bad_emoji"),
        ({"type": "reaction", "emoji": "🎉" * 17}, "bad_emoji"),
        ({"type": "reaction"}, "bad_message"),
    ],
)
async def test_talk_that_makes_no_sense_is_refused_with_a_sentence(
    host: PartyClient, bob: PartyClient, fields: Any, code: str
) -> None:
    await host.send(fields.pop("type"), **fields)
    error = await host.hears("error")
    assert error["code"] == code
    assert error["detail"].endswith(".")
    await host.send("reaction", emoji="👩🏽‍❤️‍💋‍👨🏿")  # the seat is still good, and a long emoji is one
    assert (await bob.hears("reaction"))["emoji"] == "👩🏽‍❤️‍💋‍👨🏿"
