"""Permissions to open one video, looked up in memory on every request for a segment."""

from dataclasses import dataclass

from watchparty.domain.user import Person
from watchparty.services.ids import new_id


@dataclass(frozen=True)
class Grant:
    """`by_room`: the video is open to this person only as long as they belong to a room that shows it."""

    id: str
    person: Person
    video_id: str
    by_room: bool


class Grants:
    """One grant for each session and video. None survives a restart: players ask for a new one."""

    def __init__(self) -> None:
        self._grants: dict[str, Grant] = {}
        # Which seconds of its film each has fetched, a bit each: a film of two hours takes 900 bytes.
        self._fetched: dict[str, int] = {}
        self._by_holder: dict[tuple[str, str], Grant] = {}

    def give(self, person: Person, video_id: str, *, by_room: bool) -> Grant:
        """The grant this session has for this video, made when there is none of that kind."""
        kept = self._by_holder.get((person.session_id, video_id))
        if kept is not None and kept.by_room == by_room:
            return kept
        grant = Grant(new_id(), person, video_id, by_room)
        if kept is not None:
            del self._grants[kept.id]
            self._fetched[grant.id] = self._fetched.pop(kept.id, 0)
        self._grants[grant.id] = self._by_holder[person.session_id, video_id] = grant
        return grant

    def find(self, grant_id: str) -> Grant | None:
        return self._grants.get(grant_id)

    def fetch(self, grant_id: str, start: float, end: float) -> None:
        """The holder is sent this part of the film (seconds), however often; never waits."""
        if grant_id not in self._grants:
            return
        first, last = int(start), max(int(start) + 1, round(end))
        self._fetched[grant_id] = self._fetched.get(grant_id, 0) | ((1 << (last - first)) - 1) << first

    def fetched(self, person: Person, video_id: str) -> int:
        """How many different seconds of this film the session has fetched."""
        grant = self._by_holder.get((person.session_id, video_id))
        return self._fetched.get(grant.id, 0).bit_count() if grant else 0

    def forget_fetched(self, person: Person, video_id: str) -> None:
        """Count from nothing again."""
        grant = self._by_holder.get((person.session_id, video_id))
        if grant is not None:
            self._fetched.pop(grant.id, None)

    def end_session(self, session_id: str) -> None:
        """Somebody signed out, or was made to."""
        self._end([grant for grant in self._grants.values() if grant.person.session_id == session_id])

    def end_anybody(self) -> None:
        """Public films are no longer open to people without a session."""
        self._end([grant for grant in self._grants.values() if grant.person.is_anybody])

    def end_video(self, video_id: str) -> None:
        """The video is gone, or not everybody's any more: whoever still may, gets a new grant on asking."""
        self._end([grant for grant in self._grants.values() if grant.video_id == video_id])

    def _end(self, grants: list[Grant]) -> None:
        for grant in grants:
            del self._grants[grant.id]
            self._fetched.pop(grant.id, None)
            del self._by_holder[grant.person.session_id, grant.video_id]
