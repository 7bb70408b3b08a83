"""A film that was deleted, and can still be had back."""

from dataclasses import dataclass

from watchparty.domain.video import Video

KEPT = 7 * 86_400.0
"""Seconds from a film's deletion until it is truly gone."""


@dataclass(frozen=True)
class Trashed:
    """A film in the trash, since `deleted_at` (Unix seconds)."""

    video: Video
    deleted_at: float

    @property
    def gone_at(self) -> float:
        """Until when it can be had back."""
        return self.deleted_at + KEPT
