"""One seat in a party, and how far its player may be counted on."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.message import State, Status
from watchparty.domain.rights import RoomRole

# How far off somebody may say they are, in seconds: what is more than that says only that they are far off.
MOST_DRIFT = 10.0

_WATCHING = frozenset({State.READY, State.PLAYING, State.STARVING})


@dataclass(frozen=True)
class Watcher:
    """One open socket. Somebody with two of them is one member with two seats.

    `ready_for` is the revision whose position the player stands on; `settled` says that it has been in step once, so
    that a joiner is not waited for; `excused`, that the room has waited for it long enough; `dry_since`, when it ran
    out of data. `rtt` is in seconds, `drift` in seconds ahead of the timeline and None unless it plays along;
    `silenced`, that the browser keeps the sound back.
    """

    seat: str
    member_id: str
    name: str
    role: RoomRole
    state: State | None = None
    ready_for: int = -1
    settled: bool = False
    excused: bool = False
    dry_since: float | None = None
    rtt: float = 0.0
    drift: float | None = None
    silenced: bool = False

    @property
    def watches(self) -> bool:
        """Whether its player shows the film: not on hidden pages and for people who only talk."""
        return self.state in _WATCHING

    @property
    def gates(self) -> bool:
        """Whether the room waits for this player: not for joiners, hidden pages and people who only talk."""
        return self.settled and not self.excused and self.watches

    def is_ready(self, cue: int) -> bool:
        """Whether it stands on the position that revision `cue` set."""
        return self.ready_for >= cue

    def report(self, status: Status, *, cue: int, begun: bool, now: float) -> "Watcher":
        """After a word from its player. Before the item has `begun` nobody is a joiner yet."""
        current = status.revision >= cue
        state = status.state
        in_step = current and state in {State.READY, State.PLAYING}
        dry = current and state is State.STARVING
        return replace(
            self,
            state=state,
            ready_for=status.revision if state is State.READY else -1,
            settled=state in _WATCHING and (self.settled or in_step or not begun),
            excused=self.excused and not in_step,
            dry_since=(now if self.dry_since is None else self.dry_since) if dry else None,
            drift=None,
            silenced=status.silenced,
        )

    def drifts(self, seconds: float) -> "Watcher":
        """It is this far ahead of the timeline, as far as that can be believed."""
        return replace(self, drift=min(max(seconds, -MOST_DRIFT), MOST_DRIFT))

    def excuse(self) -> "Watcher":
        return replace(self, excused=True, dry_since=None)


def spread(watchers: Iterable[Watcher]) -> float | None:
    """Seconds of film between the first and the last of those who play; None while fewer than two are known to."""
    drifts = [watcher.drift for watcher in watchers if watcher.drift is not None]
    return max(drifts) - min(drifts) if len(drifts) > 1 else None
