from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from watchparty.domain.rights import Rights, RoomRole
from watchparty.domain.room import Admission, Member, Room, RoomEvent
from watchparty.domain.room_session import Named, RoomSession
from watchparty.domain.user import Role, User
from watchparty.domain.video import Video
from watchparty.storage.database import Database, connect
from watchparty.storage.messages import NEWEST
from watchparty.storage.migrations import migrate, migrations
from watchparty.storage.room_sessions import RoomEventStore, RoomSessionStore
from watchparty.storage.rooms import MemberStore, RoomStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

ROOM = Room("room", "Friday", "ann", Admission.OPEN, Rights(), None, None, 10.0, 10.0)
sessions, events = RoomSessionStore(), RoomEventStore()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Ann has a room, and a film."""
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    async with Database.open(tmp_path / "watchparty.db") as database:
        user = User("ann", "ann", "Ann", Role.USER, None, 1.0)
        await database.write(lambda tx: UserStore().add(tx, user, "hash"))
        await database.write(lambda tx: VideoStore().add(tx, Video("film", "ann", "A film", 1.0, 1.0)))
        await database.write(lambda tx: RoomStore().add(tx, ROOM))
        await database.write(lambda tx: MemberStore().put(tx, Member("room", "ann", "Ann", RoomRole.HOST, 10.0)))
        yield database


async def happened(database: Database, session: RoomSession | None, kind: str, at: float, **fields: str) -> None:
    member_id = fields.pop("member_id", "ann")
    event = RoomEvent("room", kind, member_id, None, 1.0, at, session.id if session else None, **fields)  # type: ignore[arg-type]
    await database.write(lambda tx: events.add(tx, event))


async def begun(database: Database, name: str, at: float, ended_at: float | None = None) -> RoomSession:
    session = RoomSession(name, "room", at, ended_at)
    await database.write(lambda tx: sessions.open(tx, session))
    return session


async def test_an_event_takes_the_names_of_its_moment(database: Database) -> None:
    await happened(database, None, "kicked", 20.0, target_id="ann", video_id="film")
    await database.write(lambda tx: VideoStore().delete(tx, "film"))
    [(_, event)] = await database.read(lambda tx: events.before(tx, "room", NEWEST, 10))
    assert (event.name, event.target_name, event.title, event.video_id) == ("Ann", "Ann", "A film", "film")


async def test_a_session_is_summed_up(database: Database) -> None:
    session = await begun(database, "one", 20.0)
    for at, kind in enumerate(["joined", "joined", "played", "paused", "played"]):
        await happened(database, session, kind, 20.0 + at, video_id="film")
    await happened(database, await begun(database, "two", 30.0), "joined", 31.0)
    summary = await database.read(lambda tx: sessions.summary(tx, session))
    assert summary.people == [Named("ann", "Ann")]
    assert summary.films == [Named("film", "A film")]
    assert summary.counts == {"joined": 2, "played": 2, "paused": 1}
    assert summary.last_at == 24.0


async def test_the_oldest_of_what_is_too_much_goes_and_its_empty_session_with_it(database: Database) -> None:
    first, second = await begun(database, "one", 20.0, 21.0), await begun(database, "two", 30.0)
    for at in range(4):
        await happened(database, first, "played", 20.0 + at)
    for at in range(3):
        await happened(database, second, "played", 30.0 + at)
    await database.write(lambda tx: events.prune(tx, "room", 3))
    kept = await database.read(lambda tx: events.before(tx, "room", NEWEST, 100))
    assert [event.at for _, event in kept] == [32.0, 31.0, 30.0]
    assert await database.read(lambda tx: sessions.get(tx, "room", "one")) is None
    assert await database.read(lambda tx: sessions.get(tx, "room", "two")) == second


async def test_a_deleted_room_takes_its_record_with_it(database: Database) -> None:
    await happened(database, await begun(database, "one", 20.0), "played", 21.0)
    await database.write(lambda tx: RoomStore().delete(tx, "room"))
    assert await database.read(lambda tx: tx.execute("SELECT COUNT(*) FROM room_sessions").fetchone()[0]) == 0


async def test_what_was_written_down_before_there_were_sessions_is_one_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "watchparty.db"
    connection = connect(path)
    for migration in migrations():
        if migration.number < 8:
            connection.executescript(f"{migration.sql}\n;PRAGMA user_version = {migration.number};")
    connection.executescript("""
        INSERT INTO users (id, username, display_name, role, password_hash, created_at)
            VALUES ('ann', 'ann', 'Ann', 'user', 'x', 1);
        INSERT INTO rooms (id, name, host_id, admission, control, created_at, updated_at)
            VALUES ('room', 'Friday', 'ann', 'open', 'everyone', 1, 1);
        INSERT INTO room_events (room_id, kind, member_id, name, position, at)
            VALUES ('room', 'joined', 'ann', 'Ann', 0, 5), ('room', 'left', 'ann', 'Ann', 9, 7);
    """)
    connection.close()
    migrate(path, tmp_path / "backups")
    async with Database.open(path) as database:
        [session] = await database.read(lambda tx: sessions.page(tx, "room", (1e300, ""), 10))
        assert (session.started_at, session.ended_at) == (5.0, 7.0)
        rows = await database.read(lambda tx: events.after_in(tx, session.id, 0, 10))
        assert [(event.kind, event.position) for _, event in rows] == [("joined", 0.0), ("left", 9.0)]
