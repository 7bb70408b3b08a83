"""A room with people in it: one party, its seats, and everybody told the same in the same order.

Nothing here waits. What somebody says is heard, decided and told to every seat before anything else happens; what has
to be kept is handed to the minutes afterwards. Times are seconds on the monotonic clock unless they say otherwise.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from watchparty.domain import news
from watchparty.domain.closing import GOING_AWAY, LEFT, ROOM_CLOSED, TAKEN_OVER
from watchparty.domain.conduct import Conduct
from watchparty.domain.conflict import Refusal
from watchparty.domain.message import (
    Chat,
    Load,
    Message,
    Pause,
    Play,
    Queue,
    Rate,
    Reaction,
    Seek,
    Status,
    Typing,
    Unsay,
    Wait,
)
from watchparty.domain.party import Party
from watchparty.domain.party_event import Logged
from watchparty.domain.queue import Item, Standing
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import ChatLine, Member, RoomCard
from watchparty.domain.room_session import RoomSession
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Timeline
from watchparty.domain.user import Person
from watchparty.domain.watcher import Watcher
from watchparty.services.alarm import Alarm
from watchparty.services.attendance import Attendance
from watchparty.services.audience import Audience
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.minutes import Minutes
from watchparty.services.party_metrics import Census, PartyMetrics
from watchparty.services.proceedings import Proceedings
from watchparty.services.pulses import Pulses
from watchparty.services.record import Record
from watchparty.services.room_meter import RoomMeter
from watchparty.services.room_queue import RoomQueue
from watchparty.services.seat import Line, Seat
from watchparty.services.talk import Talk

# How long a member whose line broke, or who reloads the page, is not taken for gone.
AWAY_FOR = 60.0
RELOADS_WITHIN = 5.0


class LiveRoom:
    """`on_deserted` is called, in the moment it happens, when nobody is left and nothing has to be remembered."""

    def __init__(
        self,
        card: RoomCard,
        timeline: Timeline,
        film: Film | None,
        history: Iterable[ChatLine],
        queue: Iterable[Item],
        session: RoomSession | None,
        minutes: Minutes,
        metrics: PartyMetrics,
        clock: Clock,
        on_deserted: Callable[["LiveRoom"], None],
    ) -> None:
        self.id = card.room.id
        self._card = card
        self._clock = clock
        self._minutes = minutes
        self._metrics = metrics
        self._on_deserted = on_deserted
        now = clock.monotonic()
        self._party = Party(card.room.host_id, card.room.rights, timeline, film, now)
        # What is restored is told as a new revision, and kept with the first change after it.
        self._record = Record(self.id, timeline.revision, session, minutes, clock)
        self._attendance = Attendance()
        self._audience = Audience(self._attendance, self._present, metrics, clock)
        self.talk = Talk(card.room, history, self._people, self._audience, minutes, metrics, clock)
        self._queue = RoomQueue(
            queue, self._party, lambda items: minutes.queued(self.id, items), self._audience.tell, now
        )
        self._meter = RoomMeter(metrics, now)
        self._proceedings = Proceedings(self._party, self._audience, self._attendance, self._record, self._meter, clock)
        self._pulses = Pulses(self._attendance, now)
        self._alarm = Alarm(self.tick, clock)

    # What one may ask.

    @property
    def film(self) -> Film | None:
        return self._party.film

    @property
    def playhead(self) -> tuple[str, float, bool] | None:
        """The film, where it is in seconds, and whether it plays."""
        if self.film is None:
            return None
        position = self._party.position_at(self._clock.monotonic())
        return self.film.video_id, position, self._party.timeline.playing

    @property
    def queue(self) -> Sequence[Item]:
        """What comes next."""
        return self._queue.items

    def shows(self, video_id: str) -> bool:
        """Whether this film is loaded or queued here, and so open to everybody in the room."""
        return (self.film is not None and self.film.video_id == video_id) or video_id in self._queue.video_ids

    def awaits(self, video_id: str, standing: Standing) -> bool:
        """Whether it is news here that a film stands so."""
        queued = any(item.video_id == video_id and item.status is not standing for item in self.queue)
        loaded = self.film is not None and self.film.video_id == video_id and not self.film.is_ready
        return queued or (loaded and standing is not Standing.PREPARING)

    def has(self, member_id: str) -> bool:
        """Whether this member is here, or may be back in a moment."""
        return self._attendance.has(member_id)

    def role(self, member_id: str) -> RoomRole | None:
        seats = self._attendance.of(member_id)
        return self._party.role(seats[0].id) if seats else None

    @property
    def people(self) -> list[str]:
        """The names of those who are here."""
        return [*{seat.member.id: seat.member.name for seat in self._attendance}.values()]

    @property
    def session_id(self) -> str | None:
        """The session that is going on, as the record has it."""
        return self._record.session_id

    @property
    def census(self) -> Census:
        """Who is here now, as the others see them."""
        return Census(1, len(self._attendance), Counter(member.state for member in self._present()))

    # Coming and going.

    def open(self, person: Person, member: Member, line: Line) -> Seat:
        """A socket of a member; it takes part once it says hello."""
        now = self._clock.monotonic()
        seat = Seat(new_id(), person, member, line, Conduct(now), self._metrics, opened_at=now, heard_at=now)
        self._pulses.lobby.add(seat)
        line.ping()
        self._arm()
        return seat

    def sit(self, seat: Seat, resume: str | None) -> None:
        """Hello: from now on the seat hears everything."""
        if seat.is_seated:
            return seat.refuse("said_already", "You have said hello already.")
        now, member = self._clock.monotonic(), seat.member
        # What this changes for the others is told before the seat hears anything: its first word is the welcome.
        self._proceedings.carry_out(self._party.sit(Watcher(seat.id, member.id, member.name, member.role), now))
        zombie = self._attendance.resumed(member.id, resume) if resume else None
        self._pulses.lobby.discard(seat)
        seat.is_seated, seat.resume = True, new_id()
        is_new = self._attendance.come(seat)
        seat.tell(self._welcome(seat))
        if self.queue:
            seat.tell(self._queue.news)
        if zombie is not None:
            zombie.send_away(TAKEN_OVER, "You are here on another line.")
            self._empty(zombie, until=None)
        if is_new:
            self._record.came(member, self._party.timeline, self._party.position_at(now))
        elif len(self._attendance.of(member.id)) == 1:
            self._metrics.reconnects.inc()
        self._audience.presence_changed(now)
        return self._arm()

    def leave(self, seat: Seat, code: int | None) -> None:
        """The socket is closed; `code` is what its other side said, None when it said nothing."""
        seat.is_gone = True
        self._pulses.lobby.discard(seat)
        if seat in self._attendance:
            wait = {LEFT: None, GOING_AWAY: RELOADS_WITHIN}.get(code or 0, AWAY_FOR)
            self._empty(seat, until=None if wait is None else self._clock.monotonic() + wait)
        self._arm()

    def send_away(self, reason: str, code: int, *, member_id: str | None = None, session_id: str | None = None) -> None:
        """Close the seats of one member or session, or all of them, telling people why."""
        for seat in [*self._attendance, *self._pulses.lobby]:
            if member_id in {None, seat.member.id} and session_id in {None, seat.person.session_id}:
                seat.send_away(code, reason)
                self._pulses.lobby.discard(seat)
                if seat in self._attendance:
                    self._empty(seat, until=None)
        if member_id is not None:
            self._attendance.forget(member_id)
        self._audience.presence_changed(self._clock.monotonic())
        self._arm()

    # What people say.

    def hear(self, seat: Seat, message: Message) -> None:
        """Take what somebody said, decide, and tell everybody."""
        now = self._clock.monotonic()
        match message:
            case Play() | Pause() | Seek() | Rate() | Status() | Wait():
                self._proceedings.carry_out(self._party.apply(message, seat.id, now))
            case Chat() | Unsay() | Reaction() | Typing():
                self.talk.hear(seat, self._party.role(seat.id), message)
            case Queue():
                self._hear_of_queue(seat, message, now)
        self._arm()

    def load(self, seat: Seat, load: Load, film: Film) -> None:
        """The same for a film that its sender has been found to be allowed to see."""
        self._proceedings.carry_out(self._party.load(load, film, seat.id, self._clock.monotonic()))
        self._arm()

    def enqueue(self, seat: Seat, item: Item) -> None:
        """The same for the queue."""
        try:
            self._proceedings.carry_out(self._queue.add(self._as_they_are(seat.member), item))
        except Refusal as refusal:
            seat.refuse(refusal.code, refusal.detail)
        self._arm()

    def measure(self, seat: Seat, rtt: float) -> None:
        """The round trip to a seat, in seconds."""
        if seat.is_seated:
            self._party.measure(seat.id, rtt)

    # What happens to the room.

    def put(self, film: Film | None, by: str | None) -> None:
        """Have this film, or none, from now on."""
        self._proceedings.carry_out(self._party.put(film, by, self._clock.monotonic()))
        self._arm()

    def know_film(self, film: Film, title: str, status: Standing) -> None:
        """More is known of a film that is loaded or queued."""
        now = self._clock.monotonic()
        self._proceedings.carry_out(self._party.know_film(film, now))
        self._proceedings.carry_out(self._queue.know(film.video_id, title, film.duration, status, now))
        self._arm()

    def forget_film(self, video_id: str) -> None:
        """A film is deleted."""
        self._queue.forget(video_id)
        if self.film is not None and self.film.video_id == video_id:
            self.put(None, None)
        self._arm()

    def change_queue(self, member: Member, change: Queue | Item) -> None:
        """What somebody does by other ways than a seat: a wish, or a film to add. Raises Refusal."""
        member = self._as_they_are(member)
        if isinstance(change, Item):
            self._proceedings.carry_out(self._queue.add(member, change))
        else:
            self._proceedings.carry_out(self._queue.do(member, change, self._clock.monotonic()))

    def change(self, card: RoomCard) -> None:
        """The room's settings are others from now on."""
        rights, self._party.rights = self._party.rights, card.room.rights
        self._card = card
        self.talk.room = card.room
        self._audience.tell(news.RoomNews(news.RoomFacts.of(card)))
        told = card.room.rights.news_since(rights)
        if told:
            self._audience.tell(news.Notice("rights", told))

    def change_member(self, member: Member) -> None:
        """A member's name, role or right to speak is another from now on."""
        for seat in self._attendance.of(member.id):
            seat.member = member
        now = self._clock.monotonic()
        self._proceedings.carry_out(self._party.change_member(member.id, now, name=member.name, role=member.role))
        self._arm()

    def note(self, deed: Logged) -> None:
        """Write down what somebody did to the room or to a member of it, from wherever they did it."""
        position = self._party.position_at(self._clock.monotonic()) if self.film else None
        self._record.log(replace(deed, position=position), self._party.timeline)

    def tell_hosts(self, notice: news.Notice) -> None:
        self._audience.tell_hosts(notice)

    def tell_video(self, word: news.VideoNews) -> None:
        """How far the film is."""
        self._audience.video_changed(word)
        self._arm()

    def tick(self) -> None:
        """Do what is due."""
        now = self._clock.monotonic()
        self._proceedings.carry_out(self._party.tick(now))
        for member in self._attendance.give_up(now):
            self._left(member)
            self._audience.presence_changed(now)
        self._pulses.feel(now)
        self._proceedings.save_if_due()
        if self._party.timeline.playing:
            self._meter.look(self._party.watchers, now)
        self._audience.tick(now)
        self._arm()

    def end(self, reason: str) -> None:
        """The room is no more."""
        self._record.close()
        self.send_away(reason, ROOM_CLOSED)

    def close(self, reason: str) -> None:
        """The server stops: everybody is told, and where playback stands is kept."""
        self._record.close()
        self.send_away(reason, GOING_AWAY)
        self._record.save(self._party.timeline, self._party.position_at(self._clock.monotonic()))
        self._alarm.stop()

    def _empty(self, seat: Seat, until: float | None) -> None:
        if self._attendance.go(seat, until):
            self._left(seat.member)
        now = self._clock.monotonic()
        self._proceedings.carry_out(self._party.leave(seat.id, now))
        self._audience.presence_changed(now)

    def _left(self, member: Member) -> None:
        position = self._party.position_at(self._clock.monotonic())
        self._record.left(member, self._party.timeline, position, is_last=self._attendance.is_deserted)
        self._queue.left(member.id)

    # Telling.

    def _welcome(self, seat: Seat) -> news.Welcome:
        return news.Welcome(
            you=news.You(seat.member.id, seat.member.name, self._party.role(seat.id)),
            room=news.RoomFacts.of(self._card),
            timeline=news.TimelineNews.of(self._party.told),
            members=self._present(),
            messages=[news.Said.of(line) for line in self.talk.latest],
            queue=self._queue.items,
            server_time=news.milliseconds(self._clock.monotonic()),
            resume=seat.resume,
        )

    def _present(self) -> list[news.Present]:
        return self._attendance.present(self._party.watchers)

    def _people(self) -> list[tuple[str, str]]:
        return [(present.id, present.name) for present in self._present()]

    def _hear_of_queue(self, seat: Seat, wish: Queue, now: float) -> None:
        try:
            self._proceedings.carry_out(self._queue.do(self._as_they_are(seat.member), wish, now))
        except Refusal as refusal:
            seat.refuse(refusal.code, refusal.detail)

    def _as_they_are(self, member: Member) -> Member:
        """A member in the role they have now: the host's, for whoever sits in the chair."""
        return replace(member, role=self.role(member.id) or member.role)

    def _arm(self) -> None:
        """Have the queue follow, and `tick` called when something is due next; or let go of a room when nothing is."""
        self._proceedings.carry_out(self._queue.look(self._clock.monotonic()))
        if self._attendance.is_deserted and not self._pulses.lobby and not self._party.timeline.playing:
            self._alarm.stop()
            self._on_deserted(self)
        else:
            self._alarm.set(self._deadline())

    def _deadline(self) -> float:
        times = [
            self._pulses.due_at,
            self._party.deadline,
            self._attendance.deadline,
            self._audience.deadline,
            self._queue.deadline,
            self._record.due_at(self._party.timeline),
            self._meter.due_at if self._party.timeline.playing else None,
        ]
        return min(at for at in times if at is not None)
