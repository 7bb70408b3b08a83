"""What is being done to each film at this moment, for whoever asks or listens."""

from collections.abc import Callable
from dataclasses import dataclass

from watchparty.domain.video import Status


@dataclass(frozen=True)
class Work:
    """`progress` runs from 0 to 1; `activity` is a sentence for people; `speed` is film seconds per second."""

    video_id: str
    status: Status
    progress: float
    activity: str | None = None
    reason: str | None = None
    speed: float | None = None
    seconds_left: float | None = None


class Progress:
    """Kept in memory only: after a restart, the work itself tells anew."""

    def __init__(self) -> None:
        self._work: dict[str, Work] = {}
        self._listeners: list[Callable[[Work], None]] = []

    def subscribe(self, listener: Callable[[Work], None]) -> None:
        """Have `listener` told of every change, at once; it must not wait."""
        self._listeners.append(listener)

    def tell(self, work: Work) -> None:
        self._work[work.video_id] = work
        for listener in self._listeners:
            listener(work)

    def of(self, video_id: str) -> Work | None:
        return self._work.get(video_id)

    def forget(self, video_id: str) -> None:
        self._work.pop(video_id, None)
