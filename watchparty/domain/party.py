"""The rules of watching together: commands in, events out. It neither waits nor looks at a clock.

Its laws: every accepted command makes the next revision; a refused one changes nothing, and only its sender hears of
it. How the room then starts and waits is in stage.py, which of two crossing commands holds in conflict.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from watchparty.domain.chair import Chair
from watchparty.domain.conflict import SEEKS_COALESCE, Gesture, Order, Refusal
from watchparty.domain.message import Load, Pause, Play, Rate, Seek, State, Status, Wait
from watchparty.domain.party_event import Changed, Event, PresenceChanged, Refused
from watchparty.domain.rights import HOSTS, Action, Rights, RoomRole
from watchparty.domain.stage import Film, Stage
from watchparty.domain.timeline import Cause, Timeline, is_position
from watchparty.domain.watcher import Watcher

# Where somebody says they paused is believed when it is no further than this from where the room is. All in seconds.
BELIEVED_POSITION = 1.0
# A room that everybody has left plays on this long, in case they come back.
PLAYS_ON_EMPTY = 60.0

Command = Play | Pause | Seek | Rate | Status | Wait


@dataclass(frozen=True)
class _HeldSeek:
    """The last of several quick seeks, to be carried out at `due`."""

    seek: Seek
    watcher: Watcher
    due: float


class Party:
    """One room's playback. Whoever holds it calls `tick` at `deadline`; every call returns what is to be told."""

    def __init__(self, owner_id: str, rights: Rights, timeline: Timeline, film: Film | None, now: float) -> None:
        self.rights = rights
        self._stage = Stage(timeline, film)
        self._chair = Chair(owner_id, owner_id, vacant_since=now)
        self._chair_passes_at: float | None = None
        self._order = Order()
        self._held: _HeldSeek | None = None
        self._sought_at = float("-inf")
        self._emptied_at: float | None = now
        # The revision at which a film was put on that is to begin as soon as it can be watched.
        self._awaited: int | None = None

    # What one may ask.

    @property
    def timeline(self) -> Timeline:
        return self._stage.timeline

    @property
    def film(self) -> Film | None:
        return self._stage.film

    @property
    def told(self) -> Changed:
        """The timeline as it is told now."""
        return self._stage.told

    @property
    def watchers(self) -> list[Watcher]:
        """Who is seated, in the order they came, each in the role they have now."""
        holder = self._chair.holder_id
        return [
            replace(watcher, role=RoomRole.HOST) if watcher.member_id == holder else watcher
            for watcher in self._stage.seats.values()
        ]

    @property
    def deadline(self) -> float | None:
        """When `tick` is next due, or None while nothing happens by itself."""
        held = self._held.due if self._held else None
        times = (held, self._stage.deadline, self._chair_passes_at, self._stops_at)
        return min((at for at in times if at is not None), default=None)

    @property
    def awaits_film(self) -> bool:
        """Whether the film begins by itself once it can be watched."""
        return self._awaited == self.timeline.revision

    @property
    def watching(self) -> Mapping[str, Watcher]:
        """The seats whose players show the film, by their ids."""
        return self._stage.watching

    def position_at(self, now: float) -> float:
        return self._stage.position_at(now)

    def role(self, seat: str) -> RoomRole:
        """The role somebody has now: the host's, for whoever sits in the chair."""
        return self._chair.role_of(self._stage.seats[seat])

    def why_not(self, seat: str, action: Action) -> str | None:
        """What to tell somebody seated who may not do this; None when they may."""
        return self.rights.why_not(self.role(seat), action)

    # What people do.

    def sit(self, watcher: Watcher, now: float) -> list[Event]:
        """Somebody takes a seat. For the others nothing changes."""
        self._advance(now)
        self._stage.put(watcher)
        self._emptied_at = None
        self._look_at_chair(now)
        return self._told(now)

    def leave(self, seat: str, now: float) -> list[Event]:
        """A seat is empty from now on, and nobody waits for it any more."""
        self._advance(now)
        if self._stage.remove(seat):
            self._emptied_at = None if self._stage.seats else now
            self._look_at_chair(now)
        return self._told(now)

    def apply(self, command: Command, seat: str, now: float) -> list[Event]:
        """Take a command from somebody seated, or refuse it."""
        self._advance(now)
        watcher = self._stage.seats[seat]
        try:
            match command:
                case Play():
                    self._gesture(command, Action.PLAY, watcher, now, lambda: self._play(watcher, now))
                case Pause():
                    self._gesture(command, Action.PLAY, watcher, now, lambda: self._pause(command, watcher, now))
                case Seek():
                    self._gesture(command, Action.SEEK, watcher, now, lambda: self._seek(command, watcher, now))
                case Rate():
                    self._gesture(command, Action.RATE, watcher, now, lambda: self._rate(command, watcher, now))
                case Status():
                    self._report(command, watcher, now)
                case Wait():
                    self._play_now(watcher, now)
        except Refusal as refusal:
            self._stage.events.append(Refused(seat, refusal.code, refusal.detail))
        return self._told(now)

    def load(self, command: Load, film: Film, seat: str, now: float) -> list[Event]:
        """Take another film, one that the sender has been found to be allowed to see."""
        self._advance(now)
        watcher = self._stage.seats[seat]
        try:
            self._gesture(command, Action.QUEUE, watcher, now, lambda: self._change_film(film, watcher.member_id, now))
        except Refusal as refusal:
            self._stage.events.append(Refused(seat, refusal.code, refusal.detail))
        return self._told(now)

    # What happens to the room from outside.

    def put(self, film: Film | None, by: str | None, now: float) -> list[Event]:
        """Have another film, or none, whatever anybody was looking at."""
        self._advance(now)
        self._change_film(film, by, now)
        return self._told(now)

    def go_on(self, film: Film, by: str | None, now: float) -> list[Event]:
        """Have the next film, and play it as soon as everybody is ready for it, and it for them."""
        self._advance(now)
        if self.film is None:
            self._stage.count_on_idle()
        self._change_film(film, by, now)
        if any(watcher.member_id == by and self._chair.role_of(watcher) in HOSTS for watcher in self.watchers):
            self._order.led(self.timeline.revision)
        self._awaited = self.timeline.revision
        self._begin_awaited(now)
        return self._told(now)

    def know_film(self, film: Film, now: float) -> list[Event]:
        """More is known of the film that is loaded: how long it is, or that it can be watched."""
        stage = self._stage
        if stage.film is None or film.video_id != stage.film.video_id:
            return []
        stage.film = film
        if film.duration is not None and not stage.timeline.playing and stage.timeline.position > film.duration:
            stage.stand(stage.timeline.seek(film.duration, now, None))
        self._begin_awaited(now)
        return self._told(now)

    def change_member(
        self, member_id: str, now: float, *, name: str | None = None, role: RoomRole | None = None
    ) -> list[Event]:
        """A member's name or role is another from now on."""
        for watcher in [*self._stage.seats.values()]:
            if watcher.member_id == member_id:
                self._stage.put(replace(watcher, name=name or watcher.name, role=role or watcher.role))
        self._look_at_chair(now)
        self._stage.events.append(PresenceChanged())
        return self._told(now)

    def measure(self, seat: str, rtt: float) -> None:
        """The round trip to a seat, in seconds: starts are scheduled late enough for the slowest."""
        self._stage.put(replace(self._stage.seats[seat], rtt=rtt))

    def tick(self, now: float) -> list[Event]:
        """Do what is due."""
        return self._told(now)

    # Commands.

    def _gesture(
        self, gesture: Gesture, action: Action, watcher: Watcher, now: float, carry_out: Callable[[], None]
    ) -> None:
        role = self._chair.role_of(watcher)
        why_not = self.rights.why_not(role, action)
        if why_not is not None:
            raise Refusal("not_allowed", why_not)
        self._order.check(gesture, role, self.timeline.revision, now)
        carry_out()
        self._order.accept(gesture, now)
        if role in HOSTS:
            self._order.led(self.timeline.revision)

    def _play(self, watcher: Watcher, now: float) -> None:
        film = self._loaded()
        if not film.is_ready:
            raise Refusal("video_not_ready", "This video is still being prepared.")
        if self._stage.wants_to_play:
            raise Refusal("already_playing", "It is playing already.")
        self._carry_out_held(now)
        position = self.timeline.position
        if film.duration is not None and position >= film.duration:
            position = 0.0
        self._stage.log("played", watcher.member_id, position)
        self._stage.start(position, Cause.PLAY, watcher.member_id, now)

    def _pause(self, command: Pause, watcher: Watcher, now: float) -> None:
        if command.position is not None:
            self._check_position(command.position)
        if not self._stage.wants_to_play:
            raise Refusal("already_paused", "It is paused already.")
        self._carry_out_held(now)
        if self.timeline.playing:
            position = self._stopping_at(command, watcher, now)
            self._stage.stand(self.timeline.pause(now, watcher.member_id, position=position))
        else:
            self._stage.give_up_starting(now, watcher.member_id)
        self._stage.log("paused", watcher.member_id, self.timeline.position)

    def _stopping_at(self, command: Pause, watcher: Watcher, now: float) -> float:
        """Where the sender wants to stop, if that can be: a moment ahead, where every player can stop in passing."""
        position = self.position_at(now)
        if command.position is None or command.seen != self.timeline.revision or watcher.state is State.STARVING:
            return position
        return command.position if abs(command.position - position) <= BELIEVED_POSITION else position

    def _seek(self, command: Seek, watcher: Watcher, now: float) -> None:
        self._check_position(command.position)
        if now < self._sought_at + SEEKS_COALESCE:
            self._held = _HeldSeek(command, watcher, self._sought_at + SEEKS_COALESCE)
        else:
            self._seek_now(command, watcher, now)

    def _seek_now(self, command: Seek, watcher: Watcher, now: float) -> None:
        self._held = None
        self._sought_at = now
        self._stage.log("sought", watcher.member_id, command.position, from_position=self.position_at(now))
        if self._stage.wants_to_play:
            self._stage.start(command.position, Cause.SEEK, watcher.member_id, now, moved=True)
        else:
            self._stage.stand(self.timeline.seek(command.position, now, watcher.member_id))

    def _carry_out_held(self, now: float) -> None:
        """What was asked for before something else comes first: once it is certain that the other is not refused."""
        held = self._held
        if held is None:
            return
        self._seek_now(held.seek, held.watcher, now)
        if self._chair.role_of(held.watcher) in HOSTS:
            self._order.led(self.timeline.revision)

    def _rate(self, command: Rate, watcher: Watcher, now: float) -> None:
        self._loaded()
        self._carry_out_held(now)
        self._stage.tell(self.timeline.change_rate(command.rate, now, watcher.member_id))
        self._stage.log("rate", watcher.member_id, self.position_at(now), detail=f"{command.rate:g}")

    def _change_film(self, film: Film | None, by: str | None, now: float) -> None:
        self._held = None
        self._stage.change_film(film, by, now)
        self._order.change_film(self.timeline.revision)

    def _begin_awaited(self, now: float) -> None:
        """Nothing begins before empty seats."""
        if self.awaits_film and self._stage.seats and self.film is not None and self.film.is_ready:
            self._stage.start(0.0, Cause.NEXT, self.timeline.by, now)

    def _play_now(self, watcher: Watcher, now: float) -> None:
        role = self._chair.role_of(watcher)
        if role not in HOSTS or not self.rights.allows(role, Action.PLAY):
            raise Refusal("not_allowed", "Only hosts may start without the others.")
        if self._stage.gathering is None:
            raise Refusal("not_waiting", "The room is not waiting for anybody.")
        self._stage.excuse_late()
        self._stage.log("played_now", watcher.member_id, self.timeline.position)

    def _report(self, status: Status, watcher: Watcher, now: float) -> None:
        if status.revision > self.timeline.revision:
            raise Refusal("bad_seen", "There is no such revision yet.")
        if self._stage.report(status, watcher, now) != watcher:
            self._stage.events.append(PresenceChanged())

    def _loaded(self) -> Film:
        if self.film is None:
            raise Refusal("no_video", "There is no video in this room yet.")
        return self.film

    def _check_position(self, position: float) -> None:
        if not is_position(position, self._loaded().duration):
            raise Refusal("bad_position", "There is no such position in this video.")

    # What time brings.

    def _told(self, now: float) -> list[Event]:
        self._advance(now)
        events, self._stage.events = self._stage.events, []
        return events

    def _advance(self, now: float) -> None:
        if self._held is not None and now >= self._held.due:
            self._carry_out_held(now)
        if self._stops_at is not None and self._emptied_at is not None and now >= self._stops_at:
            position = self.position_at(self._emptied_at)
            self._stage.stand(self.timeline.pause(now, None, position=position, cause=Cause.EMPTY))
        self._stage.advance(now)
        if self._chair_passes_at is not None and now >= self._chair_passes_at:
            self._look_at_chair(now)

    def _look_at_chair(self, now: float) -> None:
        seats = self._stage.seats.values()
        chair = self._chair.watch(seats, now)
        if chair.holder_id != self._chair.holder_id:
            self._stage.events.append(PresenceChanged())
        self._chair, self._chair_passes_at = chair, chair.deadline(seats)

    @property
    def _stops_at(self) -> float | None:
        """When a room that everybody has left stops playing."""
        if self._emptied_at is None or not self._stage.wants_to_play:
            return None
        return self._emptied_at + PLAYS_ON_EMPTY
