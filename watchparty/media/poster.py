"""A film's face: one frame that shows something, or the cover of what is sound alone."""

from collections import Counter
from itertools import pairwise
from math import log2

from av.video.frame import VideoFrame

from watchparty.domain.source import Source, Unplayable, VideoTrack
from watchparty.media.cover import cover
from watchparty.media.jpeg import jpeg
from watchparty.media.stills import stills

WIDEST = 1280
"""Pixels."""
CANDIDATES = 3

_PLACES = (0.04, 0.08, 0.12, 0.17, 0.23, 0.29, 0.36, 0.43, 0.5, 0.58, 0.66, 0.74)
"""Fractions of the film looked at, past the logos and before the credits."""
_QUALITY = 4
"""The JPEG encoder's quantiser, 2 (best) to 31."""
_SAMPLED = (160, 90)
"""Points of a frame that are looked at."""
_SHADES = 32
_SHARP_ENOUGH = 8.0
"""Mean difference of neighbouring points, of 255, beyond which a frame is no better for being sharper."""


def poster(path: str, source: Source) -> bytes | None:
    """A JPEG of at most 1280 pixels' width; None for sound without a cover.

    Raises Unplayable when there is a picture and it cannot be decoded.
    """
    if source.video is None:
        art = cover(path, WIDEST)
        return jpeg(art, _QUALITY) if art is not None else None
    moments = [source.duration * place for place in _PLACES]
    width, height = _size(source.video)
    candidates = [still[1] for still in stills(path, source, source.video, moments, width, height) if still]
    if not candidates:
        raise Unplayable("The picture cannot be decoded.")
    return jpeg(max(candidates, key=interest), _QUALITY)


def candidates(path: str, source: Source) -> list[float]:
    """The moments of three frames that show something, in seconds, in order; none of what is sound alone."""
    if source.video is None:
        return []
    moments = [source.duration * place for place in _PLACES]
    found = [each for each in stills(path, source, source.video, moments, *_size(source.video)) if each]
    best = sorted(found, key=lambda each: -interest(each[1]))[:CANDIDATES]
    return sorted(moments[number] for number, _ in best)


def frame_at(path: str, source: Source, at: float) -> bytes | None:
    """The keyframe at or before a moment (seconds) as a poster; None when there is none to be had."""
    if source.video is None:
        return None
    found = next((each for each in stills(path, source, source.video, [at], *_size(source.video)) if each), None)
    return None if found is None else jpeg(found[1], _QUALITY)


def _size(track: VideoTrack) -> tuple[int, int]:
    scale = min(1.0, WIDEST / track.display_width, WIDEST / track.display_height)
    width, height = (max(2, round(side * scale / 2) * 2) for side in (track.display_width, track.display_height))
    return width, height


def interest(frame: VideoFrame) -> float:
    """How much there is to see, from the brightness of a sample of points.

    Many shades and sharp edges count; a frame of which most is one shade (black, a logo on a plain ground, credits)
    counts little.
    """
    rows = _sample(frame)
    counts = Counter(value * _SHADES // 256 for row in rows for value in row)
    points = sum(counts.values())
    variety = -sum(count / points * log2(count / points) for count in counts.values())
    edges = [abs(after - before) for row in rows for before, after in pairwise(row)]
    sharpness = min(sum(edges) / max(1, len(edges)), _SHARP_ENOUGH) / _SHARP_ENOUGH
    plain = sum(count for _, count in counts.most_common(2)) / points
    return variety * (0.3 + sharpness) * (0.1 if plain > 0.65 else 1.0)


def _sample(frame: VideoFrame) -> list[bytes]:
    """Points of the brightness, evenly spread, line by line."""
    plane = frame.planes[0]
    data = bytes(plane)
    across, down = (max(1, side // points) for side, points in zip((frame.width, frame.height), _SAMPLED, strict=True))
    starts = (line * plane.line_size for line in range(0, frame.height, down))
    return [data[start : start + frame.width : across] for start in starts]
