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
