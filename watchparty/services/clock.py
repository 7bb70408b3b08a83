"""The two clocks: one for dates, one that never jumps."""

import time
from typing import Protocol


class Clock(Protocol):
    def time(self) -> float:
        """Unix seconds, for what is written down. It jumps when somebody sets the clock."""

    def monotonic(self) -> float:
        """Seconds since some moment, for everything that is measured or scheduled."""


class SystemClock:
    """This machine's clocks."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()


class SteadyTime:
    """Unix seconds that count on by themselves however often somebody sets the clock.

    For how long a token is good while the server runs: a clock put forward by a day must sign nobody out.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._beginning = clock.time() - clock.monotonic()

    def now(self) -> float:
        return self._beginning + self._clock.monotonic()
