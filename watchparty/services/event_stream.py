"""What pages hear while they are open: everybody what they may know, over lines that stay."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from watchparty.domain.event import Event, RoomEvent, VideoDeleted, VideoEvent, may_hear
from watchparty.domain.server_event import HEARTBEAT, frame, opening, said
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Visibility
from watchparty.services.event_metrics import EventMetrics
from watchparty.services.sessions import Sessions
from watchparty.storage.database import Database, Tx
from watchparty.storage.events import EventStore
from watchparty.storage.rooms import RoomStore
from watchparty.storage.videos import VideoStore

# Seconds between comments on lines where nothing happens: below the half minute after which some proxies hang up.
HEARTBEAT_EVERY = 15.0
# Seconds a browser waits before it comes back.
RETRY = 2.0
# Lines one person may have; the oldest goes when there are more.
MOST_OF_ONE = 20
# Events read at once for somebody who was away, and the most that are told; with more, everything is to be asked anew.
PAGE = 500
MOST_REPLAYED = 2_000


class Line(Protocol):
    """A connection that takes what is written without anybody waiting for it."""

    def write(self, data: bytes) -> bool:
        """False when it does not keep up, or has gone."""

    def end(self) -> None:
        """Nothing more comes."""

    def drop(self) -> None:
        """Cut it."""


@dataclass(eq=False)
class Reader:
    """Somebody who listens. `held` are events that happened while older ones are still being fetched."""

    person: Person
    line: Line
    last: int = 0
    held: list[Event] | None = field(default_factory=list)


class EventStream:
    def __init__(
        self,
        database: Database,
        store: EventStore,
        videos: VideoStore,
        rooms: RoomStore,
        sessions: Sessions,
        metrics: EventMetrics,
    ) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._rooms = rooms
        self._sessions = sessions
        self._metrics = metrics
        self._readers: dict[Reader, None] = {}  # in the order they came

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["EventStream"]:
        """Keeps the lines alive until left."""
        beating = asyncio.create_task(self._beat(), name="event streams")
        try:
            yield self
        finally:
            beating.cancel()
            await asyncio.gather(beating, return_exceptions=True)
            self.close()

    def hear(self, event: Event) -> None:
        """Pass on what happened. To be told of everything, in the order of `seq`; never waits."""
        data = None
        for reader in list(self._readers):
            if not may_hear(self._sessions.as_now(reader.person), event):
                continue
            if reader.held is not None:
                self._hold(reader, event)
                continue
            data = data or _frame(event)
            self._tell(reader, event, data)

    def send(self, user_ids: Collection[str], name: str, data: Mapping[str, Any]) -> None:
        """Tell these people something that is not kept: who is not there does not hear of it."""
        sent = frame(name, data)
        for reader in list(self._readers):
            if reader.person.id in user_ids and reader.held is None:
                self._write(reader, sent)

    def join(self, person: Person, line: Line) -> Reader:
        """Take somebody in; nothing is written before `begin`."""
        reader = Reader(person, line)
        own = [other for other in self._readers if other.person.id == person.id]
        for other in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
            self._end(other)
        self._readers[reader] = None
        self._metrics.streams.inc()
        return reader

    async def begin(self, reader: Reader, after: int | None) -> None:
        """Begin to write: what happened after event `after`, as far as that is still known, and then what happens.

        Whoever cannot be told everything hears `missed`, and has to ask anew for whatever they show.
        """
        self._write(reader, opening(RETRY))
        if after is not None and not await self._catch_up(reader, after):
            self._write(reader, frame("missed", {}))
        held, reader.held = reader.held or [], None
        for event in held:
            self._tell(reader, event, _frame(event))

    def leave(self, reader: Reader) -> None:
        if reader in self._readers:
            del self._readers[reader]
            self._metrics.streams.dec()

    def end_session(self, session_id: str) -> None:
        """Whoever was signed out hears nothing more from this moment on."""
        for reader in [each for each in self._readers if each.person.session_id == session_id]:
            self._end(reader)

    def close(self) -> None:
        """The server stops: everybody comes back later."""
        for reader in list(self._readers):
            self._end(reader)

    async def _catch_up(self, reader: Reader, after: int) -> bool:
        """Whether everything since then could be told."""
        first, last = await self._database.read(self._store.kept)
        whole = first - 1 <= after <= last
        reader.last = min(after, last)
        for _ in range(MOST_REPLAYED // PAGE):
            found, heard = await self._database.read(lambda tx: self._page(tx, reader))
            for event in heard:
                self._write(reader, _frame(event))
            if found:
                reader.last = found[-1].seq
            if len(found) < PAGE:
                return whole
        reader.last = last
        return False

    def _page(self, tx: Tx, reader: Reader) -> tuple[list[Event], list[Event]]:
        """Some events, and those of them that this person may hear of."""
        found, person = self._store.after(tx, reader.last, PAGE), self._sessions.as_now(reader.person)
        return found, [event for event in found if may_hear(person, event) and self._may_still(tx, person, event)]

    def _may_still(self, tx: Tx, person: Person, event: Event) -> bool:
        """What was open to everybody then may be private by now."""
        if person.is_admin or person.id == event.owner_id or person.id in event.people:
            return True
        if isinstance(event, VideoEvent):
            video = self._videos.get(tx, event.subject)
            if video is None:
                return isinstance(event, VideoDeleted)
            return video.visibility is Visibility.PUBLIC and video.status is Status.READY
        if isinstance(event, RoomEvent):
            card = self._rooms.get(tx, event.subject)
            return card is not None and RoomEvent.of(card.room).is_open
        return True

    def _hold(self, reader: Reader, event: Event) -> None:
        if reader.held is not None and len(reader.held) < MOST_REPLAYED:
            reader.held.append(event)
        else:
            self._drop(reader)

    def _tell(self, reader: Reader, event: Event, data: bytes) -> None:
        # What was read from the disk a moment ago may come once more as news.
        if event.seq and event.seq <= reader.last:
            return
        reader.last = max(reader.last, event.seq)
        self._write(reader, data)

    def _write(self, reader: Reader, data: bytes) -> None:
        if not reader.line.write(data):
            self._drop(reader)

    def _drop(self, reader: Reader) -> None:
        """One who does not keep up comes back and is told what they missed, rather than filling the memory."""
        if reader in self._readers:
            self._metrics.streams_dropped.inc()
            self.leave(reader)
        reader.line.drop()

    def _end(self, reader: Reader) -> None:
        self.leave(reader)
        reader.line.end()

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_EVERY)
            for reader in list(self._readers):
                if reader.held is None:
                    self._write(reader, HEARTBEAT)


def _frame(event: Event) -> bytes:
    return frame(event.kind, said(event), event.seq)
