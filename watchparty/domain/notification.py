"""What somebody is told of: that others answered them, meant them, or that something of theirs is ready."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

# Seconds; and how many of a person are kept. The oldest go.
KEPT_FOR = 90 * 86400.0
MOST_KEPT = 500
# Characters of a comment that are shown in passing.
EXCERPT = 200


class Kind(StrEnum):
    """Each can be switched off by whoever does not want it."""

    REPLY = "reply"
    MENTION = "mention"
    COMMENT = "comment"
    VIDEO_READY = "video_ready"
    VIDEO_FAILED = "video_failed"
    ACCESS_REQUEST = "access_request"


@dataclass(frozen=True)
class Notification:
    """As it is kept: what it is about, never words. Those are found when it is read, by whoever may still see it.

    `actor_id` did it. Times are Unix seconds; `seq` is its place among all.
    """

    id: str
    user_id: str
    kind: Kind
    created_at: float
    actor_id: str | None = None
    video_id: str | None = None
    comment_id: str | None = None
    room_id: str | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    read_at: float | None = None
    seq: int = 0


@dataclass(frozen=True)
class Told:
    """A notification with the latest names of what it is about, and what was said, as far as it concerns somebody."""

    notification: Notification
    actor: str | None = None
    film: str | None = None
    room: str | None = None
    said: str | None = None

    @property
    def sentence(self) -> str:
        actor = self.actor or self.notification.data.get("name", "Somebody")
        return _SENTENCES[self.notification.kind].format(actor=actor, film=self.film, room=self.room)

    @property
    def excerpt(self) -> str | None:
        """The beginning of what was said, on one line; why, of a film that failed."""
        words = self.said if self.said is not None else self.notification.data.get("reason")
        if words is None:
            return None
        words = " ".join(words.split())
        return words if len(words) <= EXCERPT else words[: EXCERPT - 1] + "…"


_SENTENCES = {
    Kind.REPLY: "{actor} answered you below “{film}”.",
    Kind.MENTION: "{actor} mentioned you below “{film}”.",
    Kind.COMMENT: "{actor} commented on “{film}”.",
    Kind.VIDEO_READY: "“{film}” can be watched.",
    Kind.VIDEO_FAILED: "“{film}” could not be prepared.",
    Kind.ACCESS_REQUEST: "{actor} asks to be let into “{room}”.",
}


def concerned(author_id: str, answered: str | None, meant: Iterable[str], owner_id: str) -> dict[str, Kind]:
    """Whom a new comment concerns, each by what concerns them most; never its own author.

    `answered` wrote the comment it answers, `owner_id` owns the film.
    """
    kinds = {owner_id: Kind.COMMENT}
    kinds |= dict.fromkeys(meant, Kind.MENTION)
    if answered is not None:
        kinds[answered] = Kind.REPLY
    kinds.pop(author_id, None)
    return kinds
