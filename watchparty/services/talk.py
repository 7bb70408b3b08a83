"""What was said in a room lately, and whether it is kept for good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.message import Chat
from watchparty.domain.room import ChatLine, Member
from watchparty.services.ids import new_id

# Lines a newcomer is shown, and lines remembered so that a repetition is recognised.
SHOWN = 50
REMEMBERED = 500


@dataclass(frozen=True)
class _Spoken:
    line: ChatLine
    is_kept: bool


class Talk:
    """The latest lines, oldest first. The same words sent again after a lost connection are one line."""

    def __init__(self, room_id: str, history: Iterable[ChatLine]) -> None:
        self._room_id = room_id
        self._spoken = {(line.member_id, line.client_id): _Spoken(line, True) for line in history}

    @property
    def latest(self) -> list[ChatLine]:
        return [spoken.line for spoken in list(self._spoken.values())[-SHOWN:]]

    def repeated(self, member: Member, chat: Chat) -> _Spoken | None:
        """What was said before under the same name, if it was."""
        return self._spoken.get((member.id, chat.client_id))

    def say(self, member: Member, chat: Chat, at: float) -> ChatLine:
        """A new line, not kept yet. `at` is in Unix seconds."""
        line = ChatLine(
            new_id(), self._room_id, member.id, member.name, chat.text, chat.client_id, chat.reply_to, created_at=at
        )
        self._spoken[member.id, chat.client_id] = _Spoken(line, False)
        while len(self._spoken) > REMEMBERED:
            del self._spoken[next(iter(self._spoken))]
        return line

    def settle(self, line: ChatLine, kept: bool) -> None:
        """It is on disk now, or never will be: then it may be said again."""
        key = (line.member_id, line.client_id)
        if not kept:
            self._spoken.pop(key, None)
        elif key in self._spoken:
            self._spoken[key] = replace(self._spoken[key], is_kept=True)
