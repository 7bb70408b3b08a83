"""A new file written track by track: packets in the order of their time, a step at a time, and checked at the end."""

from __future__ import annotations  # av's packets are generic for the type checker alone

import errno
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, TypeAlias

import av
from av.container import OutputContainer
from av.error import FFmpegError
from av.packet import Packet

from watchparty.domain.source import Unplayable
from watchparty.media.nice import BACKGROUND, nicely
from watchparty.media.opening import opened, picture

Piece: TypeAlias = "tuple[float, Packet[Any] | None]"
"""How far a track is, in seconds, and a packet for it, where one is ready."""

_STORAGE = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS, errno.EFBIG}
_TOLERANCE_SECONDS = 0.5
_TOLERANCE = 0.01
"""Of the duration: some containers can only estimate it."""


class Track(Protocol):
    """One track of a new file; made before the file's head is written, read afterwards."""

    def pieces(self) -> Iterator[Piece]:
        """Everything it consists of. Closing the iterator stops the work."""


def export(out: str, container: str, build: Callable[[OutputContainer], Sequence[Track]]) -> Iterator[float]:
    """Writes the tracks that `build` adds to a file of this format; yields often, each time the seconds written.

    Close the iterator to stop: the file is then worth nothing. Raises Unplayable, or OSError when the disk fails.
    """
    with _said_plainly(), av.open("file:" + out, "w", format=container) as output:
        tracks = build(output)
        # The encoders' own threads give way to everybody else's.
        nicely(output.start_encoding, BACKGROUND)
        reading = [[0.0, track.pieces()] for track in tracks]
        try:
            yield from _interleaved(output, reading)
        finally:
            for _, pieces in reading:
                pieces.close()  # type: ignore[attr-defined]


def check(out: str, lasts: float, *, pictured: bool, sounds: int) -> None:
    """Raises Unplayable unless the finished file opens, lasts that many seconds and has the tracks it should."""
    with opened(out) as container:
        seconds = (container.duration or 0) / 1_000_000
        complete = (picture(container) is not None) == pictured and len(container.streams.audio) == sounds
    if not complete or abs(seconds - lasts) > max(_TOLERANCE_SECONDS, lasts * _TOLERANCE):
        raise Unplayable("The new file did not come out whole: the film is damaged in parts.")


def _interleaved(output: OutputContainer, reading: list[list[Any]]) -> Iterator[float]:
    """Always from the track that is furthest behind."""
    while reading:
        behind = min(reading, key=lambda each: each[0])
        piece = next(behind[1], None)
        if piece is None:
            reading.remove(behind)
            continue
        behind[0], packet = piece
        if packet is not None:
            output.mux(packet)
        yield behind[0]


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except FFmpegError as error:
        if error.errno in _STORAGE:
            raise OSError(error.errno, error.strerror) from error
        raise Unplayable("The film cannot be converted: it is damaged, or does not fit into such a file.") from error
