"""Who is in a room: the seats, and those whose line broke a moment ago."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from watchparty.domain.message import State
from watchparty.domain.news import Present
from watchparty.domain.room import Member
from watchparty.domain.watcher import Watcher
from watchparty.services.seat import Seat

# Of somebody with several seats the others see the one that says most.
_TELLING = [State.STARVING, State.PLAYING, State.READY, State.HIDDEN, State.IDLE, None]


@dataclass(frozen=True)
class _Away:
    """A member who may still come back; `until` on the monotonic clock."""

    member: Member
    until: float


class Attendance:
    """Somebody with two seats is one member; somebody whose line broke stays one for a while."""

    def __init__(self) -> None:
        self._seats: dict[str, Seat] = {}
        self._away: dict[str, _Away] = {}

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def __contains__(self, seat: Seat) -> bool:
        return seat.id in self._seats

    def __getitem__(self, seat_id: str) -> Seat:
        return self._seats[seat_id]

    def of(self, member_id: str) -> list[Seat]:
        return [seat for seat in self._seats.values() if seat.member.id == member_id]

    def resumed(self, member_id: str, token: str) -> Seat | None:
        """The seat this token was given for, when it is still taken: its line is dead and does not know it."""
        return next((seat for seat in self.of(member_id) if seat.resume == token), None)

    def has(self, member_id: str) -> bool:
        """Whether somebody is here, or may be back in a moment."""
        return member_id in self._away or any(seat.member.id == member_id for seat in self._seats.values())

    @property
    def is_deserted(self) -> bool:
        return not self._seats and not self._away

    def come(self, seat: Seat) -> bool:
        """Somebody takes a seat. True when they were not here before."""
        is_new = not self.has(seat.member.id)
        self._away.pop(seat.member.id, None)
        self._seats[seat.id] = seat
        return is_new

    def go(self, seat: Seat, until: float | None) -> bool:
        """A seat is empty. True when its member is gone with it: there is no other, and none is kept `until` then."""
        del self._seats[seat.id]
        if self.of(seat.member.id):
            return False
        if until is not None:
            self._away[seat.member.id] = _Away(seat.member, until)
        return until is None

    def forget(self, member_id: str) -> None:
        self._away.pop(member_id, None)

    def give_up(self, now: float) -> list[Member]:
        """Those who were away and have not come back in time."""
        gone = [away.member for away in self._away.values() if now >= away.until]
        for member in gone:
            del self._away[member.id]
        return gone

    @property
    def deadline(self) -> float | None:
        return min((away.until for away in self._away.values()), default=None)

    def present(self, watchers: Iterable[Watcher]) -> list[Present]:
        """Everybody as the others see them, in the order they came."""
        shown: dict[str, Watcher] = {}
        for watcher in watchers:
            other = shown.get(watcher.member_id)
            if other is None or _TELLING.index(watcher.state) < _TELLING.index(other.state):
                shown[watcher.member_id] = watcher
        muted = {seat.member.id for seat in self._seats.values() if seat.member.muted}
        here = [_present(watcher, watcher.member_id in muted) for watcher in shown.values()]
        return here + [
            Present(away.member.id, away.member.name, away.member.role, "away", None, None, away.member.muted)
            for away in self._away.values()
        ]


def _present(watcher: Watcher, muted: bool) -> Present:
    return Present(
        id=watcher.member_id,
        name=watcher.name,
        role=watcher.role,
        state=watcher.state or "joining",
        drift_ms=None if watcher.drift is None else round(watcher.drift * 1000, 1),
        rtt_ms=round(watcher.rtt * 1000, 1) if watcher.rtt else None,
        muted=muted,
        silenced=watcher.silenced,
    )
