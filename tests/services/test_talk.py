from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.services.hall import Ear, Hall
from watchparty.domain.errors import StorageFull
from watchparty.domain.message import parse
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import Member
from watchparty.services.lines import RECALLED, REMEMBERED, SHOWN
from watchparty.services.seat import Seat
from watchparty.storage.database import Tx
from watchparty.storage.messages import NEWEST, MessageStore
from watchparty.storage.rooms import RoomStore


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        yield hall


async def say(hall: Hall, seat: Seat, ear: Ear, text: str, **fields: Any) -> str:
    """Says it; the id of the line, once it is kept."""
    hall.says(seat, "chat", text=text, client_id=f"after {len(ear.frames)}", **fields)
    await hall.minutes.written()
    return str(ear.heard("chat")[-1]["id"])


async def unsay(hall: Hall, seat: Seat, line_id: str) -> None:
    await hall.parties.speak(seat, parse(f'{{"type":"unsay","id":"{line_id}"}}'), line_id)


async def slow(hall: Hall, seconds: int) -> None:
    def change(tx: Tx) -> None:
        tx.execute("UPDATE rooms SET slow_mode = ?", (seconds,))

    await hall.database.write(change)
    card = await hall.database.read(lambda tx: RoomStore().get(tx, "room"))
    assert card is not None
    hall.parties.change(card)


def refusals(ear: Ear) -> list[str]:
    return [error["code"] for error in ear.heard("error")]


async def test_people_who_are_here_can_be_meant_by_name(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    await say(hall, ann, at_anns, "Look, @bob, and you @Cleo!")
    assert at_bobs.heard("chat")[-1]["mentions"] == ["bob"]  # Cleo is not here
    kept = await hall.database.read(lambda tx: MessageStore().before(tx, "room", NEWEST, 1))
    assert kept[0][1].mentions == ("bob",)


async def test_one_answers_only_what_was_said_in_this_room(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    line = await say(hall, ann, at_anns, "Sit down")
    await say(hall, bob, at_bobs, "Why?", reply_to=line)
    assert at_anns.heard("chat")[-1]["reply_to"] == line
    hall.says(bob, "chat", text="Who?", client_id="2", reply_to="another")
    error = at_bobs.heard("error")[-1]
    assert (error["code"], error["client_id"]) == ("no_such_message", "2")
    assert await hall.said() == ["Sit down", "Why?"]


async def test_an_answer_to_what_is_not_remembered_any_more_finds_it_on_disk(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    line = await say(hall, ann, at_anns, "The first")
    for i in range(REMEMBERED):
        hall.says(ann, "chat", text=str(i), client_id=str(i))
    await hall.minutes.written()
    chat = f'{{"type":"chat","text":"Oh","client_id":"oh","reply_to":"{line}"}}'
    await hall.parties.speak(ann, parse(chat), line)
    assert at_anns.heard("chat")[-1]["text"] != "Oh"
    await hall.minutes.written()
    assert at_anns.heard("chat")[-1]["reply_to"] == line
    assert not refusals(at_anns)


async def test_what_is_taken_back_is_gone_for_everybody_and_from_the_disk(tmp_path: Path) -> None:
    async with Hall.open(tmp_path) as hall:
        bob, at_bobs = await hall.enters("bob")
        _, at_anns = await hall.enters("ann")
        secret = "my password is swordfish"
        line = await say(hall, bob, at_bobs, secret)
        answer = await say(hall, bob, at_bobs, "oops", reply_to=line)
        await unsay(hall, bob, line)
        assert at_anns.heard("unsaid") == [{"type": "unsaid", "id": line, "by": "bob"}]
        assert await hall.said() == ["", "oops"]
    assert b"swordfish" not in (tmp_path / "watchparty.db").read_bytes()
    async with Hall.open(tmp_path) as hall:
        _, ear = await hall.enters("cleo")
        lines = ear.heard("welcome")[0]["messages"]
        assert [(one["text"], one["unsaid_by"]) for one in lines] == [("", "bob"), ("oops", None)]
        assert lines[1]["reply_to"] == line
        assert lines[1]["id"] == answer


async def test_only_authors_and_hosts_take_a_line_back(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    anns, bobs = await say(hall, ann, at_anns, "Mine"), await say(hall, bob, at_bobs, "His")
    await unsay(hall, bob, anns)
    assert refusals(at_bobs) == ["not_allowed"]
    await unsay(hall, ann, bobs)
    assert await hall.said() == ["Mine", ""]
    await unsay(hall, bob, bobs)  # once more: nothing changes, and its sender hears how it stands
    assert at_bobs.heard("unsaid")[-1]["by"] == "ann"
    assert len(at_anns.heard("unsaid")) == 1
    await unsay(hall, bob, "nothing")
    assert refusals(at_bobs) == ["not_allowed", "no_such_message"]


async def test_a_line_taken_back_before_it_was_kept_does_not_come_back_to_its_sender(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    hall.says(bob, "chat", text="Quick", client_id="1")
    hall.says(ann, "unsay", id=at_anns.heard("chat")[0]["id"])
    assert await hall.said() == [""]
    assert [(line["text"], line["unsaid_by"]) for line in at_bobs.heard("chat")] == [("", "ann")]


async def test_what_could_not_be_taken_back_is_shown_again(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    ann, at_anns = await hall.enters("ann")
    _, at_bobs = await hall.enters("bob")
    line = await say(hall, ann, at_anns, "Still here")

    async def refuse(work: object) -> None:
        raise StorageFull("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(hall.database, "write", refuse)
        await unsay(hall, ann, line)
        await hall.minutes.written()
    assert (at_bobs.heard("chat")[-1]["id"], at_bobs.heard("chat")[-1]["text"]) == (line, "Still here")
    assert refusals(at_anns) == ["not_kept"]
    await unsay(hall, ann, line)
    assert await hall.said() == [""]


async def test_in_a_slow_room_one_waits_between_lines_and_hosts_do_not(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    bob, at_bobs = await hall.enters("bob")
    await slow(hall, 10)
    assert at_bobs.heard("room")[-1]["room"]["slow_mode"] == 10
    for i in range(3):
        hall.says(ann, "chat", text=f"ann {i}", client_id=str(i))
        hall.says(bob, "chat", text=f"bob {i}", client_id=str(i))
    error = at_bobs.heard("error")[-1]
    assert (error["code"], error["client_id"], error["retry_after"]) == ("slow_mode", "2", 10.0)
    assert not refusals(at_anns)
    hall.later(9.9)
    hall.says(bob, "chat", text="bob 3", client_id="3")
    assert at_bobs.heard("error")[-1]["retry_after"] == 0.1
    hall.later(0.1)
    hall.says(bob, "chat", text="bob 4", client_id="4")
    hall.says(bob, "chat", text="bob 4", client_id="4")  # sent again after a lost line, it is no second one
    assert await hall.said() == ["ann 0", "bob 0", "ann 1", "ann 2", "bob 4"]
    assert len(refusals(at_bobs)) == 3
    await slow(hall, 0)
    hall.says(bob, "chat", text="bob 5", client_id="5")
    assert (await hall.said())[-1] == "bob 5"


async def test_whoever_is_muted_neither_speaks_nor_waves_nor_types(hall: Hall) -> None:
    bob, at_bobs = await hall.enters("bob")
    _, at_anns = await hall.enters("ann")
    line = await say(hall, bob, at_bobs, "Before")
    hall.parties.change_member(Member("room", "bob", "Bob", RoomRole.MEMBER, 1.0, muted=True))
    hall.says(bob, "chat", text="After", client_id="2")
    hall.says(bob, "reaction", emoji="🎉")
    hall.says(bob, "typing", on=True)
    assert refusals(at_bobs) == ["muted", "muted", "muted"]
    assert at_bobs.heard("error")[0]["client_id"] == "2"
    assert not at_anns.heard("reaction")
    assert not at_anns.heard("typing")
    await unsay(hall, bob, line)
    assert await hall.said() == [""]


async def test_everybody_hears_lines_in_one_order_and_newcomers_the_latest(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    for i in range(SHOWN):
        hall.says(ann, "chat", text=f"ann {i}", client_id=str(i))
        hall.says(bob, "chat", text=f"bob {i}", client_id=str(i))
    said = await hall.said()
    assert said == [f"{who} {i}" for i in range(SHOWN) for who in ("ann", "bob")]
    _, ear = await hall.enters("cleo")
    assert [line["text"] for line in ear.heard("welcome")[0]["messages"]] == said[-SHOWN:]


async def test_what_is_looked_up_is_not_kept_in_mind_for_ever(hall: Hall) -> None:
    ann, at_anns = await hall.enters("ann")
    ids = [await say(hall, ann, at_anns, f"old {i}") for i in range(RECALLED + 1)]
    for i in range(REMEMBERED):
        hall.says(ann, "chat", text=str(i), client_id=str(i))
    await hall.minutes.written()
    for line in ids:
        await unsay(hall, ann, line)
    hall.says(ann, "unsay", id=ids[-1])
    assert not refusals(at_anns)
    hall.says(ann, "unsay", id=ids[0])
    assert refusals(at_anns) == ["no_such_message"]
