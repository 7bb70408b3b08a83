"""Rooms and parties on a real database, with a clock of our own and sockets that only remember what they were told."""

import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from watchparty.domain.errors import NotFound
from watchparty.domain.message import parse
from watchparty.domain.rights import Rights, RoomRole
from watchparty.domain.room import Admission, Member, Room, RoomCard
from watchparty.domain.user import Person, Role, User
from watchparty.domain.video import Status, Video
from watchparty.services.metrics import Metrics
from watchparty.services.minutes import Minutes
from watchparty.services.parties import Parties
from watchparty.services.seat import Seat
from watchparty.storage.database import Database, Tx
from watchparty.storage.messages import NEWEST, MessageStore
from watchparty.storage.migrations import migrate
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.room_sessions import RoomEventStore, RoomSessionStore
from watchparty.storage.rooms import MemberStore, RoomStore, SavedTimeline
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

FILM = Video("film", "ann", "A film", 1.0, 1.0)


class HandClock:
    """Goes on when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def time(self) -> float:
        return 1_000_000_000.0 + self.now

    def monotonic(self) -> float:
        return self.now


class Ear:
    """A line that remembers. `full` makes it one that does not keep up."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.pings = 0
        self.closed: int | None = None
        self.dropped = False
        self.full = False

    def write(self, frame: bytes) -> bool:
        if not self.full:
            self.frames.append(frame)
        return not self.full

    def ping(self) -> None:
        self.pings += 1

    def close(self, code: int, reason: str) -> None:
        self.closed = code

    def drop(self) -> None:
        self.dropped = True

    def heard(self, kind: str) -> list[dict[str, Any]]:
        words = [json.loads(_payload(frame)) for frame in self.frames]
        return [one for one in words if one["type"] == kind]

    @property
    def timeline(self) -> dict[str, Any]:
        """The latest one told."""
        welcomes = [welcome["timeline"] for welcome in self.heard("welcome")]
        return (welcomes + self.heard("timeline"))[-1] if welcomes else {}


class Shelf:
    """A library in which everybody may see everything."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, person: Person, video_id: str) -> Video:
        video = await self._database.read(lambda tx: VideoStore().get(tx, video_id))
        if video is None:
            raise NotFound("There is no such video.")
        return video

    def needs_room(self, person: Person, video: Video) -> bool:
        return False


class Hall:
    """Ann's room, with a film of ten minutes in it; Bob is a member."""

    def __init__(
        self, database: Database, parties: Parties, minutes: Minutes, metrics: Metrics, clock: HandClock
    ) -> None:
        self.database = database
        self.parties = parties
        self.minutes = minutes
        self.metrics = metrics
        self.clock = clock

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, folder: Path, clock: HandClock | None = None) -> AsyncIterator["Hall"]:
        """On the same folder again, it is the same hall after a restart."""
        clock = clock or HandClock()
        path = folder / "watchparty.db"
        is_new = not path.exists()
        migrate(path, folder / "backups")
        async with Database.open(path) as database:
            if is_new:
                await database.write(_furnish)
            metrics = Metrics()
            sessions, queues = RoomSessionStore(), QueueStore()
            minutes = Minutes(database, RoomStore(), MessageStore(), RoomEventStore(), sessions, queues)
            parties = Parties(
                database,
                RoomStore(),
                MessageStore(),
                sessions,
                VideoStore(),
                queues,
                Shelf(database),
                minutes,
                metrics.party,
                clock,
            )
            async with minutes.open(), parties.open():
                yield cls(database, parties, minutes, metrics, clock)

    async def enters(self, who: str, *, hello: bool = True, resume: str | None = None) -> tuple[Seat, Ear]:
        ear = Ear()
        role = RoomRole.HOST if who == "ann" else RoomRole.MEMBER
        person = Person(who, who.title(), Role.USER, f"{who}'s session")
        seat = await self.parties.seat(person, Member("room", who, who.title(), role, 1.0), ear)
        if hello:
            self.says(seat, "hello", resume=resume)
        return seat, ear

    def says(self, seat: Seat, kind: str, **fields: Any) -> None:
        seat.heard_at = self.clock.now
        self.parties.hear(seat, parse(json.dumps({"type": kind, **fields})))

    def later(self, seconds: float) -> None:
        """Let time pass and have the room do what is due."""
        self.clock.now += seconds
        self.parties.tick()

    @staticmethod
    def card(tx: Tx) -> RoomCard:
        """The room as it is kept."""
        card = RoomStore().get(tx, "room")
        assert card is not None
        return card

    async def saved(self) -> SavedTimeline:
        await self.minutes.written()
        saved = await self.database.read(lambda tx: RoomStore().timeline(tx, "room"))
        assert saved is not None
        return saved

    async def log(self) -> list[tuple[str, str | None]]:
        """What was written down, in order: what was done, and by whom."""
        await self.minutes.written()
        events = await self.database.read(lambda tx: RoomEventStore().before(tx, "room", NEWEST, 100))
        return [(event.kind, event.member_id) for _, event in reversed(events)]

    async def said(self) -> list[str]:
        await self.minutes.written()
        lines = await self.database.read(lambda tx: MessageStore().before(tx, "room", NEWEST, 100))
        return [line.text for _, line in reversed(lines)]


def _furnish(tx: Any) -> None:
    for name in ("ann", "bob", "cleo"):
        UserStore().add(tx, User(name, name, name.title(), Role.USER, None, 1.0), "hash")
    VideoStore().add(tx, FILM)
    tx.execute("UPDATE videos SET status = ?, duration = 600 WHERE id = 'film'", (Status.READY,))
    RoomStore().add(tx, Room("room", "Friday", "ann", Admission.OPEN, Rights(), None, "film", 1.0, 1.0))
    for name in ("ann", "bob", "cleo"):
        role = RoomRole.HOST if name == "ann" else RoomRole.MEMBER
        MemberStore().put(tx, Member("room", name, name.title(), role, 1.0))


def _payload(frame: bytes) -> bytes:
    """What a server's text frame carries (RFC 6455, section 5.2)."""
    size, start = frame[1], 2
    if size == 126:
        start = 4
    elif size == 127:
        start = 10
    return frame[start:]
