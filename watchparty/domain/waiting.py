"""How long a room waits for somebody, and how often. All times in seconds.

A room that waits without bound can be held by one bad line, and one that never waits leaves people behind. So: a second
of grace before anybody is named, a bound for every wait, and no more than two waits in five minutes for one member.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.timeline import Cause

GRACE = 1.0
LONGEST_WAIT = 10.0
LONGEST_WAIT_AT_START = 20.0
WAITS = 2
WAITS_WITHIN = 300.0
# The names of the late are told at most this often.
NAMING_EVERY = 0.25

SHORTEST_LEAD = 0.25
LONGEST_LEAD = 1.5


def start_lead(worst_rtt: float) -> float:
    """How far ahead a start is scheduled: time for the slowest line to hear of it, and to seek once more."""
    return min(max(2 * worst_rtt + 0.15, SHORTEST_LEAD), LONGEST_LEAD)


@dataclass(frozen=True)
class Gathering:
    """A room standing still that wants to play, until everybody is ready or the wait is over.

    `cause` and `by` are those of the change that began it. `charged` are the members it has waited for beyond the
    grace; `named` those the room was last told of, at `named_at`.
    """

    cause: Cause
    by: str | None
    since: float
    limit: float
    charged: frozenset[str] = frozenset()
    named: tuple[str, ...] = ()
    named_at: float = 0.0

    def has_run_out(self, now: float) -> bool:
        return now >= self.limit

    def is_past_grace(self, now: float) -> bool:
        return now >= self.since + GRACE

    def charge(self, member_id: str) -> "Gathering":
        return replace(self, charged=self.charged | {member_id})

    def names(self, late: Iterable[str]) -> tuple[str, ...]:
        """Those of the late whose turn it is to be named, each once."""
        return tuple(dict.fromkeys(member for member in late if member in self.charged))

    def may_name(self, now: float) -> bool:
        return now >= self.named_at + NAMING_EVERY

    def name(self, members: tuple[str, ...], now: float) -> "Gathering":
        return replace(self, named=members, named_at=now)

    def deadline(self, late: Iterable[str]) -> float:
        """When something is to be done although nobody says anything."""
        late = list(late)
        times = [self.limit]
        if any(member not in self.charged for member in late):
            times.append(self.since + GRACE)
        if self.names(late) != self.named:
            times.append(self.named_at + NAMING_EVERY)
        return min(times)


class Patience:
    """How often the room has waited for each member lately."""

    def __init__(self) -> None:
        self._waits: dict[str, tuple[float, ...]] = {}

    def is_left_for(self, member_id: str, now: float) -> bool:
        return len(self._recent(member_id, now)) < WAITS

    def spend(self, member_id: str, now: float) -> None:
        self._waits[member_id] = (*self._recent(member_id, now), now)

    def _recent(self, member_id: str, now: float) -> tuple[float, ...]:
        return tuple(at for at in self._waits.get(member_id, ()) if now < at + WAITS_WITHIN)
