"""How long to wait before a secret may be guessed again: longer after every wrong guess."""

from dataclasses import dataclass

# Seconds after which everything is forgotten, and the longest wait.
QUIET, LONGEST = 15 * 60.0, 60.0


@dataclass(frozen=True)
class Tries:
    """What was tried and has not turned out right. The first `free` cost no wait; then it doubles, from a second on.

    With five free ones, ten fit into the first minute, and one into each after it.
    """

    free: int
    wrong: int = 0
    last: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next try; 0 when it may come at once."""
        if self.wrong < self.free:
            return 0.0
        pause = min(LONGEST, 2.0 ** min(self.wrong - self.free, 10))
        return max(0.0, self.last + pause - now)

    def tried(self, now: float) -> "Tries":
        """Counted as wrong until `turned_out_right`: of many at once, each must find those before it counted."""
        wrong = 0 if self.is_over(now) else self.wrong
        return Tries(self.free, wrong + 1, now)

    def turned_out_right(self) -> "Tries":
        """The last one was no guess after all."""
        return Tries(self.free, max(0, self.wrong - 1), self.last)

    def is_over(self, now: float) -> bool:
        """Whether it lies so far back that it does not count any more."""
        return now >= self.last + QUIET
