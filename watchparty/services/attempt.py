"""One job being worked on: what its step is handed, and what others may see of it meanwhile."""

import asyncio
from collections.abc import Callable
from dataclasses import replace

from watchparty.domain.job import Job


class Attempt:
    """`speed` is film seconds per second, `seconds_left` what is left at that.

    `told` is called with it whenever something else is said about it.
    """

    def __init__(self, job: Job, told: Callable[["Attempt"], None] = lambda _: None) -> None:
        self._job = job
        self._told = told
        self.progress = 0.0
        self.speed: float | None = None
        self.seconds_left: float | None = None
        self.cancelled = False
        """Whether somebody wants it to end, which is something else than the server's stop."""
        self.over = False
        """Whether it has come to an end that is only still to be written down."""
        self.task: asyncio.Task[None] | None = None

    @property
    def job(self) -> Job:
        """As it stands at this moment."""
        return replace(self._job, progress=self.progress)

    def tell(self, progress: float, speed: float | None = None, seconds_left: float | None = None) -> None:
        """From the loop's thread, as often as one likes: it is written to the disk every few seconds only."""
        self.progress, self.speed, self.seconds_left = progress, speed, seconds_left
        self._told(self)
