"""Files kept open between two cells, for opening one costs more than cutting a cell out of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from av.container import InputContainer
from av.stream import Discard

from watchparty.media.opening import open_media

_KEPT = 8

_Identity = tuple[str, int, int, int]
"""Path, and what changes when another file takes its place: number, size, time of the last change."""

_lock = threading.Lock()
_idle: list[tuple[_Identity, InputContainer]] = []
"""Most recently used last."""


@contextmanager
def borrowed(path: str) -> Iterator[InputContainer]:
    """The file at `path`, open, and nobody else's until it is given back.

    Raises Unplayable as opening does, and OSError when the file is gone. It stands wherever the last borrower left it:
    seek first. After an error it is not kept.
    """
    identity = _identity(path)
    container = _taken(identity) or open_media(path)
    try:
        yield container
    except BaseException:
        container.close()
        raise
    _give_back(identity, container)


def put_away(path: str | None = None) -> None:
    """Closes what is kept open of `path`, or of every file, so that it can be deleted everywhere."""
    with _lock:
        closing = [container for kept, container in _idle if path in (None, kept[0])]
        _idle[:] = [] if path is None else [entry for entry in _idle if entry[0][0] != path]
    for container in closing:
        container.close()


def _identity(path: str) -> _Identity:
    state = Path(path).stat()
    return path, state.st_ino, state.st_size, state.st_mtime_ns


def _taken(identity: _Identity) -> InputContainer | None:
    with _lock:
        for place in range(len(_idle) - 1, -1, -1):
            if _idle[place][0] == identity:
                return _idle.pop(place)[1]
    return None


def _give_back(identity: _Identity, container: InputContainer) -> None:
    for stream in container.streams:
        # Who reads the sound alone has the picture skipped; the next borrower may want just that.
        stream.discard = Discard.default
    with _lock:
        _idle.append((identity, container))
        surplus = [container for _, container in _idle[:-_KEPT]]
        del _idle[:-_KEPT]
    for old in surplus:
        old.close()
