"""What happened in a room, session by session, for its hosts to read and to take away."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from watchparty.domain.errors import NotFound
from watchparty.domain.room import RoomCard, RoomEvent
from watchparty.domain.room_session import SessionSummary
from watchparty.domain.user import Person
from watchparty.services.parties import Parties
from watchparty.services.rooms import Rooms
from watchparty.storage.database import Database, Tx
from watchparty.storage.messages import NEWEST as NEWEST_EVENT
from watchparty.storage.room_sessions import NEWEST, RoomEventStore, RoomSessionStore

# Events read from the disk at a time for whoever takes a whole session away.
BATCH = 500


@dataclass(frozen=True)
class Chapter:
    """One session, and whether it is the one that is going on."""

    room: RoomCard
    summary: SessionSummary
    is_live: bool


class Chronicle:
    """Every method raises NotFound and NotAllowed for everybody but the room's hosts and administrators."""

    def __init__(
        self, database: Database, sessions: RoomSessionStore, events: RoomEventStore, rooms: Rooms, parties: Parties
    ) -> None:
        self._database = database
        self._sessions = sessions
        self._events = events
        self._rooms = rooms
        self._parties = parties

    async def chapters(
        self, person: Person, room_id: str, after: tuple[float, str] | None, limit: int
    ) -> list[Chapter]:
        """The newest sessions after `after`, newest first."""
        card = await self._rooms.find_as_host(person, room_id)

        def read(tx: Tx) -> list[SessionSummary]:
            page = self._sessions.page(tx, room_id, after or NEWEST, limit)
            return [self._sessions.summary(tx, session) for session in page]

        return [self._chapter(card, summary) for summary in await self._database.read(read)]

    async def chapter(self, person: Person, room_id: str, session_id: str) -> Chapter:
        card = await self._rooms.find_as_host(person, room_id)

        def read(tx: Tx) -> SessionSummary | None:
            session = self._sessions.get(tx, room_id, session_id)
            return self._sessions.summary(tx, session) if session else None

        summary = await self._database.read(read)
        if summary is None:
            raise NotFound("There was no such session in this room.")
        return self._chapter(card, summary)

    async def events(
        self, person: Person, room_id: str, session_id: str, before: int | None, limit: int
    ) -> list[tuple[int, RoomEvent]]:
        """What was done in a session before event `before`, newest first."""
        await self.chapter(person, room_id, session_id)
        start = NEWEST_EVENT if before is None else before
        return await self._database.read(lambda tx: self._events.before_in(tx, session_id, start, limit))

    async def whole(self, chapter: Chapter) -> AsyncIterator[list[RoomEvent]]:
        """All of a session, oldest first, in batches."""
        session_id, seq = chapter.summary.session.id, 0
        while True:
            batch = await self._database.read(lambda tx, after=seq: self._events.after_in(tx, session_id, after, BATCH))  # type: ignore[misc]
            if not batch:
                return
            yield [event for _, event in batch]
            seq = batch[-1][0]

    def _chapter(self, card: RoomCard, summary: SessionSummary) -> Chapter:
        session = summary.session
        is_live = self._parties.session_id(card.room.id) == session.id
        if session.ended_at is None and not is_live:
            # The server was stopped in the middle, and nobody has come back since.
            summary = replace(summary, session=replace(session, ended_at=summary.last_at))
        return Chapter(card, summary, is_live)
