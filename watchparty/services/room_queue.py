"""One room's queue: what people do with it, told to everybody, kept, and carried on by itself. Nothing here waits."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from watchparty.domain.conduct import Bucket
from watchparty.domain.conflict import Refusal
from watchparty.domain.message import Queue as Wish
from watchparty.domain.message import QueueOp
from watchparty.domain.news import News, Notice, QueueNews, milliseconds
from watchparty.domain.party import Party
from watchparty.domain.party_event import Event, Logged, Noticed
from watchparty.domain.queue import Item, Queue, Standing, Turn, needed
from watchparty.domain.rights import Action
from watchparty.domain.room import Member

# Seconds. How many have to want the next film changes with everybody who comes: that alone is told this often.
NEEDED_EVERY = 1.0
# The whole queue is told at each change, but not for ever so many: so many times a second, and at once.
TOLD_RATE, TOLD_BURST = 4.0, 40.0
TOLD_LATER = 0.3
# What was taken out can be brought back, the last so many of them.
REMEMBERED = 20


class RoomQueue:
    """`keep` puts the items on disk and `tell` tells everybody."""

    def __init__(
        self,
        items: Iterable[Item],
        party: Party,
        keep: Callable[[tuple[Item, ...]], None],
        tell: Callable[[News], None],
        now: float,
    ) -> None:
        self._queue = Queue(tuple(items))
        self._party = party
        self._keep = keep
        self._tell = tell
        self._removed: list[tuple[str, Item, int]] = []
        self._watching = frozenset[str]()
        self._seats_watching = 0
        self._told = self.news
        self._told_at = float("-inf")
        self._may_tell = Bucket.full(TOLD_RATE, TOLD_BURST, now)
        self.video_ids = _videos(self._queue)

    # What one may ask.

    @property
    def items(self) -> tuple[Item, ...]:
        return self._queue.items

    @property
    def news(self) -> QueueNews:
        queue = self._queue
        next_at = None if queue.next_at is None else milliseconds(queue.next_at)
        return QueueNews(queue.items, queue.counted(self._watching), needed(len(self._watching)), next_at)

    @property
    def deadline(self) -> float | None:
        """When `look` is next due."""
        wait = NEEDED_EVERY if self._needs_no_hurry else TOLD_LATER
        told_at = self._told_at + wait if self._is_old else None
        return min((at for at in (self._queue.next_at, told_at) if at is not None), default=None)

    # What people do. Each raises Refusal.

    def do(self, member: Member, wish: Wish, now: float) -> list[Event]:
        """Whatever somebody wants of the queue but to have a film added, which takes a look into the library."""
        match wish:
            case Wish(QueueOp.ADD, item_id=str(item_id)):
                return [_logged("queued", member, self._bring_back(member, item_id))]
            case Wish(QueueOp.REMOVE, item_id=str(item_id)):
                return [_logged("unqueued", member, self._remove(member, item_id))]
            case Wish(QueueOp.MOVE, item_id=str(item_id), index=int(index)):
                self._check(member)
                self._become(self._queue.move(item_id, index))
                return [_logged("reordered", member, self._queue.item(item_id))]
            case Wish(QueueOp.NEXT):
                self._check(member)
                return self._take(self._queue.choose(wish.item_id, now), member.id, now)
            case Wish(QueueOp.STAY):
                self._check(member)
                self._become(self._queue.stay())
            case Wish(QueueOp.VOTE):
                if member.id not in self._watching:
                    raise Refusal("not_watching", "Only people who are watching can vote.")
                self._become(self._queue.vote(member.id, wish.on))
        return []

    def add(self, member: Member, item: Item) -> list[Event]:
        """One more film, which this member was found to be allowed to show."""
        self._check(member)
        if item.status is Standing.FAILED:
            raise Refusal("cannot_play", f"“{item.title}” cannot be played.")
        self._become(self._queue.add(item))
        return [_logged("queued", member, item)]

    # What happens.

    def look(self, now: float) -> list[Event]:
        """After anything has happened in the room, and at `deadline`: count, begin what is due, and tell."""
        self._count()
        self._become(self._queue.follow(self._party.timeline, bool(self._party.watchers), now))
        events: list[Event] = []
        if self._queue.next_at is not None and now >= self._queue.next_at:
            events = self._take(self._queue.turn(now), None, now)
        elif self._is_outvoted:
            voted = Noticed("voted", "Most people want the next film.")
            events = [voted, Logged("voted", None, None), *self._take(self._queue.turn(now), None, now)]
        self._tell_news(now)
        return events

    def know(self, video_id: str, title: str, duration: float | None, status: Standing, now: float) -> list[Event]:
        """More is known of a film. One that was waited for and turns out not to be playable is passed over."""
        self._become(self._queue.know(video_id, title, duration, status))
        film = self._party.film
        if status is not Standing.FAILED or film is None or film.video_id != video_id or not self._party.awaits_film:
            return []
        return [_skipped(title), *self._take(self._queue.turn(now), None, now)]

    def left(self, member_id: str) -> None:
        """Somebody has gone for good: their vote does not wait for them."""
        self._become(replace(self._queue, votes=self._queue.votes - {member_id}))

    def forget(self, video_id: str) -> None:
        """A film is gone for good."""
        self._removed = [removed for removed in self._removed if removed[1].video_id != video_id]
        gone = next((item for item in self._queue.items if item.video_id == video_id), None)
        if gone is not None:
            self._become(self._queue.without(video_id))
            self._tell(Notice("queue_deleted", f"“{gone.title}” was deleted, and is not in the queue any more."))

    def _check(self, member: Member) -> None:
        why_not = self._party.rights.why_not(member.role, Action.QUEUE)
        if why_not is not None:
            raise Refusal("not_allowed", why_not)

    def _remove(self, member: Member, item_id: str) -> Item:
        item = self._queue.item(item_id)
        if item.by != member.id:
            self._check(member)
        index = self._queue.index(item_id)
        self._become(self._queue.remove(item_id))
        self._removed = [*self._removed, (member.id, item, index)][-REMEMBERED:]
        return item

    def _bring_back(self, member: Member, item_id: str) -> Item:
        """Only for whoever took it out: nobody else opens a film to the room again."""
        for removed in self._removed:
            if (removed[0], removed[1].id) == (member.id, item_id):
                self._become(self._queue.add(removed[1], removed[2]))
                self._removed.remove(removed)
                return removed[1]
        raise Refusal("no_such_item", "This film cannot be brought back any more. Add it again.")

    def _take(self, turn: Turn, by: str | None, now: float) -> list[Event]:
        self._become(turn.rest)
        events: list[Event] = [_skipped(item.title) for item in turn.skipped]
        if turn.item is not None:
            events += self._party.go_on(turn.item.film, by, now)
            if turn.item.status is Standing.PREPARING:
                words = f"“{turn.item.title}” is still being prepared. It begins as soon as it can be watched."
                events.append(Noticed("not_ready", words))
        return events

    def _count(self) -> None:
        """Who watches, counted anew only when that has changed: this is asked at every word of every player."""
        seats = self._party.watching
        if len(seats) != self._seats_watching:
            self._seats_watching = len(seats)
            self._watching = frozenset(watcher.member_id for watcher in seats.values())

    @property
    def _is_outvoted(self) -> bool:
        """Whether enough people want another film than the one that is on."""
        votes = len(self._queue.counted(self._watching))
        return bool(self._queue.items) and votes >= needed(len(self._watching))

    @property
    def _is_old(self) -> bool:
        """Whether people have been told otherwise. How many votes it takes matters once there are any."""
        news = self.news
        return news != self._told and (bool(news.votes) or not self._needs_no_hurry)

    @property
    def _needs_no_hurry(self) -> bool:
        """Whether nothing has changed but how many votes it takes."""
        return replace(self.news, needed=self._told.needed) == self._told

    def _become(self, queue: Queue) -> None:
        before, self._queue = self._queue, queue
        if queue.items is not before.items and queue.items != before.items:
            self.video_ids = _videos(queue)
            self._keep(queue.items)

    def _tell_news(self, now: float) -> None:
        if not self._is_old or (self._needs_no_hurry and now < self._told_at + NEEDED_EVERY):
            return
        if self._may_tell.take(now):
            self._told, self._told_at = self.news, now
            self._tell(self._told)


def _videos(queue: Queue) -> frozenset[str]:
    return frozenset(item.video_id for item in queue.items)


def _logged(kind: str, member: Member, item: Item) -> Logged:
    return Logged(kind, member.id, None, detail=item.title)


def _skipped(title: str) -> Noticed:
    return Noticed("skipped", f"“{title}” cannot be played and was skipped.")
