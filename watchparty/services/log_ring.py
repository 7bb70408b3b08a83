"""The last lines of the server's log, kept in memory for those who look after it."""

import contextlib
import logging
from collections import deque
from collections.abc import Iterator

from watchparty.domain.log_line import LogLine
from watchparty.domain.masking import masked
from watchparty.services import origin
from watchparty.services.log import is_harmless

MOST_LINES = 2_000
# A traceback can be long, and there may be two thousand of them.
LONGEST = 8_000
_TRACEBACKS = logging.Formatter()


class LogRing(logging.Handler):
    """Any thread may log; secrets are taken out before a line is kept."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._last = 0

    @contextlib.contextmanager
    def listening(self) -> Iterator["LogRing"]:
        """Keeps what is logged until left."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield self
        finally:
            root.removeHandler(self)

    @property
    def last(self) -> int:
        """The number of the newest line, 0 before there is one."""
        return self._last

    def emit(self, record: logging.LogRecord) -> None:
        asked = origin.current()
        text = record.getMessage()
        # Whoever had the record before may have made a text of it already.
        trace, made = record.exc_info, record.exc_text
        if trace or made:
            text += "\n" + (_TRACEBACKS.formatException(trace) if trace else made or "")
        self._last += 1
        request_id = asked.request_id if asked else None
        shown = text if is_harmless(record) else masked(text)
        line = LogLine(self._last, record.created, record.levelno, record.name, request_id, shown[:LONGEST])
        self._lines.append(line)

    def lines(self, least: int, words: str, since: int, limit: int) -> list[LogLine]:
        """The newest of at least this level, with these words in them, after line `since`; oldest first."""
        with self.lock or contextlib.nullcontext():
            lines = list(self._lines)
        wanted = [line for line in lines if line.number > since and line.is_wanted(least, words.lower())]
        return wanted[-limit:]
