"""Files kept open between two cells, for opening one costs more than cutting a cell out of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from av.container import InputContainer
from av.stream import Discard

from watchparty.media.opening import open_media

_KEPT = 8

_lock = threading.Lock()
_idle: list[tuple[str, InputContainer]] = []
"""Most recently used last."""


@contextmanager
def borrowed(path: str) -> Iterator[InputContainer]:
    """The file at `path`, open, and nobody else's until it is given back; raises Unplayable as opening does.

    It stands wherever the last borrower left it: seek first. After an error it is not kept.
    """
    container = _taken(path) or open_media(path)
    try:
        yield container
    except BaseException:
        container.close()
        raise
    _give_back(path, container)


def put_away(path: str | None = None) -> None:
    """Closes what is kept open of `path`, or of every file, so that it can be deleted everywhere."""
    with _lock:
        closing = [container for kept, container in _idle if path in (None, kept)]
        _idle[:] = [] if path is None else [entry for entry in _idle if entry[0] != path]
    for container in closing:
        container.close()


def _taken(path: str) -> InputContainer | None:
    with _lock:
        for place in range(len(_idle) - 1, -1, -1):
            if _idle[place][0] == path:
                return _idle.pop(place)[1]
    return None


def _give_back(path: str, container: InputContainer) -> None:
    for stream in container.streams:
        # Who reads the sound alone has the picture skipped; the next borrower may want just that.
        stream.discard = Discard.default
    with _lock:
        _idle.append((path, container))
        surplus = [container for _, container in _idle[:-_KEPT]]
        del _idle[:-_KEPT]
    for old in surplus:
        old.close()
