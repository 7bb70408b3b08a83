"""Writes down what was told in a room, in that order, while nobody there waits for it."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence

from watchparty.domain.errors import Problem
from watchparty.domain.queue import Item
from watchparty.domain.room import ChatLine, RoomEvent
from watchparty.domain.room_session import RoomSession
from watchparty.storage.database import Database, Tx
from watchparty.storage.messages import MessageStore
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.room_sessions import RoomEventStore, RoomSessionStore
from watchparty.storage.rooms import RoomStore, SavedTimeline

# A room's log keeps this many lines, until the room is deleted; the oldest go.
MOST_EVENTS = 20_000

log = logging.getLogger(__name__)


class Minutes:
    """A party does not stand still because a disk is slow or full: what could not be kept is told to its sender."""

    def __init__(
        self,
        database: Database,
        rooms: RoomStore,
        messages: MessageStore,
        events: RoomEventStore,
        sessions: RoomSessionStore,
        queues: QueueStore,
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._messages = messages
        self._events = events
        self._sessions = sessions
        self._queues = queues
        self._writing: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Minutes"]:
        """On leaving, everything handed over has been written."""
        try:
            yield self
        finally:
            await self.written()

    async def written(self) -> None:
        """Wait until everything handed over so far is on disk."""
        while self._writing:
            await asyncio.wait(self._writing)

    def said(self, line: ChatLine, then: Callable[[bool], None]) -> None:
        """`then` hears whether it is durable."""
        self._keep(lambda tx: self._messages.add(tx, line), then)

    def unsaid(self, line: ChatLine, by: str, then: Callable[[bool], None]) -> None:
        """Its text is gone from the disk when `then` hears so."""
        self._keep(lambda tx: self._messages.unsay(tx, line.id, by), then)

    def happened(self, event: RoomEvent) -> None:
        self._keep(lambda tx: self._events.add(tx, event))

    def opened(self, session: RoomSession) -> None:
        """A session has begun."""
        self._keep(lambda tx: self._sessions.open(tx, session))
        self.pruned(session.room_id)

    def ended(self, session: RoomSession) -> None:
        """A session is over, since its `ended_at`."""
        at = session.started_at if session.ended_at is None else session.ended_at
        self._keep(lambda tx: self._sessions.end(tx, session.id, at))

    def pruned(self, room_id: str) -> None:
        """Nothing is kept for ever: the oldest of what is too much goes."""
        self._keep(lambda tx: self._events.prune(tx, room_id, MOST_EVENTS))

    def stands(self, room_id: str, timeline: SavedTimeline) -> None:
        """Where playback is, to go on from after a restart."""
        self._keep(lambda tx: self._rooms.save_timeline(tx, room_id, timeline))

    def queued(self, room_id: str, items: Sequence[Item]) -> None:
        """What comes next, whole."""
        self._keep(lambda tx: self._queues.replace(tx, room_id, items))

    def _keep(self, work: Callable[[Tx], None], then: Callable[[bool], None] | None = None) -> None:
        task = asyncio.create_task(self._write(work, then), name="minutes")
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def _write(self, work: Callable[[Tx], None], then: Callable[[bool], None] | None) -> None:
        try:
            await self._database.write(work)
            kept = True
        except (Problem, sqlite3.Error) as error:
            log.warning("could not be written down: %s", error)
            kept = False
        if then is not None:
            then(kept)
