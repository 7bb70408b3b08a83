"""What a room watches next: films in a row, the countdown between two of them, and votes to skip. Times in seconds.

A queue is a value: every method answers the next one, or raises Refusal and leaves it as it is.
"""

from collections.abc import Set
from dataclasses import dataclass, replace
from enum import StrEnum

from watchparty.domain.conflict import Refusal
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause, Timeline
from watchparty.domain.video import Status

LONGEST_QUEUE = 200
# Between the end of a film and the next one that begins by itself.
COUNTDOWN = 8.0
# A wish for the next film this soon after the last one came meant that one.
SAME_WISH = 1.0


class Standing(StrEnum):
    """Whether a queued film can be watched: now, later, or never."""

    READY = "ready"
    PREPARING = "preparing"
    FAILED = "failed"


_STANDINGS = {Status.READY: Standing.READY, Status.FAILED: Standing.FAILED, Status.MISSING: Standing.FAILED}


@dataclass(frozen=True)
class Item:
    """One place in the queue; the same film may have several. `by` is the id of the member who added it.

    `title` and `by_name` are for people to read. `duration` in seconds, None while nobody knows it. `status` says
    whether it can be watched.
    """

    id: str
    video_id: str
    title: str
    duration: float | None
    by: str
    by_name: str
    status: Standing

    @property
    def film(self) -> Film:
        return Film(self.video_id, self.duration, self.status is Standing.READY)


@dataclass(frozen=True)
class Turn:
    """What comes of going on: the film to put on, if any can be; those that cannot; and the queue after that."""

    item: Item | None
    skipped: tuple[Item, ...]
    rest: "Queue"


@dataclass(frozen=True)
class Queue:
    """`next_at` is when the first film begins by itself, while a countdown runs.

    `votes` are the members who want the next film now; whose vote counts is for the room to say.
    """

    items: tuple[Item, ...] = ()
    votes: frozenset[str] = frozenset()
    next_at: float | None = None
    # The revision of the timeline that this has followed to, and whether people chose to stay at it.
    followed: int = -1
    stayed: bool = False
    turned_at: float = float("-inf")

    def item(self, item_id: str) -> Item:
        for item in self.items:
            if item.id == item_id:
                return item
        raise Refusal("no_such_item", "This film is not in the queue any more.")

    def index(self, item_id: str) -> int:
        return self.items.index(self.item(item_id))

    def has(self, video_id: str) -> bool:
        return any(item.video_id == video_id for item in self.items)

    # What people do.

    def add(self, item: Item, index: int | None = None) -> "Queue":
        """With one more film, at the end unless an index is given."""
        if len(self.items) >= LONGEST_QUEUE:
            raise Refusal("queue_full", f"The queue holds {LONGEST_QUEUE} films. Take one out first.")
        at = len(self.items) if index is None else index
        return replace(self, items=(*self.items[:at], item, *self.items[at:]))

    def remove(self, item_id: str) -> "Queue":
        gone = self.item(item_id)
        return replace(self, items=tuple(item for item in self.items if item is not gone))

    def move(self, item_id: str, index: int) -> "Queue":
        """Past the end is at the end: the list may have become shorter since its reader counted."""
        item = self.item(item_id)
        return self.remove(item_id).add(item, min(index, len(self.items) - 1))

    def stay(self) -> "Queue":
        """No next film after this one, unless somebody asks for it."""
        if self.next_at is None:
            raise Refusal("not_counting", "No film is about to begin.")
        return replace(self, next_at=None, stayed=True)

    def vote(self, member_id: str, on: bool) -> "Queue":
        if not self.items:
            raise Refusal("nothing_next", "There is nothing in the queue.")
        return replace(self, votes=self.votes | {member_id} if on else self.votes - {member_id})

    def choose(self, item_id: str | None, now: float) -> Turn:
        """Go on to this film, or to the first that can be played, as somebody wishes.

        Two people who press at once mean one film: a second wish within a moment is refused.
        """
        is_known = any(item.id == item_id for item in self.items)
        if now < self.turned_at + SAME_WISH and not is_known:
            raise Refusal("superseded", "Somebody else did this a moment before you.")
        if not self.items and item_id is None:
            raise Refusal("nothing_next", "There is nothing in the queue.")
        if item_id is None:
            return self.turn(now)
        item = self.item(item_id)
        if item.status is Standing.FAILED:
            raise Refusal("cannot_play", f"“{item.title}” cannot be played.")
        return Turn(item, (), self.remove(item_id)._turned(now))

    # What happens.

    def turn(self, now: float) -> Turn:
        """Go on to the first film that can be played, if there is one."""
        failed = 0
        while failed < len(self.items) and self.items[failed].status is Standing.FAILED:
            failed += 1
        skipped, left = self.items[:failed], self.items[failed:]
        rest = replace(self, items=left[1:])._turned(now)
        return Turn(left[0] if left else None, skipped, rest)

    def follow(self, timeline: Timeline, somebody: bool, now: float) -> "Queue":
        """After a look at the room: a film that is over begins a countdown, whatever people do then ends it.

        `somebody` says whether anybody is there to see the next one; the speed alone may change meanwhile.
        """
        queue = self if timeline.revision == self.followed else self._moved_on(timeline)
        counts = somebody and bool(queue.items)
        if queue.next_at is not None and not counts:
            return replace(queue, next_at=None)
        if counts and queue.next_at is None and timeline.cause is Cause.END and not queue.stayed:
            return replace(queue, next_at=now + COUNTDOWN)
        return queue

    def know(self, video_id: str, title: str, duration: float | None, status: Standing) -> "Queue":
        """More is known of a film, wherever it stands."""

        def learn(item: Item) -> Item:
            if item.video_id != video_id:
                return item
            return replace(item, title=title, duration=duration, status=status)

        return replace(self, items=tuple(learn(item) for item in self.items))

    def without(self, video_id: str) -> "Queue":
        """A film is gone."""
        return replace(self, items=tuple(item for item in self.items if item.video_id != video_id))

    def counted(self, watching: Set[str]) -> list[str]:
        """The votes that count: of people who are watching."""
        return sorted(self.votes & watching)

    def _moved_on(self, timeline: Timeline) -> "Queue":
        if timeline.cause is Cause.RATE:
            return replace(self, followed=timeline.revision)
        votes = frozenset[str]() if timeline.cause is Cause.LOAD else self.votes
        return replace(self, followed=timeline.revision, next_at=None, stayed=False, votes=votes)

    def _turned(self, now: float) -> "Queue":
        return replace(self, next_at=None, votes=frozenset(), turned_at=now)


def standing(status: Status) -> Standing:
    """What a video's status comes to for those who want to watch it."""
    return _STANDINGS.get(status, Standing.PREPARING)


def needed(watching: int) -> int:
    """How many of those who are watching have to want the next film: more than half."""
    return watching // 2 + 1
