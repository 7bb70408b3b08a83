"""A line of the server's own log, for those who look after it."""

from dataclasses import dataclass
from enum import IntEnum


class Level(IntEnum):
    """How grave, as Python's logging counts."""

    DEBUG = 10
    INFO = 20
    WARNING = 30
    ERROR = 40
    CRITICAL = 50


@dataclass(frozen=True)
class LogLine:
    """`at` is in Unix seconds; `number` counts lines since the server started. Secrets are masked already."""

    number: int
    at: float
    level: int
    logger: str
    request_id: str | None
    text: str

    def is_wanted(self, least: int, words: str) -> bool:
        """Whether it is grave enough and has these words in it, in whatever case."""
        return self.level >= least and (not words or words in f"{self.logger} {self.request_id} {self.text}".lower())
