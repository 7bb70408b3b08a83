import json
import math

import pytest

from watchparty.domain.news import Error, Notice, Pong, Presence, Present, Said, TimelineNews, encode
from watchparty.domain.party_event import Changed
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import ChatLine
from watchparty.domain.timeline import Timeline


def test_the_timeline_is_told_in_milliseconds_with_those_it_waits_for() -> None:
    timeline = Timeline(7, "film", 12.5, 1.0, True, 100.25, by="ann")
    told = json.loads(encode(TimelineNews.of(Changed(timeline, True, ("bob",)))))
    assert told == {
        "type": "timeline", "revision": 7, "video_id": "film", "position": 12.5, "rate": 1.0, "playing": True,
        "at": 100250.0, "cause": "load", "by": "ann", "starting": True, "waiting_for": ["bob"],
    }  # fmt: skip


def test_an_error_carries_a_timeline_only_where_there_is_one() -> None:
    assert json.loads(encode(Error("bad_json", "No."))) == {"type": "error", "code": "bad_json", "detail": "No."}
    refused = Error("stale", "No.", TimelineNews.of(Changed(Timeline(), False, ())))
    assert json.loads(encode(refused))["timeline"]["revision"] == 0


def test_presence_is_the_whole_list() -> None:
    told = json.loads(encode(Presence([Present("ann", "Ann", RoomRole.HOST, "playing", 1.5, None)])))
    assert told["members"] == [
        {"id": "ann", "name": "Ann", "role": "host", "state": "playing",
         "drift_ms": 1.5, "rtt_ms": None, "muted": False, "silenced": False}
    ]  # fmt: skip


def test_what_could_not_be_read_back_is_never_written() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encode(Pong(math.nan, 0, 0))


def test_people_are_told_things_in_their_own_letters() -> None:
    assert "Zoë ▶" in encode(Notice("x", "Zoë ▶"))


def test_an_error_says_no_more_than_there_is_to_say() -> None:
    assert json.loads(encode(Error("x", "No."))) == {"type": "error", "code": "x", "detail": "No."}
    slow = json.loads(encode(Error("slow_mode", "Slowly.", client_id="c1", retry_after=2.5)))
    assert (slow["client_id"], slow["retry_after"], "timeline" in slow) == ("c1", 2.5, False)


def test_what_was_said_carries_its_date_in_utc() -> None:
    line = ChatLine("m1", "room", "ann", "Ann", "hello", "c1", None, 1_000_000_000.25)
    assert json.loads(encode(Said.of(line))) == {
        "type": "chat", "id": "m1", "member_id": "ann", "name": "Ann", "text": "hello", "client_id": "c1",
        "reply_to": None, "at": "2001-09-09T01:46:40.250Z", "mentions": [], "unsaid_by": None,
    }  # fmt: skip
