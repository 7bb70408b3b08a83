"""Figures as they are printed: what is usual, and what is rare."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figures:
    """Measured values, printed with a format for each number: f"{figures:.2f}"."""

    values: Sequence[float]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def p95(self) -> float:
        """The value that all but one in twenty stay within; of a few values the largest."""
        return sorted(self.values)[-(-len(self.values) * 19 // 20) - 1]

    def __format__(self, form: str) -> str:
        return f"median {self.median:{form}}, p95 {self.p95:{form}}, most {max(self.values):{form}}"
