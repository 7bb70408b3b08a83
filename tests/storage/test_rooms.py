from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

import pytest

from watchparty.domain.errors import Conflict
from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.room import AccessRequest, Admission, ChatLine, Invite, Member, RequestStatus, Room, RoomEvent
from watchparty.domain.user import Role, User
from watchparty.domain.video import Video
from watchparty.storage.database import Database, Tx, connect
from watchparty.storage.invites import AccessRequestStore, InviteStore
from watchparty.storage.messages import NEWEST as LATEST
from watchparty.storage.messages import MessageStore
from watchparty.storage.migrations import migrate, migrations
from watchparty.storage.room_sessions import RoomEventStore
from watchparty.storage.rooms import NEWEST, MemberStore, RoomStore, SavedTimeline
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

T = TypeVar("T")
ROOM = Room("room", "Friday", "ann", Admission.OPEN, Rights(), None, None, 10.0, 10.0)
rooms, members, invites, requests = RoomStore(), MemberStore(), InviteStore(), AccessRequestStore()
messages, events = MessageStore(), RoomEventStore()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Ann and Bob have accounts, and Ann a room."""
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    async with Database.open(tmp_path / "watchparty.db") as database:
        for name in ("ann", "bob"):
            user = User(name, name, name.title(), Role.USER, None, 1.0)
            await database.write(lambda tx, user=user: UserStore().add(tx, user, "hash"))  # type: ignore[misc]
        await write(database, lambda tx: rooms.add(tx, ROOM))
        await write(database, lambda tx: members.put(tx, Member("room", "ann", "Ann", RoomRole.HOST, 10.0)))
        yield database


async def write(database: Database, work: Callable[[Tx], T]) -> T:
    return await database.write(work)


async def test_a_room_comes_back_as_it_was_kept_with_its_hosts_name(database: Database) -> None:
    card = await database.read(lambda tx: rooms.get(tx, "room"))
    assert card is not None
    assert (card.room, card.host_name, card.members) == (ROOM, "Ann", 1)


async def test_lists_show_rooms_by_invitation_only_to_those_who_belong(database: Database) -> None:
    secret = replace(ROOM, id="secret", admission=Admission.INVITE, created_at=20.0)
    await write(database, lambda tx: rooms.add(tx, secret))
    await write(database, lambda tx: members.put(tx, Member("secret", "ann", "Ann", RoomRole.HOST, 20.0)))

    async def listed(person_id: str | None) -> list[str]:
        return [card.room.id for card in await database.read(lambda tx: rooms.page(tx, person_id, NEWEST, 10))]

    assert await listed("ann") == ["secret", "room"]
    assert await listed("bob") == ["room"]
    assert await listed(None) == ["secret", "room"]


async def test_a_list_goes_on_where_the_page_before_ended(database: Database) -> None:
    for i in range(5):
        other = replace(ROOM, id=f"r{i}", created_at=20.0)
        await write(database, lambda tx, other=other: rooms.add(tx, other))  # type: ignore[misc]
    seen: list[str] = []
    after = NEWEST
    while page := await database.read(lambda tx, after=after: rooms.page(tx, "bob", after, 2)):  # type: ignore[misc]
        seen += [card.room.id for card in page]
        after = (page[-1].room.created_at, page[-1].room.id)
    assert seen == ["r4", "r3", "r2", "r1", "r0", "room"]


async def test_a_deleted_room_takes_everything_with_it(database: Database) -> None:
    line = ChatLine("m1", "room", "ann", "Ann", "hello", "c1", None, 11.0)
    await write(database, lambda tx: messages.add(tx, line))
    await write(database, lambda tx: events.add(tx, RoomEvent("room", "played", "ann", "Ann", 0.0, 11.0)))
    await write(database, lambda tx: rooms.delete(tx, "room"))
    counts = "SELECT (SELECT COUNT(*) FROM members) + (SELECT COUNT(*) FROM messages)" \
             " + (SELECT COUNT(*) FROM room_events) + (SELECT COUNT(*) FROM timelines)"  # fmt: skip
    assert await database.read(lambda tx: tx.execute(counts).fetchone()[0]) == 0


async def test_the_timeline_is_kept_and_a_deleted_film_leaves_the_room_without_one(database: Database) -> None:
    await write(database, lambda tx: VideoStore().add(tx, Video("film", "ann", "A film", 1.0, 1.0)))
    saved = SavedTimeline(7, "film", 61.5, 1.5, 12.0)
    await write(database, lambda tx: rooms.save_timeline(tx, "room", saved))
    assert await database.read(lambda tx: rooms.timeline(tx, "room")) == saved
    await write(database, lambda tx: VideoStore().delete(tx, "film"))
    assert await database.read(lambda tx: rooms.timeline(tx, "room")) == replace(saved, video_id=None)
    await write(database, lambda tx: rooms.save_timeline(tx, "room", saved))
    assert await database.read(lambda tx: rooms.timeline(tx, "room")) == replace(saved, video_id=None)


async def test_somebody_shown_out_is_remembered_but_not_listed(database: Database) -> None:
    bob = Member("room", "bob", "Bob", RoomRole.MEMBER, 11.0)
    await write(database, lambda tx: members.put(tx, bob))
    await write(database, lambda tx: members.put(tx, replace(bob, removed_at=12.0)))
    assert [member.id for member in await database.read(lambda tx: members.list(tx, "room"))] == ["ann"]
    kept = await database.read(lambda tx: members.get(tx, "room", "bob"))
    assert kept is not None
    assert not kept.is_in


def invite(invite_id: str, *, created_at: float = 10.0, expires_at: float = 100.0) -> Invite:
    return Invite(invite_id, "room", RoomRole.MEMBER, "ann", created_at, expires_at)


async def test_two_open_invitations_never_share_a_pin(database: Database) -> None:
    assert await write(database, lambda tx: invites.add(tx, invite("a"), "token a", "pin"))
    assert not await write(database, lambda tx: invites.add(tx, invite("b"), "token b", "pin"))


async def test_an_expired_invitation_gives_its_pin_back(database: Database) -> None:
    await write(database, lambda tx: invites.add(tx, invite("a", expires_at=50.0), "token a", "pin"))
    assert await write(database, lambda tx: invites.add(tx, invite("b", created_at=50.0), "token b", "pin"))
    found = await database.read(lambda tx: invites.by_pin(tx, "pin"))
    assert found is not None
    assert found.id == "b"


async def test_the_last_use_of_an_invitation_is_the_last(database: Database) -> None:
    once = replace(invite("a"), max_uses=1)
    await write(database, lambda tx: invites.add(tx, once, "token a", "pin"))
    assert await write(database, lambda tx: invites.use(tx, "a", 50.0))
    assert not await write(database, lambda tx: invites.use(tx, "a", 50.0))


async def test_nobody_knocks_twice_at_the_same_door(database: Database) -> None:
    request = AccessRequest("q1", "room", "bob", False, "Bob", "Please!", RequestStatus.PENDING, 11.0)
    await write(database, lambda tx: requests.add(tx, request))
    with pytest.raises(Conflict):
        await write(database, lambda tx: requests.add(tx, replace(request, id="q2")))
    assert await database.read(lambda tx: requests.pending(tx, "room")) == [request]


async def test_a_knock_is_answered_once(database: Database) -> None:
    request = AccessRequest("q1", "room", "bob", False, "Bob", "", RequestStatus.PENDING, 11.0)
    await write(database, lambda tx: requests.add(tx, request))
    approved = replace(request, status=RequestStatus.APPROVED, decided_at=12.0, decided_by="ann")
    assert await write(database, lambda tx: requests.decide(tx, approved))
    assert not await write(database, lambda tx: requests.decide(tx, replace(approved, status=RequestStatus.DENIED)))
    assert await database.read(lambda tx: requests.get(tx, "q1")) == approved


async def test_what_is_said_again_is_kept_once(database: Database) -> None:
    line = ChatLine("m1", "room", "ann", "Ann", "hello", "c1", None, 11.0)
    await write(database, lambda tx: messages.add(tx, line))
    await write(database, lambda tx: messages.add(tx, replace(line, id="m2")))
    assert [kept for _, kept in await database.read(lambda tx: messages.before(tx, "room", LATEST, 10))] == [line]


async def test_the_newest_lines_come_first_and_older_ones_can_be_asked_for(database: Database) -> None:
    for i in range(5):
        line = ChatLine(f"m{i}", "room", "ann", "Ann", str(i), f"c{i}", None, 11.0)
        await write(database, lambda tx, line=line: messages.add(tx, line))  # type: ignore[misc]
    newest = await database.read(lambda tx: messages.before(tx, "room", LATEST, 2))
    older = await database.read(lambda tx: messages.before(tx, "room", newest[-1][0], 2))
    assert [line.text for _, line in newest + older] == ["4", "3", "2", "1"]


@pytest.mark.parametrize(
    ("control", "admission", "rights"),
    [
        ("everyone", "open", Rights()),
        ("hosts", "open", Rights().steered_by(Control.HOSTS)),
        ("everyone", "approval", Rights(invite=RoomRole.COHOST)),
    ],
)
async def test_a_room_from_before_there_were_rights_gives_the_same_ones_as_then(
    tmp_path: Path, control: str, admission: str, rights: Rights
) -> None:
    path = tmp_path / "watchparty.db"
    before = "".join(one.sql for one in migrations() if one.number < 8)
    connection = connect(path)
    connection.executescript(f"BEGIN;{before};PRAGMA user_version = 7;COMMIT;")
    UserStore().add(connection, User("ann", "ann", "Ann", Role.USER, None, 1.0), "hash")
    values = f"('room', 'Friday', 'ann', '{admission}', '{control}', 1, 1)"
    connection.execute(
        f"INSERT INTO rooms (id, name, host_id, admission, control, created_at, updated_at) VALUES {values}"
    )
    connection.execute("INSERT INTO timelines VALUES ('room', NULL, 0, 0, 1, 1)")
    connection.close()
    migrate(path, tmp_path / "backups")
    async with Database.open(path) as database:
        card = await database.read(lambda tx: rooms.get(tx, "room"))
    assert card is not None
    assert card.room.rights == rights
