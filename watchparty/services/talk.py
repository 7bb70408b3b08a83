"""Talk in a room: what is said, taken back, and waved at everybody. Nothing here waits."""

from collections.abc import Callable, Iterable

from watchparty.domain import news
from watchparty.domain.mention import mentioned
from watchparty.domain.message import Chat, Reaction, Typing, Unsay
from watchparty.domain.rights import HOSTS, Action, RoomRole
from watchparty.domain.room import ChatLine, Room
from watchparty.services.audience import Audience
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.lines import Lines
from watchparty.services.minutes import Minutes
from watchparty.services.party_metrics import PartyMetrics
from watchparty.services.seat import Seat


class Talk:
    """`people` says whom one may mean by name: the id and name of everybody who is here.

    `room` is replaced when its settings change.
    """

    def __init__(
        self,
        room: Room,
        history: Iterable[ChatLine],
        people: Callable[[], Iterable[tuple[str, str]]],
        audience: Audience,
        minutes: Minutes,
        metrics: PartyMetrics,
        clock: Clock,
    ) -> None:
        self.room = room
        self._lines = Lines(history)
        self._people = people
        self._audience = audience
        self._minutes = minutes
        self._metrics = metrics
        self._clock = clock
        # When members who are no hosts spoke last, on the monotonic clock; kept while the room is slow.
        self._spoke_at: dict[str, float] = {}

    @property
    def latest(self) -> list[ChatLine]:
        """The newest lines, oldest of them first."""
        return self._lines.latest

    def knows(self, line_id: str) -> bool:
        """Whether one can answer this line, or take it back, without looking it up first."""
        return self._lines.get(line_id) is not None

    def recall(self, line: ChatLine) -> None:
        """An older line that was looked up."""
        self._lines.recall(line)

    def hear(self, seat: Seat, role: RoomRole, message: Chat | Unsay | Reaction | Typing) -> None:
        """Take what somebody said, who has this role at the moment, and tell everybody."""
        member = seat.member
        match message:
            case Chat():
                self._chat(seat, role, message)
            case Unsay():
                self._take_back(seat, role, message)
            case Reaction() if self._is_heard(seat, role):
                self._audience.tell(news.Reacted(member.id, member.name, message.emoji))
            case Typing() if self._is_heard(seat, role):
                self._audience.tell(news.TypingNews(member.id, member.name, message.on), but=member.id)

    def unsaid(self, line: ChatLine, by: str) -> None:
        """A line was taken back for good: everybody forgets its words."""
        self._lines.put(line.unsaid(by))
        self._audience.tell(news.UnsaidNews(line.id, by))

    # Saying.

    def _chat(self, seat: Seat, role: RoomRole, chat: Chat) -> None:
        before = self._lines.named(seat.member.id, chat.client_id)
        if before is None:
            passes = self._is_heard(seat, role, chat.client_id) and self._makes_sense(seat, chat)
            if passes and self._is_in_time(seat, role, chat):
                self._say(seat, chat)
        elif before.is_kept:
            seat.tell(news.Said.of(before.line))

    def _is_heard(self, seat: Seat, role: RoomRole, client_id: str | None = None) -> bool:
        if seat.member.muted:
            seat.tell(news.Error("muted", "A host has muted you.", client_id=client_id))
            return False
        silent = self.room.rights.why_not(role, Action.CHAT)
        if silent is not None:
            seat.tell(news.Error("not_allowed", silent, client_id=client_id))
        return silent is None

    def _makes_sense(self, seat: Seat, chat: Chat) -> bool:
        """Whether there is what it answers."""
        if chat.reply_to is None or self.knows(chat.reply_to):
            return True
        seat.tell(news.Error("no_such_message", "There is no such message to answer.", client_id=chat.client_id))
        return False

    def _is_in_time(self, seat: Seat, role: RoomRole, chat: Chat) -> bool:
        wait = 0.0 if role in HOSTS else self._wait(seat.member.id)
        if wait > 0:
            words = f"This room is slow: one line every {self.room.slow_mode} seconds."
            seat.tell(news.Error("slow_mode", words, client_id=chat.client_id, retry_after=round(wait, 1)))
            return False
        return True

    def _wait(self, member_id: str) -> float:
        """For how many seconds somebody has to be silent yet; when for none, they speak now."""
        slow, now = self.room.slow_mode, self._clock.monotonic()
        self._spoke_at = {other: at for other, at in self._spoke_at.items() if now < at + slow}
        wait = self._spoke_at.get(member_id, now - slow) + slow - now
        if slow > 0 and wait <= 0:
            self._spoke_at[member_id] = now
        return max(0.0, wait)

    def _say(self, seat: Seat, chat: Chat) -> None:
        member = seat.member
        line = ChatLine(
            id=new_id(),
            room_id=self.room.id,
            member_id=member.id,
            name=member.name,
            text=chat.text,
            client_id=chat.client_id,
            reply_to=chat.reply_to,
            created_at=self._clock.time(),
            mentions=mentioned(chat.text, self._people()) if "@" in chat.text else (),
        )
        self._lines.add(line)
        self._metrics.chat.inc()
        self._audience.tell(news.Said.of(line), but=line.member_id)
        self._minutes.said(line, lambda kept: self._acknowledge(line, kept))

    def _acknowledge(self, line: ChatLine, kept: bool) -> None:
        """To its sender a line comes back once it is on disk, so that what is acknowledged survives anything."""
        # It may have been taken back meanwhile: then that is what comes back.
        now = self._lines.settle(line.id, kept) or line
        failed = news.Error("not_kept", "This could not be saved. Try again.", client_id=line.client_id)
        self._audience.tell_member(line.member_id, news.Said.of(now) if kept else failed)

    # Taking back.

    def _take_back(self, seat: Seat, role: RoomRole, unsay: Unsay) -> None:
        line = self._lines.get(unsay.id)
        if line is None:
            return seat.refuse("no_such_message", "There is no such message.")
        if line.member_id != seat.member.id and not self.room.rights.allows(role, Action.KICK):
            return seat.refuse("not_allowed", "You may not take back what others have said here.")
        if line.unsaid_by is not None:
            return seat.tell(news.UnsaidNews(line.id, line.unsaid_by))
        self.unsaid(line, seat.member.id)
        return self._minutes.unsaid(line, seat.member.id, lambda gone: self._settle_unsaid(seat, line, gone))

    def _settle_unsaid(self, seat: Seat, line: ChatLine, gone: bool) -> None:
        """What the disk still has is shown to everybody again, and not believed to be gone."""
        if not gone:
            self._lines.put(line)
            self._audience.tell(news.Said.of(line))
            seat.refuse("not_kept", "This could not be taken back. Try again.")
