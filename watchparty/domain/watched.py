"""What somebody has watched, how far, and what of it counts as a view. Seconds."""

from dataclasses import dataclass

from watchparty.domain.video import Video

FINISHED = 0.95
"""The share of a film after which nobody wants to go on with it."""
PAUSE = 3600.0
"""Nobody is counted twice within this time."""
ENOUGH = 10.0
"""Whoever has watched for this long has seen something of a film."""


@dataclass(frozen=True)
class Watched:
    """A film somebody has begun: how far they came, and when that was (Unix seconds)."""

    video: Video
    position: float
    watched_at: float

    @property
    def is_finished(self) -> bool:
        return self.video.duration is not None and self.position > self.video.duration * FINISHED


def is_view(duration: float | None, watched: float, fetched: int) -> bool:
    """Whether somebody who says to have watched for so long has, going by the seconds of film they have fetched."""
    enough = ENOUGH if duration is None else min(ENOUGH, duration / 2)
    return watched >= enough and fetched >= enough
