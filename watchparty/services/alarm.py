"""One timer, set again and again."""

import asyncio
from collections.abc import Callable

from watchparty.services.clock import Clock


class Alarm:
    """Calls `ring` once at the time it was last set for, in seconds on the monotonic clock, or a little before."""

    def __init__(self, ring: Callable[[], None], clock: Clock) -> None:
        self._ring = ring
        self._clock = clock
        self._handle: asyncio.TimerHandle | None = None
        self._at = float("inf")

    def set(self, at: float) -> None:
        # One that rings too early does no harm and costs less than a new one for every word that is said.
        if self._handle is None or at < self._at:
            self.stop()
            self._at = at
            delay = max(0.0, at - self._clock.monotonic())
            self._handle = asyncio.get_running_loop().call_later(delay, self._call)

    def stop(self) -> None:
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None

    def _call(self) -> None:
        self._handle = None
        self._ring()
