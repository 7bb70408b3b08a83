"""One sitting of a room: from the first person coming into a deserted room until the last has left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# A server that was stopped or killed is taken for up again at once when people come back within this, in seconds.
GOES_ON_WITHIN = 300.0


@dataclass(frozen=True)
class RoomSession:
    """Times in Unix seconds; `ended_at` is None while it goes on, and while nobody has noticed that it was cut off."""

    id: str
    room_id: str
    started_at: float
    ended_at: float | None = None

    def goes_on(self, seen_at: float, now: float) -> bool:
        """Whether whoever comes now, after the last sign of life at `seen_at`, comes back to it."""
        return self.ended_at is None and now < seen_at + GOES_ON_WITHIN


@dataclass(frozen=True)
class Named:
    """Somebody or something by the name it had then; the id may be of what is gone."""

    id: str
    name: str | None


@dataclass(frozen=True)
class SessionSummary:
    """A session, who came, what was shown, and how often what was done; `last_at` is when anything last was."""

    session: RoomSession
    people: Sequence[Named]
    films: Sequence[Named]
    counts: Mapping[str, int]
    last_at: float
