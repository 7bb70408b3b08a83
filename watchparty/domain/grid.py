"""Where a film is cut into cells: computed once per file, stored, and used by playlists and cells alike."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from watchparty.domain.source import TICKS

SHORTEST_COPY = 4 * TICKS
LONGEST_COPY = 12 * TICKS
LONGEST_ENCODED = 2 * TICKS
"""Short, because whoever goes to a place that nobody has been to waits for one whole cell to be made."""


@dataclass(frozen=True)
class Grid:
    """Boundaries in 90 kHz ticks of the presentation timeline, from 0 to the end; cell i is [b[i], b[i + 1])."""

    copy: tuple[int, ...]
    """Boundaries at the source's own keyframes; empty when its picture cannot be handed out as it is."""
    encode: tuple[int, ...]
    copy_refusal: str | None
    """Why not, as a sentence."""

    @property
    def end(self) -> int:
        return self.encode[-1]

    def boundaries(self, mode: str) -> tuple[int, ...]:
        return self.copy if mode == "copy" else self.encode


class Refused(Exception):
    """The source's keyframes do not make cells; the message says why."""


def uncopied(end: int, frame: Fraction | None, phase: int, refusal: str | None) -> Grid:
    """The grid of a film whose picture is encoded, or that has none. `frame` is a frame's length in ticks."""
    return Grid((), _encode_boundaries((0, end), frame, phase), refusal)


def copied(keyframes: Sequence[int], end: int, frame: Fraction | None, phase: int) -> Grid:
    """The grid of a film whose packets go out untouched; raises Refused when the keyframes lie too far apart.

    `keyframes` are presentation times in ticks, ascending; `phase` is the time of the first frame.
    """
    copy = _merged(keyframes, end)
    return Grid(copy, _encode_boundaries(copy, frame, phase), None)


def _merged(keyframes: Sequence[int], end: int) -> tuple[int, ...]:
    """Every boundary is a keyframe at least 4 s after the one before; what is left at the end joins its neighbour."""
    if not keyframes:
        raise Refused("The picture has no keyframes to cut at.")
    boundaries = [0]
    for at in keyframes[1:]:
        if at - boundaries[-1] >= SHORTEST_COPY and at < end:
            boundaries.append(at)
    if len(boundaries) > 1 and end - boundaries[-1] < TICKS:
        boundaries.pop()
    boundaries.append(end)
    longest = max(after - before for before, after in pairwise(boundaries))
    if longest > LONGEST_COPY + TICKS:
        raise Refused(f"The picture can be cut only every {longest / TICKS:.0f} seconds, which is too far apart.")
    return tuple(boundaries)


def _encode_boundaries(outer: Sequence[int], frame: Fraction | None, phase: int) -> tuple[int, ...]:
    """Every outer boundary, and cuts between them on frames so that no cell is longer than 2 s."""
    cuts = [0]
    for low, high in pairwise(outer):
        cuts.extend(_even(low, high, frame, phase))
        cuts.append(high)
    return tuple(cuts)


def _even(low: int, high: int, frame: Fraction | None, phase: int) -> Iterable[int]:
    """Cuts strictly between `low` and `high`, evenly spread, each piece at most 2 s."""
    pieces = -(-(high - low) // LONGEST_ENCODED)
    while True:
        cuts = [_on_frame(low + (high - low) * k // pieces, frame, phase) for k in range(1, pieces)]
        if all(after - before <= LONGEST_ENCODED for before, after in pairwise([low, *cuts, high])):
            return cuts
        pieces += 1


def _on_frame(at: int, frame: Fraction | None, phase: int) -> int:
    """The frame time nearest to `at`: a cut between two frames would show one of them twice."""
    if frame is None:
        return at
    return round(phase + round((at - phase) / frame) * frame)


def audio_frames(boundaries: Sequence[int], sample_rate: int, phase: int) -> tuple[int, ...]:
    """For each boundary the index of the first 1024-sample AAC frame that starts at or after it.

    Frame n starts at sample phase + 1024 n. Cell i holds the frames [f[i], f[i + 1]).
    """
    return tuple(-((phase - at * sample_rate // TICKS) // 1024) for at in boundaries)
