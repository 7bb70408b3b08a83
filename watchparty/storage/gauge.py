"""What storage tells of its work to whoever counts it or follows it."""

import contextlib
from typing import Protocol


class Gauge(Protocol):
    """To be called on the loop, by the task whose request or job it is for."""

    def doing(self, what: str) -> contextlib.AbstractContextManager[None]:
        """An operation, such as `database.write` or `objects.put`, begins and ends."""

    def committed(self, writes: int) -> None:
        """So many writes shared a commit."""

    def moved(self, direction: str, size: int) -> None:
        """So many bytes of objects were `read` or `written`."""


class Ungauged:
    """Nobody wants to know."""

    def doing(self, what: str) -> contextlib.AbstractContextManager[None]:
        return contextlib.nullcontext()

    def committed(self, writes: int) -> None:
        """Nothing to do."""

    def moved(self, direction: str, size: int) -> None:
        """Nothing to do."""
