"""Encoded pictures: a head starts at any cell, decodes once, and makes every wanted rung of the cells that follow.

One thread decodes; each rung has a thread that scales and encodes. The largest rung takes what was decoded, each other
one what the next larger has made of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from av.error import FFmpegError

from watchparty.domain.ladder import Rendition
from watchparty.domain.source import Unplayable, VideoTrack
from watchparty.media import encoders
from watchparty.media.cutters import CellByCell, Continuous, Cutter, x264_stream
from watchparty.media.encoders import LIBX264, EncoderFailed
from watchparty.media.filters import Filters
from watchparty.media.fmp4 import init_segment
from watchparty.media.frames import shown
from watchparty.media.nice import VIEWER
from watchparty.media.opening import opened
from watchparty.media.rungs import Made, Rung
from watchparty.media.stages import Channel, Row

log = logging.getLogger(__name__)

__all__ = ["REVISION", "Made", "encoded_init", "encoded_pictures"]

REVISION = 2
"""Counts changes after which cells made before no longer fit those made after."""

_NOT_HERE = "The film cannot be encoded at this place."
_CELLS_WAITING = 8
_LOOK_UP = 0.1
"""Seconds without a cell after which whoever asks hears None."""
_MOST_WAITING, _LEAST_WAITING = 24, 4
_WAITING_BYTES = 64 << 20
"""Frames between two threads: enough that none idles while another has a hard picture, in bounded memory."""


def encoded_init(rendition: Rendition) -> bytes:
    """The init segment of an encoded rung; no file is needed for it, and every head's is the same."""
    output, stream = x264_stream(rendition, VIEWER)
    try:
        return init_segment(stream)
    finally:
        output.close()


def encoded_pictures(
    path: str,
    track: VideoTrack,
    start: int,
    boundaries: Sequence[int],
    renditions: Sequence[Rendition],
    first: int,
    nice: int = VIEWER,
    *,
    encoder: str = LIBX264,
) -> Iterator[Made | None]:
    """Cells of the given rungs from number `first` on to the end, decoding once; None several times a second between.

    Work begins with the first `next`, runs a little ahead, and has stopped when closing the iterator returns. `start`
    is the file's own time, in ticks, of the timeline's 0. An `encoder` that fails is replaced by libx264 from the cell
    on where it did, and not used again. Raises Unplayable when the file cannot be decoded there.
    """
    rungs = tuple(sorted(renditions, key=lambda each: -each.width * each.height))
    head = _Head(path, track, start, tuple(boundaries), rungs, first, nice, encoder)
    following = {rendition.name: first for rendition in renditions}
    while True:
        try:
            for made in head.results():
                if made is None:
                    yield None
                elif made.index == following[made.rendition]:  # others were handed out before an encoder failed
                    following[made.rendition] += 1
                    yield made
            return
        except EncoderFailed as error:
            if head.encoder == LIBX264:
                raise Unplayable(_NOT_HERE) from error
            log.warning("%s; going on with %s, also in other films", error, LIBX264)
            encoders.give_up(head.encoder)
            head = replace(head, first=min(following.values()), encoder=LIBX264)
        except FFmpegError as error:
            raise Unplayable(_NOT_HERE) from error


@dataclass(frozen=True)
class _Head:
    """One run of one decoder; the largest rung comes first."""

    path: str
    track: VideoTrack
    start: int
    boundaries: tuple[int, ...]
    rungs: tuple[Rendition, ...]
    first: int
    nice: int
    encoder: str

    def results(self) -> Iterator[Made | None]:
        row: Row[Made]
        with Row(_CELLS_WAITING, len(self.rungs)) as row:
            pictures = row.channel(_room(self.track.width, self.track.height))
            self._start_decoding(row, pictures)
            for number, rendition in enumerate(self.rungs):
                last = number == len(self.rungs) - 1
                below = None if last else row.channel(_room(rendition.width, rendition.height))
                self._start_rung(row, number, pictures, below)
                pictures = below or pictures
            yield from row.results(_LOOK_UP)

    def _start_decoding(self, row: Row[Made], pictures: Channel[Any]) -> None:
        def work() -> None:
            with opened(self.path) as container:
                for each in shown(
                    container, self.track.index, self.start, self.boundaries, self.first, self.nice, row.heed
                ):
                    pictures.put((each.frame, each.at))
            pictures.end()

        row.start("decode", work)

    def _start_rung(self, row: Row[Made], number: int, pictures: Channel[Any], below: Channel[Any] | None) -> None:
        rendition = self.rungs[number]

        def work() -> None:
            filters = Filters(self.track if number == 0 else None, rendition.width, rendition.height, self.nice)
            cutter = self._cutter(rendition, row)
            try:
                rung = Rung(rendition, self.boundaries, self.first, filters, cutter)
                rung.run(pictures, below.put if below else None, row.made.put)
            finally:
                cutter.close()
            if below is not None:
                below.end()
            row.made.end()

        row.start(f"encode {rendition.name}", work)

    def _cutter(self, rendition: Rendition, row: Row[Made]) -> Cutter:
        if encoders.trusted(self.encoder):
            return CellByCell(encoders.KNOWN[self.encoder], rendition, self.nice)
        return Continuous(rendition, self.nice, row.heed)


def _room(width: int, height: int) -> int:
    """How many frames of this size may wait for a thread."""
    return max(_LEAST_WAITING, min(_MOST_WAITING, _WAITING_BYTES * 2 // (width * height * 3)))
