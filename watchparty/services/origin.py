"""Where the request that is being answered came from: for the audit log and for lines of the server's log."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """`address` is the client's, None for what the server does by itself; `agent` is what its program calls itself."""

    request_id: str
    address: str | None
    agent: str | None = None


_current: ContextVar[Origin | None] = ContextVar("origin", default=None)


def begin(origin: Origin) -> None:
    """What this task does from now on, and the tasks it starts, is done for this request."""
    _current.set(origin)


def current() -> Origin | None:
    """None outside of requests."""
    return _current.get()
