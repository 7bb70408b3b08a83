"""Where playback stands, as a function of the clock.

Times are seconds on the server's monotonic clock, positions are seconds of media.
"""

import math
from dataclasses import dataclass, replace
from enum import StrEnum

SLOWEST_RATE = 0.25
FASTEST_RATE = 4.0


class Cause(StrEnum):
    """Why the timeline is what it is, so that people can be told ("Ann paused")."""

    LOAD = "load"
    NEXT = "next"  # the queue's next film, which begins by itself
    PLAY = "play"
    PAUSE = "pause"
    SEEK = "seek"
    RATE = "rate"
    WAIT = "wait"  # stopped for a member whose player ran dry
    RESUME = "resume"  # going on after such a wait
    END = "end"
    EMPTY = "empty"  # stopped because everybody had left
    RESTART = "restart"  # restored after the server was started again


@dataclass(frozen=True, slots=True)
class Timeline:
    """One state of a room's playback; every accepted command makes the next, `revision` counting up by one.

    While `playing`, the position at `at` is `position`; `at` may lie in the future, which is a scheduled start.
    `by` is the id of the member who caused it, or None when nobody did.
    """

    revision: int = 0
    video_id: str | None = None
    position: float = 0.0
    rate: float = 1.0
    playing: bool = False
    at: float = 0.0
    cause: Cause = Cause.LOAD
    by: str | None = None

    def position_at(self, now: float) -> float:
        if not self.playing:
            return self.position
        return self.position + self.rate * max(0.0, now - self.at)

    def time_at(self, position: float) -> float:
        """When a playing timeline reaches `position`."""
        return self.at + max(0.0, position - self.position) / self.rate

    def play(
        self, at: float, by: str | None, *, position: float | None = None, cause: Cause = Cause.PLAY
    ) -> "Timeline":
        """Playing from `position` (where it stands, when None) at `at`, now or later."""
        start = self.position_at(at) if position is None else position
        return self._next(position=start, playing=True, at=at, cause=cause, by=by)

    def pause(
        self, now: float, by: str | None, *, position: float | None = None, cause: Cause = Cause.PAUSE
    ) -> "Timeline":
        """Standing still at `position`, or at where it has got to."""
        stop = self.position_at(now) if position is None else position
        return self._next(position=stop, playing=False, at=now, cause=cause, by=by)

    def seek(self, position: float, now: float, by: str | None) -> "Timeline":
        """At `position` from `now` on, playing or standing as before."""
        return self._next(position=position, playing=self.playing, at=now, cause=Cause.SEEK, by=by)

    def change_rate(self, rate: float, now: float, by: str | None) -> "Timeline":
        """Faster or slower from `now` on; a start that is still to come keeps its time."""
        at = max(now, self.at) if self.playing else now
        return replace(
            self._next(position=self.position_at(now), playing=self.playing, at=at, cause=Cause.RATE, by=by), rate=rate
        )

    def load(self, video_id: str | None, now: float, by: str | None) -> "Timeline":
        """Standing at the beginning of another film, at normal speed; None takes the film away."""
        fresh = self._next(position=0.0, playing=False, at=now, cause=Cause.LOAD, by=by)
        return replace(fresh, video_id=video_id, rate=1.0)

    def restored(self, now: float, cause: Cause = Cause.RESTART) -> "Timeline":
        """What a room read from disk begins with: standing where playback was last known to be."""
        return self.pause(now, None, position=self.position, cause=cause)

    def _next(self, *, position: float, playing: bool, at: float, cause: Cause, by: str | None) -> "Timeline":
        return replace(self, revision=self.revision + 1, position=position, playing=playing, at=at, cause=cause, by=by)


def is_position(position: float, duration: float | None) -> bool:
    """Whether one can seek there: finite, not negative, not past the end of a film whose length is known."""
    return math.isfinite(position) and position >= 0 and (duration is None or position <= duration)


def is_rate(rate: float) -> bool:
    return math.isfinite(rate) and SLOWEST_RATE <= rate <= FASTEST_RATE
