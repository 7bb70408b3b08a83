"""One room's part in the minutes: what people do, and where playback stands."""

from watchparty.domain.room import Member, RoomEvent
from watchparty.domain.timeline import Timeline
from watchparty.services.clock import Clock
from watchparty.services.minutes import Minutes
from watchparty.storage.rooms import SavedTimeline

# How much of a film that nobody touches may be forgotten by a crash, in seconds.
SAVED_EVERY = 1.0


class Record:
    """`revision` is that of the timeline as it is on disk already."""

    def __init__(self, room_id: str, revision: int, minutes: Minutes, clock: Clock) -> None:
        self._room_id = room_id
        self._saved_revision = revision
        self._saved_at = clock.monotonic()
        self._minutes = minutes
        self._clock = clock

    def log(self, kind: str, member: Member | None, position: float) -> None:
        """Somebody did something, at this position of the film."""
        member_id, name = (member.id, member.name) if member else (None, None)
        self._minutes.happened(RoomEvent(self._room_id, kind, member_id, name, position, self._clock.time()))

    def save(self, timeline: Timeline, position: float) -> None:
        """Keep where playback stands now."""
        self._saved_at, self._saved_revision = self._clock.monotonic(), timeline.revision
        saved = SavedTimeline(timeline.revision, timeline.video_id, position, timeline.rate, self._clock.time())
        self._minutes.stands(self._room_id, saved)

    def save_if_due(self, timeline: Timeline, position: float) -> None:
        """At every change, and while it plays every second."""
        due_at = self.due_at(timeline)
        if timeline.revision != self._saved_revision or (due_at is not None and self._clock.monotonic() >= due_at):
            self.save(timeline, position)

    def due_at(self, timeline: Timeline) -> float | None:
        return self._saved_at + SAVED_EVERY if timeline.playing else None
