"""The server's own log: lines that name the request they are about and no secret, written without anybody waiting."""

import contextlib
import logging
import logging.handlers
import queue
from collections.abc import Iterator
from typing import Literal

from pythonjsonlogger.json import JsonFormatter

from watchparty.domain.masking import masked
from watchparty.services import origin

TEXT = "%(asctime)s %(levelname)s %(name)s [%(request_id)s]: %(message)s"
# Lines waiting for a terminal or a pipe that does not take them; any more are lost rather than held in memory.
MOST_WAITING = 10_000
_STANDARD = frozenset(vars(logging.makeLogRecord({})))
_TRACEBACKS = logging.Formatter()
# Lines of requests: made of route templates, numbers and ids of ours, and too many to search each for secrets.
_HARMLESS = "watchparty.access"


class Masking(logging.Filter):
    """Takes secrets out of a record: its message, its traceback and whatever else was given with it.

    For every handler whose lines somebody will read.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if is_harmless(record):
            return True
        record.msg, record.args = masked(record.getMessage()), None
        if record.exc_info:
            record.exc_text, record.exc_info = masked(_TRACEBACKS.formatException(record.exc_info)), None
        for name, value in vars(record).items():
            if name not in _STANDARD and isinstance(value, str):
                setattr(record, name, masked(value))
        return True


def is_harmless(record: logging.LogRecord) -> bool:
    """Whether there can be no secret in it."""
    return record.name == _HARMLESS and not record.exc_info


class RequestIds(logging.Filter):
    """Says of each record for which request it was made, `-` for none. To be asked in the task that logs."""

    def filter(self, record: logging.LogRecord) -> bool:
        if not hasattr(record, "request_id"):
            asked = origin.current()
            record.request_id = asked.request_id if asked else "-"
        return True


@contextlib.contextmanager
def written(kind: Literal["text", "json"], level: str) -> Iterator[None]:
    """Everything logged from `level` on goes to standard error until left, one line each, by a thread of its own."""
    lines = logging.StreamHandler()
    lines.setFormatter(_json() if kind == "json" else logging.Formatter(TEXT))
    lines.addFilter(Masking())
    waiting = _Waiting(queue.Queue(MOST_WAITING))
    waiting.addFilter(RequestIds())
    logging.basicConfig(level=level.upper(), handlers=[waiting], force=True)
    logging.getLogger("aiosqlite").setLevel(logging.INFO)  # tells of every single call
    writer = logging.handlers.QueueListener(waiting.queue, lines)
    writer.start()
    try:
        yield
    finally:
        writer.stop()
        logging.getLogger().removeHandler(waiting)


class _Waiting(logging.handlers.QueueHandler):
    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        """What the record speaks of may change before it is written; tracebacks do not, and are costly."""
        record.msg, record.args = record.getMessage(), None
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        with contextlib.suppress(queue.Full):
            self.queue.put_nowait(record)


def _json() -> logging.Formatter:
    return JsonFormatter(
        ["levelname", "name", "message", "request_id"],
        rename_fields={"levelname": "level", "name": "logger", "exc_info": "traceback"},
        timestamp="time",
    )
