"""A room on a clock of our own, for tests: what people do, and what everybody was told."""

from typing import TypeVar

from watchparty.domain.message import Load, Pause, Play, Rate, Seek, State, Status, Wait, WaitOp
from watchparty.domain.party import Party
from watchparty.domain.party_event import Changed, Event, Refused
from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Timeline
from watchparty.domain.watcher import Watcher

E = TypeVar("E")
FILM = Film("film", 600.0, is_ready=True)


class Scene:
    """Ann is the host and seated; the film is ten minutes long and loaded; nobody's player has said anything yet."""

    def __init__(
        self, *, control: Control = Control.EVERYONE, rights: Rights | None = None, film: Film | None = FILM
    ) -> None:
        self.now = 1000.0
        timeline = Timeline(video_id=film.video_id if film else None)
        self.party = Party("ann", rights or Rights().steered_by(control), timeline, film, self.now)
        self.events: list[Event] = []
        self.sit("ann", RoomRole.HOST)

    @property
    def timeline(self) -> Timeline:
        return self.party.timeline

    @property
    def position(self) -> float:
        return self.party.position_at(self.now)

    @property
    def waiting_for(self) -> tuple[str, ...]:
        return self.party.told.waiting_for

    @property
    def starting(self) -> bool:
        return self.party.told.starting

    def sit(self, who: str, role: RoomRole = RoomRole.MEMBER, *, seat: str | None = None) -> None:
        self.events += self.party.sit(Watcher(seat or who, who, who.title(), role), self.now)

    def leave(self, seat: str) -> None:
        self.events += self.party.leave(seat, self.now)

    def says(self, seat: str, state: State, *, revision: int | None = None, position: float | None = None) -> None:
        revision = self.timeline.revision if revision is None else revision
        status = Status(revision, self.position if position is None else position, 10.0, state)
        self.events += self.party.apply(status, seat, self.now)

    def ready(self, *seats: str) -> None:
        for seat in seats:
            self.says(seat, State.READY)

    def playing(self, *seats: str) -> None:
        for seat in seats:
            self.says(seat, State.PLAYING)

    def starving(self, *seats: str) -> None:
        for seat in seats:
            self.says(seat, State.STARVING)

    def play(self, seat: str, *, seen: int | None = None) -> str | None:
        return self._give(Play(self._seen(seen), None), seat)

    def pause(self, seat: str, *, seen: int | None = None, position: float | None = None) -> str | None:
        return self._give(Pause(self._seen(seen), position, None), seat)

    def seek(self, seat: str, position: float, *, seen: int | None = None, at: float | None = None) -> str | None:
        return self._give(Seek(self._seen(seen), position, None if at is None else at * 1000), seat)

    def rate(self, seat: str, rate: float, *, seen: int | None = None) -> str | None:
        return self._give(Rate(self._seen(seen), rate), seat)

    def play_now(self, seat: str) -> str | None:
        return self._give(Wait(WaitOp.PLAY_NOW), seat)

    def load(self, seat: str, film: Film, *, seen: int | None = None) -> str | None:
        return self._kept(self.party.load(Load(self._seen(seen), film.video_id), film, seat, self.now))

    def later(self, seconds: float) -> None:
        """Let time pass, ticking when the party asks for it and at no other moment."""
        until = self.now + seconds
        while (deadline := self.party.deadline) is not None and deadline <= until:
            self.now = max(self.now, deadline)
            before = deadline
            self.events += self.party.tick(self.now)
            assert self.party.deadline is None or self.party.deadline > before, "a deadline that is never met"
        self.now = until

    def told(self, kind: type[E]) -> list[E]:
        """Everything of one kind that was told so far."""
        return [event for event in self.events if isinstance(event, kind)]

    def revisions(self) -> list[int]:
        return [changed.timeline.revision for changed in self.told(Changed)]

    def everybody_playing(self, *seats: str) -> None:
        """Have those seats in step, a second into the film or further."""
        self.ready(*seats)
        assert self.play("ann") is None
        self.later(1.5)
        self.playing(*seats)
        self.later(1.0)

    def _seen(self, seen: int | None) -> int:
        return self.timeline.revision if seen is None else seen

    def _give(self, command: Play | Pause | Seek | Rate | Wait, seat: str) -> str | None:
        return self._kept(self.party.apply(command, seat, self.now))

    def _kept(self, events: list[Event]) -> str | None:
        """The code of the refusal, if it was refused."""
        self.events += events
        return next((event.code for event in events if isinstance(event, Refused)), None)
