"""Who is connected: every room with people in it, in memory from the first seat to the last."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Protocol, TypeVar

from watchparty.domain.closing import SHOWN_OUT, SIGNED_OUT
from watchparty.domain.errors import NotFound
from watchparty.domain.message import Hello, Load, Message, Queue, State
from watchparty.domain.news import Notice, VideoNews
from watchparty.domain.party_event import Logged
from watchparty.domain.queue import Item, standing
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import ChatLine, Member, Room, RoomCard, RoomEvent
from watchparty.domain.room_session import RoomSession
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause, Timeline
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.lines import SHOWN
from watchparty.services.live_room import LiveRoom
from watchparty.services.minutes import Minutes
from watchparty.services.party_metrics import Census, PartyMetrics
from watchparty.services.progress import Work
from watchparty.services.seat import Line, Seat
from watchparty.storage.database import Database, Tx
from watchparty.storage.messages import NEWEST, MessageStore
from watchparty.storage.room_queue import QueueStore
from watchparty.storage.room_sessions import RoomSessionStore
from watchparty.storage.rooms import RoomStore, SavedTimeline
from watchparty.storage.videos import VideoStore

T = TypeVar("T")


class Library(Protocol):
    """What a party asks of the library when somebody wants another film."""

    async def find(self, person: Person, video_id: str) -> Video:
        """Raises NotFound unless this person may see it."""

    def needs_room(self, person: Person, video: Video) -> bool:
        """Whether they may see it only because of a room they are in."""


class Parties:
    def __init__(
        self,
        database: Database,
        rooms: RoomStore,
        messages: MessageStore,
        sessions: RoomSessionStore,
        videos: VideoStore,
        queues: QueueStore,
        library: Library,
        minutes: Minutes,
        metrics: PartyMetrics,
        clock: Clock,
    ) -> None:
        self._database = database
        self._rooms = rooms
        self._messages = messages
        self._sessions = sessions
        self._videos = videos
        self._queues = queues
        self._library = library
        self._minutes = minutes
        self._metrics = metrics
        self._clock = clock
        self._live: dict[str, LiveRoom] = {}
        # Rooms that were in memory since the server started.
        self._let_gone: set[str] = set()
        self._loading = asyncio.Lock()
        self._learning: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Parties"]:
        """On leaving, everybody has been sent home and what is going on has been kept."""
        try:
            yield self
        finally:
            self.close()
            for task in self._learning:
                task.cancel()
            await asyncio.gather(*self._learning, return_exceptions=True)
            await self._minutes.written()

    def close(self) -> None:
        """The server stops: tell everybody, so that they come back by themselves."""
        for room in list(self._live.values()):
            room.close("The server is stopping.")
        self._live.clear()

    def tick(self) -> None:
        """Do what is due in every room. Each does so by itself; this is for a clock that is moved by hand."""
        for room in list(self._live.values()):
            room.tick()

    # Seats.

    async def seat(self, person: Person, member: Member, line: Line) -> Seat:
        """A seat for a socket of somebody who has been let in. Raises NotFound when the room has gone."""
        async with self._loading:
            room = self._live.get(member.room_id) or await self._load(member.room_id)
            # No await between here and the seat, or the room could be let go meanwhile.
            self._live[room.id] = room
            return room.open(person, member, line)

    def hear(self, seat: Seat, message: Message) -> None:
        """Take what somebody said. Never waits."""
        room = self._live.get(seat.member.room_id)
        if room is None or seat.is_gone:
            return
        if isinstance(message, Hello):
            room.sit(seat, message.resume)
        elif seat.is_seated:
            room.hear(seat, message)
        else:
            seat.refuse("hello_first", "Say hello first.")

    async def load(self, seat: Seat, load: Load) -> None:
        """The same for a wish for another film, which takes a look into the library."""
        video, room = await self._found(seat, load.video_id)
        if video is None or room is None:
            return None
        if self._library.needs_room(seat.person, video) and not room.shows(video.id):
            # Seeing a film in one room does not let anybody show it in another.
            return seat.refuse("no_such_video", "There is no such video.")
        return room.load(seat, load, film_of(video))

    async def enqueue(self, seat: Seat, wish: Queue) -> None:
        """The same for a film that is to come next."""
        video, room = await self._found(seat, wish.video_id or "")
        if video is None or room is None:
            return None
        if self._library.needs_room(seat.person, video):
            # Whoever sees a film in this room alone does not keep it open when it is taken out again.
            return seat.refuse("no_such_video", "There is no such video.")
        return room.enqueue(seat, item_of(video, seat.member))

    async def speak(self, seat: Seat, message: Message, line_id: str) -> None:
        """The same for what is about a line said before, which may be so old that it has to be looked up."""
        room_id = seat.member.room_id
        room = self._live.get(room_id)
        if room is not None and not room.talk.knows(line_id):
            line = await self._database.read(lambda tx: self._messages.get(tx, room_id, line_id))
            room = self._live.get(room_id)
            if line is not None and room is not None:
                room.talk.recall(line)
        self.hear(seat, message)

    async def visit(self, room_id: str, act: Callable[[LiveRoom], T]) -> T:
        """Do something in a room, whether anybody is there or not; `act` does not wait. Raises NotFound."""
        async with self._loading:
            was_let_go = room_id in self._let_gone
            room = self._live.get(room_id) or await self._load(room_id)
            self._live[room_id] = room
            try:
                return act(room)
            finally:
                room.tick()
                if not was_let_go and room_id not in self._live:
                    self._let_gone.discard(room_id)  # nobody has been there

    def measure(self, seat: Seat, rtt: float) -> None:
        """The round trip to a seat, in seconds."""
        room = self._live.get(seat.member.room_id)
        if room is not None and not seat.is_gone:
            room.measure(seat, rtt)

    def leave(self, seat: Seat, code: int | None) -> None:
        """The socket is closed, by its other side's `code` where it gave one."""
        room = self._live.get(seat.member.room_id)
        if room is not None:
            room.leave(seat, code)

    def opens(self, person: Person, video_id: str) -> bool:
        """Whether this person is in a room in which that film is loaded or queued.

        Asked for every segment; never waits.
        """
        return any(room.shows(video_id) and room.has(person.id) for room in self._live.values())

    # What happens outside.

    def end_session(self, session_id: str) -> None:
        """Somebody signed out, or was made to."""
        for room in list(self._live.values()):
            room.send_away("Your session has ended.", SIGNED_OUT, session_id=session_id)

    def end_room(self, room_id: str) -> None:
        """The room is deleted."""
        room = self._live.pop(room_id, None)
        if room is not None:
            room.end("This room has been closed.")

    def show_out(self, room_id: str, member_id: str, *, banned: bool = False) -> None:
        room = self._live.get(room_id)
        if room is not None:
            how = "banned you from" if banned else "shown you out of"
            room.send_away(f"A host has {how} this room.", SHOWN_OUT, member_id=member_id)

    def change(self, card: RoomCard) -> None:
        """A room's settings are others from now on."""
        room = self._live.get(card.room.id)
        if room is not None:
            room.change(card)

    def unsaid(self, line: ChatLine, by: str) -> None:
        """A line was taken back."""
        room = self._live.get(line.room_id)
        if room is not None:
            room.talk.recall(line)
            room.talk.unsaid(line, by)

    def change_member(self, member: Member) -> None:
        room = self._live.get(member.room_id)
        if room is not None:
            room.change_member(member)

    def note(self, room_id: str, deed: Logged | None) -> None:
        """Write down what somebody did to a room or to a member of it, if anything, whether anybody is there or not."""
        if deed is None:
            return None
        room = self._live.get(room_id)
        if room is not None:
            return room.note(deed)
        at = self._clock.time()
        event = RoomEvent(
            room_id, deed.kind, deed.member_id, None, None, at, target_id=deed.target_id, detail=deed.detail
        )
        return self._minutes.happened(event)

    def tell_hosts(self, room_id: str, code: str, text: str) -> None:
        room = self._live.get(room_id)
        if room is not None:
            room.tell_hosts(Notice(code, text))

    async def put(self, room_id: str, video: Video | None, by: str) -> None:
        """Have this film in the room from now on, whether anybody is there or not."""
        room = self._live.get(room_id)
        if room is not None:
            return room.put(film_of(video) if video else None, by)

        def keep(tx: Tx) -> None:
            saved = self._rooms.timeline(tx, room_id)
            if saved is not None:
                revision = saved.revision + 1
                video_id = video.id if video else None
                fresh = SavedTimeline(revision, video_id, 0.0, 1.0, self._clock.time())
                self._rooms.save_timeline(tx, room_id, fresh)

        await self._database.write(keep)
        return None

    def film_progressed(self, work: Work) -> None:
        """Tell the rooms that show a film how far it is, and learn how long it is once it can be watched."""
        rooms = self._showing(work.video_id)
        for room in rooms:
            if room.film is not None and room.film.video_id == work.video_id:
                room.tell_video(VideoNews(work.video_id, work.status, round(work.progress, 4), work.reason))
        if any(room.awaits(work.video_id, standing(work.status)) for room in rooms):
            task = asyncio.create_task(self.film_changed(work.video_id), name="learn about a film")
            self._learning.add(task)
            task.add_done_callback(self._learning.discard)

    async def film_changed(self, video_id: str) -> None:
        """Its title, its length or what can be done with it is another: its rooms learn of that."""
        if not self._showing(video_id):
            return
        video = await self._database.read(lambda tx: self._videos.get(tx, video_id))
        if video is not None:
            for room in self._showing(video_id):
                room.know_film(film_of(video), video.title, standing(video.status))

    async def film_deleted(self, video_id: str) -> None:
        """Its rooms have none from now on."""
        for room in self._showing(video_id):
            room.forget_film(video_id)

    def video_id(self, room: Room) -> str | None:
        """The film that is loaded now, which may be newer than what was read from the database."""
        live = self._live.get(room.id)
        if live is None:
            return room.video_id
        return live.film.video_id if live.film else None

    def playheads(self) -> list[tuple[str, float, bool]]:
        """Where the rooms are that have a film: its id, the position in seconds, and whether it plays."""
        return [room.playhead for room in self._live.values() if room.playhead is not None]

    def upcoming(self) -> list[tuple[str, float, bool]]:
        """The beginnings of what comes next where somebody is, as `playheads`."""
        return [(room.queue[0].video_id, 0.0, False) for room in self._live.values() if room.queue and room.people]

    def session_id(self, room_id: str) -> str | None:
        """The session that is going on in a room now."""
        room = self._live.get(room_id)
        return None if room is None else room.session_id

    def census(self) -> Census:
        """Who is in rooms now, all rooms together."""
        here = [room.census for room in self._live.values()]
        members = Counter({state: 0 for state in [*State, "joining", "away"]})
        for census in here:
            members.update(census.members)
        return Census(len(here), sum(census.seats for census in here), members)

    def people(self, room_id: str) -> list[str]:
        """The names of the members who are in a room now, in the order they came."""
        room = self._live.get(room_id)
        return [] if room is None else room.people

    def is_here(self, room_id: str, member_id: str) -> bool:
        room = self._live.get(room_id)
        return room is not None and room.has(member_id)

    def role(self, room_id: str, member_id: str) -> RoomRole | None:
        """The role a member acts in now, which is the host's for whoever holds the chair; None when not seated."""
        room = self._live.get(room_id)
        return None if room is None else room.role(member_id)

    def _showing(self, video_id: str) -> list[LiveRoom]:
        return [room for room in self._live.values() if room.shows(video_id)]

    async def _found(self, seat: Seat, video_id: str) -> tuple[Video | None, LiveRoom | None]:
        """A film somebody asks for, and the room they are still in; they are told when there is no such film."""
        try:
            video = await self._library.find(seat.person, video_id)
        except NotFound as error:
            seat.refuse("no_such_video", error.detail)
            return None, None
        room = self._live.get(seat.member.room_id)
        return video, None if seat.is_gone or not seat.is_seated else room

    async def _load(self, room_id: str) -> LiveRoom:
        def read(
            tx: Tx,
        ) -> tuple[
            RoomCard | None,
            SavedTimeline | None,
            Video | None,
            list[ChatLine],
            list[Item],
            tuple[RoomSession, float] | None,
        ]:
            card = self._rooms.get(tx, room_id)
            saved = self._rooms.timeline(tx, room_id)
            video = self._videos.get(tx, saved.video_id) if saved and saved.video_id else None
            lines = [line for _, line in self._messages.before(tx, room_id, NEWEST, SHOWN)]
            last = self._sessions.last(tx, room_id)
            seen = (last, self._sessions.seen_at(tx, last)) if last and last.ended_at is None else None
            return card, saved, video, lines[::-1], self._queues.list(tx, room_id), seen

        # What was handed over before has to be on disk before it is read again.
        await self._minutes.written()
        card, saved, video, history, queue, seen = await self._database.read(read)
        if card is None or saved is None:
            raise NotFound("There is no such room.")
        film = film_of(video) if video else None
        timeline = _restored(saved, film, self._clock.monotonic(), self._why_read(room_id, saved))
        session = self._taken_up(*seen, saved) if seen else None
        return LiveRoom(
            card, timeline, film, history, queue, session, self._minutes, self._metrics, self._clock, self._let_go
        )

    def _taken_up(self, session: RoomSession, done_at: float, saved: SavedTimeline) -> RoomSession | None:
        """The session that the server's stop cut off, when it goes on; else it ended with its last sign of life."""
        seen_at = max(done_at, saved.saved_at)
        if session.goes_on(seen_at, self._clock.time()):
            return session
        self._minutes.ended(replace(session, ended_at=seen_at))
        return None

    def _why_read(self, room_id: str, saved: SavedTimeline) -> Cause:
        """Why a room is not in memory, as its people will be told."""
        if room_id in self._let_gone:
            return Cause.EMPTY
        return Cause.RESTART if saved.position > 0 else Cause.LOAD

    def _let_go(self, room: LiveRoom) -> None:
        self._let_gone.add(room.id)
        if self._live.get(room.id) is room:
            del self._live[room.id]


def film_of(video: Video) -> Film:
    """What a party has to know of a video."""
    return Film(video.id, video.duration, video.status is Status.READY)


def item_of(video: Video, by: Member) -> Item:
    """A video as one more thing in a queue."""
    return Item(new_id(), video.id, video.title, video.duration, by.id, by.name, standing(video.status))


def _restored(saved: SavedTimeline, film: Film | None, now: float, cause: Cause) -> Timeline:
    """Standing where playback was last known to be, which a film cut short meanwhile may not reach any more."""
    position = min(saved.position, film.duration) if film and film.duration is not None else saved.position
    return Timeline(saved.revision, saved.video_id, position, saved.rate).restored(now, cause)
