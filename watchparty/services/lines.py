"""What was said in a room lately, in order, and whether it is kept for good."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.room import ChatLine

# Lines a newcomer is shown, and lines remembered so that a repetition is recognised.
SHOWN = 50
REMEMBERED = 500
# Older ones that somebody answered or wants to take back.
RECALLED = 100


@dataclass(frozen=True)
class Spoken:
    line: ChatLine
    is_kept: bool


class Lines:
    """The latest ones, oldest first. The same words sent again after a lost connection are one line."""

    def __init__(self, history: Iterable[ChatLine]) -> None:
        self._spoken = {line.id: Spoken(line, True) for line in history}
        self._by_name = {_name(spoken.line): spoken.line.id for spoken in self._spoken.values()}
        self._recalled: dict[str, ChatLine] = {}

    @property
    def latest(self) -> list[ChatLine]:
        return [spoken.line for spoken in list(self._spoken.values())[-SHOWN:]]

    def named(self, member_id: str, client_id: str) -> Spoken | None:
        """What this member said before under the same name, if they did."""
        return self._spoken.get(self._by_name.get((member_id, client_id), ""))

    def get(self, line_id: str) -> ChatLine | None:
        """A line that is remembered, or was recalled."""
        spoken = self._spoken.get(line_id)
        return spoken.line if spoken else self._recalled.get(line_id)

    def recall(self, line: ChatLine) -> None:
        """An older line that somebody speaks of."""
        if line.id not in self._spoken:
            self._recalled[line.id] = line
            _shorten(self._recalled, RECALLED)

    def add(self, line: ChatLine) -> None:
        """A new line, not kept yet."""
        self._spoken[line.id] = Spoken(line, False)
        self._by_name[_name(line)] = line.id
        if len(self._spoken) > REMEMBERED:
            self._forget(next(iter(self._spoken)))

    def settle(self, line_id: str, kept: bool) -> ChatLine | None:
        """It is on disk now, or never will be: then it may be said again. The line as it is now."""
        spoken = self._spoken.get(line_id)
        if spoken is None:
            return None
        if kept:
            self._spoken[line_id] = replace(spoken, is_kept=True)
        else:
            self._forget(line_id)
        return spoken.line

    def put(self, line: ChatLine) -> None:
        """The same line with other words."""
        if line.id in self._spoken:
            self._spoken[line.id] = replace(self._spoken[line.id], line=line)
        elif line.id in self._recalled:
            self._recalled[line.id] = line

    def _forget(self, line_id: str) -> None:
        del self._by_name[_name(self._spoken.pop(line_id).line)]


def _name(line: ChatLine) -> tuple[str, str]:
    return line.member_id, line.client_id


def _shorten(lines: dict[str, ChatLine], most: int) -> None:
    while len(lines) > most:
        del lines[next(iter(lines))]
