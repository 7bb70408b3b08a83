"""One rung of a head: pictures made its size, encoded, and written as cells, on a thread of its own."""

from __future__ import annotations  # av's packets are generic for the type checker alone

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.packet import Packet
from av.video.frame import VideoFrame

from watchparty.domain.ladder import Rendition
from watchparty.domain.source import TICKS
from watchparty.media.cutters import Cutter
from watchparty.media.filters import Filters
from watchparty.media.fmp4 import picture_cell
from watchparty.media.keyframes import in_ticks

_TICK = Fraction(1, TICKS)


@dataclass(frozen=True)
class Made:
    """A finished cell."""

    rendition: str
    index: int
    data: bytes


class Rung:
    """`first` is the cell it begins with, `boundaries` the whole grid."""

    def __init__(
        self, rendition: Rendition, boundaries: Sequence[int], first: int, filters: Filters, cutter: Cutter
    ) -> None:
        self._name = rendition.name
        self._boundaries, self._starts = boundaries, frozenset(boundaries)
        self._cell = first
        self._filters, self._cutter = filters, cutter

    def run(
        self,
        pictures: Iterable[tuple[VideoFrame, int]],
        below: Callable[[tuple[VideoFrame, int]], None] | None,
        keep: Callable[[Made], None],
    ) -> None:
        """To the last of `pictures`, which come with their times in ticks. Each goes on to `below` as it is encoded."""
        for frame, at in pictures:
            self._take(self._filters.push(frame, at), below, keep)
        self._take(self._filters.finish(), below, keep)
        for packets in self._cutter.finish():
            keep(self._written(packets))

    def _take(
        self,
        frames: list[VideoFrame],
        below: Callable[[tuple[VideoFrame, int]], None] | None,
        keep: Callable[[Made], None],
    ) -> None:
        for frame in frames:
            at = in_ticks(frame.pts or 0, frame.time_base or _TICK)
            # Some filters count in halves of a tick. Set before another thread has the frame too.
            frame.pts, frame.time_base = at, _TICK
            if below is not None:
                below((frame, at))
            for packets in self._cutter.push(frame, begins=at in self._starts):
                keep(self._written(packets))

    def _written(self, packets: Sequence[Packet[Any]]) -> Made:
        shown_at = [in_ticks(packet.pts or 0, packet.time_base) for packet in packets]
        data = picture_cell(self._cutter.template, packets, shown_at, self._boundaries[self._cell + 1])
        made = Made(self._name, self._cell, data)
        self._cell += 1
        return made
