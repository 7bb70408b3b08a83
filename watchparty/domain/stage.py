"""Everybody's player on one timeline: standing, getting ready, playing, waited for. All times in seconds.

A room that wants to play either plays, or waits for members it can name until a moment that is fixed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.message import State, Status
from watchparty.domain.party_event import Changed, Event, Logged, Noticed, Preparing
from watchparty.domain.timeline import Cause, Timeline
from watchparty.domain.waiting import GRACE, LONGEST_WAIT, LONGEST_WAIT_AT_START, Gathering, Patience, start_lead
from watchparty.domain.watcher import Watcher


@dataclass(frozen=True)
class Film:
    """What a party has to know of a video; `duration` in seconds, None while nobody knows it."""

    video_id: str
    duration: float | None
    is_ready: bool


class Stage:
    """The timeline, the film and the players. What is to be told gathers in `events`.

    A word from one player costs the same in a room of two and of a thousand: who is late and who is dry is kept up to
    date seat by seat.
    """

    def __init__(self, timeline: Timeline, film: Film | None) -> None:
        self.timeline = timeline
        self.film = film
        self.seats: dict[str, Watcher] = {}
        self.watching: dict[str, Watcher] = {}
        self._late: dict[str, Watcher] = {}
        self._dry: dict[str, Watcher] = {}
        self.gathering: Gathering | None = None
        self.events: list[Event] = []
        self._patience = Patience()
        # The revision that last moved the position people stand on: a player is ready for that one or it is not.
        self._cue = timeline.revision
        self._begun = timeline.position > 0

    @property
    def wants_to_play(self) -> bool:
        return self.timeline.playing or self.gathering is not None

    @property
    def told(self) -> Changed:
        """The timeline as it is told now."""
        gathering = self.gathering
        return Changed(self.timeline, gathering is not None, gathering.named if gathering else ())

    @property
    def ends_at(self) -> float | None:
        """When the film will be over."""
        if not self.timeline.playing or self.film is None or self.film.duration is None:
            return None
        return self.timeline.time_at(self.film.duration)

    @property
    def deadline(self) -> float | None:
        """When `advance` is next due, or None while nothing happens by itself."""
        if self.gathering is not None:
            return self.gathering.deadline(self._late_members())
        stalls = [self._stalls_at(watcher) for watcher in self._dry.values()] if self.timeline.playing else []
        ends_at = self.ends_at
        return min(stalls if ends_at is None else [*stalls, ends_at], default=None)

    def position_at(self, now: float) -> float:
        """Where the room is, never past the end."""
        position = self.timeline.position_at(now)
        duration = self.film.duration if self.film else None
        return position if duration is None else min(position, duration)

    def put(self, watcher: Watcher) -> None:
        """Somebody is seated, or something about them has changed."""
        self.seats[watcher.seat] = watcher
        _keep(self.watching, watcher, watcher.watches)
        _keep(self._late, watcher, watcher.gates and not watcher.is_ready(self._cue))
        _keep(self._dry, watcher, watcher.gates and watcher.dry_since is not None)

    def remove(self, seat: str) -> bool:
        """Nobody sits there any more. False when nobody did."""
        self.watching.pop(seat, None)
        self._late.pop(seat, None)
        self._dry.pop(seat, None)
        return self.seats.pop(seat, None) is not None

    def start(self, position: float, cause: Cause, by: str | None, now: float, *, moved: bool = False) -> None:
        """Play from `position` as soon as everybody is ready there, which may be at once."""
        standing = self.timeline.pause(now, by, position=position, cause=cause)
        if moved or position != self.timeline.position:
            self._move_cue(standing.revision)
        if self._late:
            longest = LONGEST_WAIT if self._begun else LONGEST_WAIT_AT_START
            self._gather(standing, Gathering(cause, by, now, now + longest))
        else:
            self._go(position, cause, by, now)

    def stand(self, timeline: Timeline) -> None:
        """Stand still somewhere else than before, wanting nothing."""
        self._move_cue(timeline.revision)
        self.gathering = None
        self.tell(timeline)

    def give_up_starting(self, now: float, by: str | None) -> None:
        """Stand where the room was getting ready; whoever is ready there stays so."""
        self.gathering = None
        self.tell(self.timeline.pause(now, by))

    def count_on_idle(self) -> None:
        """Without a film nobody watches anything: whoever is idle for that reason is waited for at the next one.

        Those who only talk say so again in a moment.
        """
        for watcher in [*self.seats.values()]:
            if watcher.state is State.IDLE:
                self.put(replace(watcher, state=State.STARVING, settled=True))

    def change_film(self, film: Film | None, by: str | None, now: float) -> None:
        self.film = film
        self._begun = False
        self.stand(self.timeline.load(film.video_id if film else None, now, by))
        self.log("loaded", by, 0.0)

    def report(self, status: Status, watcher: Watcher, now: float) -> Watcher:
        """A word from a player; what is known of it after that."""
        after = watcher.report(status, cue=self._cue, begun=self._begun, now=now)
        if status.state is State.PLAYING and self.timeline.playing and now >= self.timeline.at:
            after = after.drifts(self._drift(status, after, now))
        self.put(after)
        return after

    def excuse_late(self) -> None:
        """Wait for none of those the room is waiting for."""
        self._excuse(self._late.values())

    def advance(self, now: float) -> None:
        """Do what is due: start, name the late, excuse them, wait for the stalled, end."""
        ends_at = self.ends_at
        if self.film is not None and ends_at is not None and now >= ends_at:
            self.stand(self.timeline.pause(now, None, position=self.film.duration, cause=Cause.END))
            self.log("ended", None, self.timeline.position)
        elif self.gathering is not None:
            self._wait(self.gathering, now)
        elif self.timeline.playing:
            self._wait_for_stalled(now)

    def tell(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self.events.append(self.told)

    def log(
        self,
        kind: str,
        member_id: str | None,
        position: float,
        *,
        from_position: float | None = None,
        detail: str | None = None,
    ) -> None:
        self.events.append(Logged(kind, member_id, position, from_position, detail=detail))

    def _gather(self, standing: Timeline, gathering: Gathering) -> None:
        self.gathering = gathering
        self.tell(standing)
        self.events.append(Preparing(standing.revision, standing.position))

    def _go(self, position: float, cause: Cause, by: str | None, now: float) -> None:
        lead = start_lead(max((watcher.rtt for watcher in self.seats.values() if watcher.gates), default=0.0))
        self.gathering = None
        self._begun = True
        self.tell(self.timeline.play(now + lead, by, position=position, cause=cause))

    def _move_cue(self, revision: int) -> None:
        """Everybody has another position to be ready on."""
        self._cue = revision
        for watcher in self.seats.values():
            self.put(watcher)

    def _late_members(self) -> list[str]:
        return [watcher.member_id for watcher in self._late.values()]

    def _wait(self, gathering: Gathering, now: float) -> None:
        if gathering.has_run_out(now):
            self._excuse(self._late.values())
        elif gathering.is_past_grace(now):
            gathering = self._charge(gathering, self._late.values(), now)
        if not self._late:
            cause = Cause.RESUME if gathering.cause is Cause.WAIT else gathering.cause
            return self._go(self.timeline.position, cause, gathering.by, now)
        self.gathering = gathering
        names = gathering.names(self._late_members())
        if names != gathering.named and gathering.may_name(now):
            self._log_waits(name for name in names if name not in gathering.named)
            self.gathering = gathering.name(names, now)
            self.tell(self.timeline)
        return None

    def _charge(self, gathering: Gathering, late: Iterable[Watcher], now: float) -> Gathering:
        """Have those who are late spend one of their waits, and excuse those who have none left."""
        spent = []
        for watcher in late:
            if watcher.member_id in gathering.charged:
                continue
            if self._patience.is_left_for(watcher.member_id, now):
                self._patience.spend(watcher.member_id, now)
                gathering = gathering.charge(watcher.member_id)
            else:
                spent.append(watcher)
        self._excuse(spent)
        return gathering

    def _excuse(self, late: Iterable[Watcher]) -> None:
        late = list(late)
        names = dict.fromkeys(watcher.name for watcher in late)
        for watcher in late:
            self.put(watcher.excuse())
        for member_id in dict.fromkeys(watcher.member_id for watcher in late):
            self.log("excused", member_id, self.timeline.position)
        if names:
            self.events.append(Noticed("excused", f"Going on without {' and '.join(names)}, who will catch up."))

    def _log_waits(self, members: Iterable[str]) -> None:
        for member_id in members:
            self.log("waited", member_id, self.timeline.position)

    def _wait_for_stalled(self, now: float) -> None:
        stalled = [watcher for watcher in self._dry.values() if now >= self._stalls_at(watcher)]
        if not stalled:
            return
        gathering = self._charge(Gathering(Cause.WAIT, None, now, now + LONGEST_WAIT), stalled, now)
        if gathering.charged:
            standing = self.timeline.pause(now, None, position=self.position_at(now), cause=Cause.WAIT)
            self._move_cue(standing.revision)
            names = gathering.names(watcher.member_id for watcher in stalled)
            self._gather(standing, gathering.name(names, now))
            self._log_waits(names)

    def _stalls_at(self, watcher: Watcher) -> float:
        """When the grace of a player without data is over."""
        return max(watcher.dry_since or 0.0, self.timeline.at) + GRACE

    def _drift(self, status: Status, watcher: Watcher, now: float) -> float:
        """How far ahead a player is: by its own word, else by where it says it is, half a round trip ago."""
        if status.drift_ms is not None:
            return status.drift_ms / 1000
        return status.position - self.position_at(now - watcher.rtt / 2)


def _keep(index: dict[str, Watcher], watcher: Watcher, belongs: bool) -> None:
    if belongs:
        index[watcher.seat] = watcher
    else:
        index.pop(watcher.seat, None)
