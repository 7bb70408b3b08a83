"""What people say below a film."""

import math
from dataclasses import dataclass, replace

from watchparty.domain.errors import Invalid
from watchparty.domain.permission import owns
from watchparty.domain.text import printable
from watchparty.domain.user import Person
from watchparty.domain.video import Video

LONGEST = 5_000
# Seconds for which whoever deleted a comment can bring it back; its words are forgotten after that.
RESTORABLE = 10 * 60.0


@dataclass(frozen=True)
class Comment:
    """`at` is the moment of the film that is meant, in seconds; times are Unix seconds.

    `parent_id` is the comment it answers: one at the top, since answers to answers stand beside them. `seq` is its
    place among all comments. `author_id` is None once that account is gone.
    """

    id: str
    video_id: str
    author_id: str | None
    text: str
    created_at: float
    at: float | None = None
    parent_id: str | None = None
    mentions: tuple[str, ...] = ()
    replies: int = 0
    edited_at: float | None = None
    deleted_at: float | None = None
    deleted_by: str | None = None
    seq: int = 0

    @property
    def is_deleted(self) -> bool:
        return self.deleted_at is not None

    def may_edit(self, person: Person) -> bool:
        """Nobody puts words into another's mouth, administrators included."""
        return not self.is_deleted and person.id == self.author_id

    def may_delete(self, person: Person, video: Video) -> bool:
        """Its author, and whoever the film below which it stands belongs to."""
        return not self.is_deleted and (person.id == self.author_id or owns(person, video))

    def may_restore(self, person: Person, now: float) -> bool:
        """Whoever deleted it, for a while: what a film's owner took away, its author cannot put back."""
        return self.deleted_at is not None and person.id == self.deleted_by and now < self.deleted_at + RESTORABLE

    def edited(self, *, text: str, at: float | None, mentions: tuple[str, ...], now: float) -> "Comment":
        """The same comment in other words; saying the same again is no edit."""
        if (text, at) == (self.text, self.at):
            return self
        return replace(self, text=text, at=at, mentions=mentions, edited_at=now)


@dataclass(frozen=True)
class WantedComments:
    """Which comments to list: those at the top of a film, or the answers to one. `after` is the `seq` the page before
    ended with."""

    video_id: str
    parent_id: str | None
    newest_first: bool
    limit: int
    after: int | None = None


def clean_text(text: str) -> str:
    """Raises Invalid."""
    return printable(text, "/text", shortest=1, longest=LONGEST, lines=True)


def clean_moment(at: float | None, duration: float | None) -> float | None:
    """A moment of a film `duration` seconds long. Raises Invalid."""
    if at is None:
        return None
    if duration is None:
        raise Invalid("This film's length is not known yet.", pointer="/at")
    if not math.isfinite(at) or not 0 <= at <= duration:
        raise Invalid(f"The film runs from 0 to {duration:g} seconds.", pointer="/at")
    return at
