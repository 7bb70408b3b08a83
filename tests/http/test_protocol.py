"""The party socket as it is documented: the schema is what is read and said, and nothing is left unexplained."""

import ast
import json
import re
import runpy
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.client import Client
from tests.films import Films
from tests.party_client import PartyClient
from tests.schema import SCHEMA, check_told, may_be_said
from watchparty.domain import closing
from watchparty.domain.fields import BadMessage, fields_of
from watchparty.domain.message import Message, parse
from watchparty.http.protocol_codes import CLOSES, ERRORS, NOTICES
from watchparty.http.protocol_examples import EVENING, EXAMPLES, written
from watchparty.http.protocol_schema import FROM_PLAYER, FROM_SERVER, meaning

ROOT = Path(__file__).resolve().parents[2]
KINDS = (*FROM_PLAYER, *FROM_SERVER)
NODE = "import * as it from './web/lib/messages.js'; const frames = JSON.parse(process.argv[1]);" + (
    "console.log(JSON.stringify({...it, read: frames.map((frame) => it.read(frame) !== null)}));"
)
JS_KINDS = {"integer": "number"}


def test_the_schema_is_one_of_2020_12() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_no_two_kinds_of_message_share_a_name_or_in_one_direction_a_type() -> None:
    assert len({kind.__name__ for kind in KINDS}) == len(KINDS)
    for direction in (FROM_PLAYER, FROM_SERVER):
        assert len({kind.type for kind in direction}) == len(direction)


@pytest.mark.parametrize("name", [name for name in SCHEMA["$defs"]])
def test_every_object_and_every_field_of_it_is_explained(name: str) -> None:
    part = SCHEMA["$defs"][name]
    assert part.get("description") or "enum" in part, f"Say in the docstring of {name} what it is for."
    for field, known in part.get("properties", {}).items():
        assert field == "type" or known.get("description"), (
            f"Say in the docstring of {name}, or of its module, what `{field}` means: a sentence that names it so."
        )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_message_has_an_example_that_is_true(kind: Any) -> None:
    given = [said for said in EXAMPLES if type(said) is kind]
    assert given, f"Give an example of {kind.__name__} in protocol_examples.py."
    for said in given:
        hold(said)


def test_the_evening_that_is_told_could_have_been() -> None:
    for line in EVENING:
        hold(line.said)


def hold(said: Any) -> None:
    words = json.loads(written(said))
    if isinstance(said, Message):
        assert may_be_said(words), words
        assert parse(json.dumps(words)) == said
    else:
        check_told(words)


def test_the_meaning_of_a_field_are_the_sentences_that_begin_with_it_or_else_name_it() -> None:
    text = "Where it is. `at` is when, by the clock. `a` and `b` are two: `c` is not.\nSay `d` too."
    assert meaning("at", text, "") == "`at` is when, by the clock."
    assert meaning("b", text, "") == "`a` and `b` are two:"
    assert meaning("d", "", text) == "Say `d` too."
    assert meaning("e", text, text) == ""


# What is said, what the schema lets one say, and what is read.

NOTHING_MUCH = (
    st.none()
    | st.booleans()
    | st.integers(-3, 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0, -0.0, 0.25, 4, 4.0, 4.001, -1, 3.0, 1e300])
    | st.text(max_size=70)
    | st.text(st.sampled_from("a \t\n\r\x00\x1f\x7f\x85\u00a0\u200d\u200e\u2028\u202e\ufeffé🎉e\u0301"), max_size=20)
    | st.sampled_from(["x" * n for n in (1, 16, 17, 64, 65, 1000, 1001)])
    | st.lists(st.integers(), max_size=2)
    | st.dictionaries(st.text(max_size=3), st.integers(), max_size=2)
)


@st.composite
def almost_messages(draw: st.DrawFn) -> dict[str, Any]:
    """An example with one or two fields made into something else, left out, or added."""
    said = draw(st.sampled_from([said for said in EXAMPLES if isinstance(said, Message)]))
    words: dict[str, Any] = json.loads(written(said))
    names = [field.name for field in fields_of(type(said))]
    for name in draw(st.lists(st.sampled_from([*names, "type", "new"]), max_size=2, unique=True)):
        if draw(st.booleans()):
            words[name] = draw(NOTHING_MUCH)
        else:
            words.pop(name, None)
    return words


@given(almost_messages())
@example({"type": "play", "seen": 3.0})
@example({"type": "play", "seen": 1, "at": "now"})
@example({"type": "chat", "text": "x" * 1000 + " ", "client_id": "1"})
@example({"type": "chat", "text": "\x1fhello", "client_id": "1"})
@example({"type": "chat", "text": "\ufeff", "client_id": "1"})
@example({"type": "chat", "text": "a\n\tb", "client_id": "1"})
@example({"type": "chat", "text": "\u0958" * 1000, "client_id": "1"})
@example({"type": "chat", "text": "a", "client_id": "1\n"})
@example({"type": "reaction", "emoji": "👨\u200d👩\u200d👧"})
@settings(max_examples=400, deadline=None)
def test_what_the_schema_lets_a_player_say_is_read_and_nothing_else(words: dict[str, Any]) -> None:
    try:
        parse(json.dumps(words))
    except BadMessage:
        assert not may_be_said(words)
    else:
        assert may_be_said(words)


# A real party.


async def test_every_frame_of_a_party_is_as_the_schema_has_it(
    admin: Client, user: Client, nobody: Client, films: Films
) -> None:
    video = await admin.ready(films.h264)
    door = {"name": "Friday", "admission": "approval", "video_id": video["id"]}
    room = await admin.post("/api/v1/rooms", door, 201)
    async with PartyClient.open(admin.url, room["id"], admin.token or "") as host:
        await nobody.post(f"/api/v1/rooms/{room['id']}/access-requests", {"name": "Gus"}, 202)
        await host.hears("notice")
        await admin.call("PATCH", f"/api/v1/rooms/{room['id']}", {"admission": "open"})
        await host.hears("room")
        async with PartyClient.open(admin.url, room["id"], user.token or "") as bob:
            await host.command("load", video_id=(await admin.upload(films.vp9))["id"])
            await host.hears("video")
            await say_everything(bob, {"video_id": video["id"], "member_id": bob.you["id"]})
            await say_everything(host, {"video_id": video["id"], "member_id": bob.you["id"]})
            await bob.hears("chat", lambda words: words["member_id"] == host.you["id"])
            for client in (host, bob):
                await client.ready()
            await play_with_a_seek(host, bob)
    for client in (host, bob):
        assert client.said
        for words in client.said:
            assert may_be_said(words), words
        for words in client.heard:
            check_told(words)
    heard = {words["type"] for client in (host, bob) for words in client.heard}
    assert {words["type"] for words in bob.said} == {kind.type for kind in FROM_PLAYER}
    assert heard >= {"welcome", "pong", "timeline", "prepare", "presence", "chat", "reaction", "typing", "notice",
                     "video", "room", "error"}  # fmt: skip


async def say_everything(client: PartyClient, names: dict[str, str]) -> None:
    """One of each, whatever comes of it."""
    for said in EXAMPLES:
        if isinstance(said, Message) and said.type != "hello":
            words = json.loads(written(said))
            words.update({name: names[name] for name in words if name in names})
            words.update({name: client.timeline["revision"] for name in ("seen", "revision") if name in words})
            await client.send(**{"kind" if name == "type" else name: value for name, value in words.items()})


async def play_with_a_seek(host: PartyClient, bob: PartyClient) -> None:
    await host.command("play")
    await host.hears("timeline", lambda words: bool(words["playing"]))
    await bob.hears("timeline", lambda words: bool(words["playing"]))
    await host.command("seek", position=3.0)
    for client in (host, bob):
        await client.hears("prepare", lambda words: words["position"] == 3.0)
        await client.ready()
    await bob.hears("timeline", lambda words: bool(words["playing"]))


async def test_a_program_follows_a_room_beside_another(admin: Client, user: Client, films: Films) -> None:
    video = await admin.ready(films.long_h264)
    room = await admin.post("/api/v1/rooms", {"name": "Friday", "admission": "open", "video_id": video["id"]}, 201)
    async with (
        PartyClient.open(admin.url, room["id"], admin.token or "") as host,
        PartyClient.open(admin.url, room["id"], user.token or "") as bob,
    ):
        for client in (host, bob):
            await client.learn_clock()
            client.follow()
        await host.command("play")
        await both_hear(host, bob, lambda words: bool(words["playing"]))
        assert abs(host.position - bob.position) < 0.05
        await bob.command("seek", position=9.0)  # both are made ready, and go on by themselves
        await both_hear(host, bob, lambda words: words["playing"] and words["position"] == 9.0)
        assert 9.0 <= host.position < 11.0
        await host.command("pause", position=host.position)
        await both_hear(host, bob, lambda words: not words["playing"])
        assert host.position == bob.position


async def both_hear(host: PartyClient, bob: PartyClient, where: Any) -> None:
    for client in (host, bob):
        await client.hears("timeline", where)
    assert host.timeline == bob.timeline


# The page's own module, in Node.js.


def test_the_browsers_module_knows_what_the_schema_knows() -> None:
    node = runpy.run_path(str(ROOT / "packaging" / "front_end.py"))["node"]()
    frames = [written(said) for said in EXAMPLES if not isinstance(said, Message)]
    command = [node, "--input-type=module", "--eval", NODE, "--", json.dumps(frames)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    module = json.loads(ran.stdout)
    assert sorted(module["OUTGOING"]) == sorted(kind.type for kind in FROM_PLAYER)
    assert {kind.type for kind in FROM_SERVER} <= set(module["INCOMING"])
    assert all(module["read"])
    for kind in FROM_SERVER:
        part = SCHEMA["$defs"][kind.__name__]
        for field, wanted in module["NEEDED"][kind.type].items():
            assert field in part["required"], f"{kind.type}.{field} may be missing"
            told = part["properties"][field].get("type", "object")
            assert JS_KINDS.get(told, told) == wanted, f"{kind.type}.{field} is {told}"


# Codes.


def test_every_code_is_explained_and_none_that_is_not_spoken() -> None:
    spoken = codes("Refusal", "BadMessage", "refuse", "_object", "Error", "Count", "Number")
    assert spoken == ERRORS.keys(), "ERRORS in protocol_codes.py is the list of what errors can say."
    assert codes("Noticed", "Notice", "tell_hosts") == NOTICES.keys()


def test_every_code_with_which_a_socket_is_closed_is_explained() -> None:
    known = {value for value in vars(closing).values() if isinstance(value, int)}
    assert known == CLOSES.keys()


def codes(*callers: str) -> set[str]:
    """The words with which any of these is called on the way to a seat, and the values of constants used for them."""
    found = set()
    for path in (ROOT / "watchparty").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _name(call.func) in callers and path.parent.name != "storage":
                given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg == "code")]
                words = [each.value for each in given if isinstance(each, ast.Constant)]
                words += [message_constant(each.id) for each in given if isinstance(each, ast.Name)]
                found |= {
                    word
                    for word in words
                    if isinstance(word, str) and re.fullmatch(r"[a-z]+(_[a-z]+)+|muted|superseded|excused", word)
                }
    return found


def message_constant(name: str) -> Any:
    return "bad_message" if name == "BAD_MESSAGE" else None


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


# The page and the document.


async def test_the_schema_is_served_and_described(nobody: Client) -> None:
    assert await nobody.get("/api/v1/party-schema.json") == SCHEMA
    described = await nobody.get("/api/v1/openapi.json")
    assert "/api/v1/party-schema.json" in described["paths"]


async def test_the_page_about_the_socket_tells_everything_and_needs_nothing_from_outside(nobody: Client) -> None:
    page = (await nobody.bytes("/api/docs/party")).decode()
    for kind in KINDS:
        assert f'id="{kind.__name__}"' in page
    for code in (*ERRORS, *NOTICES, *CLOSES):
        assert f"<code>{code}</code>" in page
    assert "party-schema.json" in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "TODO" not in page
