"""One room's part in the minutes: what people do, session by session, and where playback stands."""

from dataclasses import replace

from watchparty.domain.party_event import Logged
from watchparty.domain.room import Member, RoomEvent
from watchparty.domain.room_session import RoomSession
from watchparty.domain.timeline import Timeline
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.minutes import Minutes
from watchparty.storage.rooms import SavedTimeline

# How much of a film that nobody touches may be forgotten by a crash, in seconds.
SAVED_EVERY = 1.0
# A room's log is pruned when a session begins and each time this many lines have been written.
PRUNED_EVERY = 1_000


class Record:
    """`revision` is that of the timeline as it is on disk already; `session`, one that a stop of the server cut off."""

    def __init__(
        self, room_id: str, revision: int, session: RoomSession | None, minutes: Minutes, clock: Clock
    ) -> None:
        self._room_id = room_id
        self._saved_revision = revision
        self._saved_at = clock.monotonic()
        self._session = session
        self._was_cut_off = session is not None
        self._lines = 0
        self._is_closed = False
        self._minutes = minutes
        self._clock = clock

    @property
    def session_id(self) -> str | None:
        """The session that is going on."""
        return self._session.id if self._session else None

    def came(self, member: Member, timeline: Timeline, position: float) -> None:
        """Somebody is here who was not; with the first of them a session begins, or goes on after a restart."""
        if self._session is None:
            self._session = RoomSession(new_id(), self._room_id, self._clock.time())
            self._minutes.opened(self._session)
        elif self._was_cut_off:
            self.log(Logged("restarted", None, position), timeline)
        self._was_cut_off = False
        self.log(Logged("joined", member.id, position), timeline, name=member.name)

    def left(self, member: Member, timeline: Timeline, position: float, *, is_last: bool) -> None:
        """Somebody is here no more; with the last of them the session ends."""
        self.log(Logged("left", member.id, position), timeline, name=member.name)
        if is_last and self._session is not None and not self._is_closed:
            self._minutes.ended(replace(self._session, ended_at=self._clock.time()))
            self._session = None

    def log(self, deed: Logged, timeline: Timeline, *, name: str | None = None) -> None:
        """Somebody did something while this was on. Without a `name` it is the one they have in the room."""
        if self._is_closed:
            return
        self._lines += 1
        event = RoomEvent(
            room_id=self._room_id,
            kind=deed.kind,
            member_id=deed.member_id,
            name=name,
            position=deed.position,
            at=self._clock.time(),
            session_id=self.session_id,
            video_id=timeline.video_id,
            from_position=deed.from_position,
            target_id=deed.target_id,
            detail=deed.detail,
        )
        self._minutes.happened(event)
        if self._lines % PRUNED_EVERY == 0:
            self._minutes.pruned(self._room_id)

    def close(self) -> None:
        """The server stops, or the room is gone: that people are sent away is not their doing."""
        self._is_closed = True

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
