import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchparty.domain.fields import BadMessage
from watchparty.domain.message import (
    Chat,
    Load,
    MemberOp,
    Membership,
    Pause,
    Ping,
    Play,
    Queue,
    QueueOp,
    Seek,
    State,
    Status,
    parse,
)


def said(**fields: Any) -> str:
    return json.dumps(fields)


def refused(text: str) -> str:
    with pytest.raises(BadMessage) as caught:
        parse(text)
    assert caught.value.detail
    return caught.value.code


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (said(type="ping", t0=12.5), Ping(12.5)),
        (said(type="play", seen=3), Play(3, None)),
        (said(type="play", seen=3, at=99), Play(3, 99.0)),
        (said(type="pause", seen=3, position=1.5), Pause(3, 1.5, None)),
        (said(type="seek", seen=0, position=60, at=5), Seek(0, 60.0, 5.0)),
        (said(type="load", seen=1, video_id="film"), Load(1, "film")),
        (said(type="queue", op="move", item_id="a", index=2), Queue(QueueOp.MOVE, None, "a", 2)),
        (said(type="queue", op="add", video_id="film"), Queue(QueueOp.ADD, video_id="film")),
        (said(type="queue", op="add", item_id="a"), Queue(QueueOp.ADD, item_id="a")),
        (said(type="queue", op="next"), Queue(QueueOp.NEXT)),
        (said(type="queue", op="vote", on=False), Queue(QueueOp.VOTE, on=False)),
        (said(type="member", op="kick", member_id="bob"), Membership(MemberOp.KICK, "bob")),
        (
            said(type="status", revision=2, position=3, buffered=9.5, state="ready"),
            Status(2, 3.0, 9.5, State.READY),
        ),
        (
            said(type="status", revision=2, position=3, buffered=9.5, state="playing", drift_ms=-4, silenced=True),
            Status(2, 3.0, 9.5, State.PLAYING, drift_ms=-4.0, silenced=True),
        ),
        (said(type="chat", text=" hi\nthere ", client_id="1"), Chat("hi\nthere", "1", None)),
    ],
)
def test_a_well_formed_message_is_understood(text: str, message: object) -> None:
    assert parse(text) == message


def test_fields_of_a_newer_protocol_are_ignored() -> None:
    assert parse(said(type="play", seen=3, mood="happy")) == Play(3, None)


@pytest.mark.parametrize(
    "text",
    ["", "null nonsense", "{", "[" * 60_000, '{"type": ' + "1" * 5000 + "}", "\x00"],
)
def test_what_is_not_json_is_told_so(text: str) -> None:
    assert refused(text) == "bad_json"


@pytest.mark.parametrize("text", ["[]", "3", '"play"', "null", "{}", said(type=3), said(type=None)])
def test_a_message_is_an_object_with_a_type(text: str) -> None:
    assert refused(text) == "bad_message"


def test_an_unknown_type_is_told_so() -> None:
    assert refused(said(type="explode")) == "unknown_type"


@pytest.mark.parametrize("position", ["NaN", "Infinity", "-Infinity", "-1", "1e999", '"5"', "true", "[]", "9" * 400])
def test_an_impossible_position_is_a_bad_position(position: str) -> None:
    assert refused('{"type": "seek", "seen": 1, "position": ' + position + "}") == "bad_position"


@pytest.mark.parametrize("seen", ["-1", "1.5", "true", '"1"', "null"])
def test_seen_is_a_revision(seen: str) -> None:
    assert refused('{"type": "play", "seen": ' + seen + "}") in {"bad_seen", "bad_message"}


@pytest.mark.parametrize(
    "fields",
    [
        {"op": "add"},
        {"op": "add", "video_id": 5},
        {"op": "add", "video_id": "x" * 65},
        {"op": "remove"},
        {"op": "move", "item_id": "a"},
        {"op": "move", "item_id": "a", "index": -1},
        {"op": "move", "item_id": "a", "index": 1.5},
        {"op": "move", "index": 1},
        {"op": "next", "item_id": []},
        {"op": "vote"},
        {"op": "vote", "on": "yes"},
        {"op": "shuffle"},
        {},
    ],
)
def test_a_wish_for_the_queue_says_what_it_means(fields: dict[str, object]) -> None:
    assert refused(said(type="queue", **fields)) == "bad_message"


@pytest.mark.parametrize("rate", ["0", "-1", "4.5", "NaN", '"1"'])
def test_a_rate_outside_a_quarter_to_four_is_refused(rate: str) -> None:
    assert refused('{"type": "rate", "seen": 1, "rate": ' + rate + "}") == "bad_rate"


@pytest.mark.parametrize("at", ["NaN", "Infinity", '"now"', "null", "[]", "9" * 400])
def test_a_senseless_time_is_as_good_as_none(at: str) -> None:
    assert parse('{"type": "play", "seen": 1, "at": ' + at + "}") == Play(1, None)


def test_a_chat_of_a_thousand_characters_passes_and_one_more_does_not() -> None:
    assert isinstance(parse(said(type="chat", text="x" * 1000, client_id="1")), Chat)
    assert refused(said(type="chat", text="x" * 1001, client_id="1")) == "too_long"


@pytest.mark.parametrize("text", ["", "   ", "a\x00b", "\u202eevil", "\ud800"])
def test_chat_that_cannot_be_shown_safely_is_refused(text: str) -> None:
    assert refused(said(type="chat", text=text, client_id="1")) == "bad_text"


@pytest.mark.parametrize("word", ["", "x" * 65, "a\nb", "\ud800", 5, None])
def test_ids_are_short_and_printable(word: object) -> None:
    assert refused(said(type="load", seen=1, video_id=word)) == "bad_message"


@given(st.text() | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps))
def test_junk_never_does_more_than_be_refused(text: str) -> None:
    with pytest.raises(BadMessage):
        parse(text)


@given(
    st.dictionaries(
        st.sampled_from(["seen", "position", "at", "rate", "text", "state"]),
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    ),
    st.sampled_from(["hello", "ping", "play", "pause", "seek", "rate", "load", "status", "chat", "typing", "wait"]),
)
def test_what_is_understood_has_only_finite_numbers(fields: dict[str, Any], kind: str) -> None:
    try:
        message = parse(json.dumps({**fields, "type": kind}))
    except BadMessage:
        return
    assert all(math.isfinite(value) for value in vars(message).values() if isinstance(value, float))
