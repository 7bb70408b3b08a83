"""How well one room does: how far apart its people are, and how long it stands still for some of them."""

from collections.abc import Sequence

from watchparty.domain.party_event import Changed, Event, Noticed
from watchparty.domain.watcher import Watcher, spread
from watchparty.services.party_metrics import PartyMetrics

# Seconds between two looks at the spread.
LOOKS_EVERY = 1.0


class RoomMeter:
    """All times in seconds on the monotonic clock."""

    def __init__(self, metrics: PartyMetrics, now: float) -> None:
        self._metrics = metrics
        self._looked_at = now
        # Since when the room gets ready to play, and whether it has named anybody it does so for.
        self._gathering_since: float | None = None
        self._has_named = False

    def note(self, event: Event, now: float) -> None:
        """Something came out of the party."""
        match event:
            case Changed(starting=True, waiting_for=late):
                self._gathering_since = now if self._gathering_since is None else self._gathering_since
                self._has_named = self._has_named or bool(late)
            case Changed():
                if self._gathering_since is not None and self._has_named:
                    self._metrics.wait.observe(now - self._gathering_since)
                self._gathering_since, self._has_named = None, False
            case Noticed(code="excused"):
                self._metrics.excused.inc()

    def look(self, watchers: Sequence[Watcher], now: float) -> None:
        """While the film runs: how far apart people are, when it is time to look."""
        if now < self.due_at:
            return
        self._looked_at = now
        apart = spread(watchers)
        if apart is not None:
            self._metrics.spread.observe(apart)

    @property
    def due_at(self) -> float:
        return self._looked_at + LOOKS_EVERY
