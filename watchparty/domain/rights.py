"""Who may do what in a room: for each action the least role that may, and above it everybody.

The host is the highest role, so that nothing can be taken from them. Co-hosts run the room with them (they let people
in and change its settings), but what they may do besides is the host's to give and to take like everybody's: only the
host changes this table. Nobody shows out, mutes or bans somebody of their own rank.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class RoomRole(StrEnum):
    HOST = "host"
    COHOST = "cohost"
    MEMBER = "member"
    GUEST = "guest"

    @property
    def rank(self) -> int:
        """The higher, the more one may do."""
        return _RANKS.index(self)


_RANKS = [RoomRole.GUEST, RoomRole.MEMBER, RoomRole.COHOST, RoomRole.HOST]
HOSTS = frozenset({RoomRole.HOST, RoomRole.COHOST})


class Action(StrEnum):
    """What a host gives or keeps. `play` is pausing too, `queue` loading another film at once, `kick` also muting,
    banning and deleting what others have said."""

    PLAY = "play"
    SEEK = "seek"
    RATE = "rate"
    QUEUE = "queue"
    CHAT = "chat"
    INVITE = "invite"
    KICK = "kick"


class Control(StrEnum):
    """Who steers the film, in one word: everybody as the usual rights have it, or hosts alone."""

    EVERYONE = "everyone"
    HOSTS = "hosts"


@dataclass(frozen=True)
class Rights:
    """The least role for each action; the usual ones where nobody has decided otherwise.

    `play` is pausing too, `queue` loading another film at once, `kick` also muting, banning and deleting what others
    have said. `seek`, `rate`, `chat` and `invite` are what they are called.
    """

    play: RoomRole = RoomRole.GUEST
    seek: RoomRole = RoomRole.GUEST
    rate: RoomRole = RoomRole.GUEST
    queue: RoomRole = RoomRole.MEMBER
    chat: RoomRole = RoomRole.GUEST
    invite: RoomRole = RoomRole.MEMBER
    kick: RoomRole = RoomRole.COHOST

    @classmethod
    def of(cls, words: Mapping[str, str]) -> "Rights":
        """Rights as they are written: action to role. Raises TypeError or ValueError for words that are none."""
        return cls(**{action: RoomRole(role) for action, role in words.items()})

    @property
    def words(self) -> dict[str, str]:
        return {str(action): str(self.least(action)) for action in Action}

    def least(self, action: Action) -> RoomRole:
        """The lowest role that may do this."""
        role: RoomRole = getattr(self, action)
        return role

    def allows(self, role: RoomRole, action: Action) -> bool:
        return role.rank >= self.least(action).rank

    def why_not(self, role: RoomRole, action: Action) -> str | None:
        """What to tell somebody who may not do this; None when they may."""
        return None if self.allows(role, action) else _sentence(self.least(action), action, "here")

    def change(self, words: Mapping[str, str]) -> "Rights":
        """The same with some of them changed."""
        return replace(self, **{action: RoomRole(role) for action, role in words.items()})

    @property
    def control(self) -> Control:
        """The shorthand: hosts steer when nobody else may play and pause."""
        return Control.HOSTS if self.play in HOSTS else Control.EVERYONE

    def steered_by(self, control: Control) -> "Rights":
        """The film's own actions given to hosts alone, or as usual; the others stay as they are."""
        if control is Control.HOSTS:
            return replace(self, **dict.fromkeys(_STEERING, RoomRole.COHOST))
        return replace(self, **{action: _USUAL.least(action) for action in _STEERING})

    def news_since(self, before: "Rights") -> str:
        """What is different now, in sentences for the people in the room; nothing when nothing is."""
        changed = [action for action in Action if self.least(action) is not before.least(action)]
        return " ".join(_sentence(self.least(action), action, "from now on") for action in changed)


_STEERING = [Action.PLAY, Action.SEEK, Action.RATE, Action.QUEUE]
_USUAL = Rights()
_WHO = {
    RoomRole.GUEST: "Everybody",
    RoomRole.MEMBER: "Only members and hosts",
    RoomRole.COHOST: "Only hosts",
    RoomRole.HOST: "Only the host",
}
_DOES = {
    Action.PLAY: "play and pause",
    Action.SEEK: "jump in the film",
    Action.RATE: "change the speed",
    Action.QUEUE: "choose films",
    Action.CHAT: "write in the chat",
    Action.INVITE: "invite people",
    Action.KICK: "mute people and show them out",
}


def _sentence(least: RoomRole, action: Action, when: str) -> str:
    return f"{_WHO[least]} may {_DOES[action]} {when}."
