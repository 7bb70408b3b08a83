"""Who acts as host when the host is away."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from watchparty.domain.rights import RoomRole
from watchparty.domain.watcher import Watcher

# The chair waits this long, in seconds, for whoever sat in it.
HELD_FOR = 60.0


@dataclass(frozen=True)
class Chair:
    """The chair is `owner_id`'s whenever they are here; `vacant_since` is when its holder left."""

    owner_id: str
    holder_id: str
    vacant_since: float | None

    def watch(self, seats: Iterable[Watcher], now: float) -> "Chair":
        """The chair after a look round; `seats` in the order people came."""
        seats = list(seats)
        here = {watcher.member_id for watcher in seats}
        if self.owner_id in here:
            return replace(self, holder_id=self.owner_id, vacant_since=None)
        if self.holder_id in here:
            return replace(self, vacant_since=None)
        if self.vacant_since is None:
            return replace(self, vacant_since=now)
        heir = _heir(seats)
        if heir is None or now < self.vacant_since + HELD_FOR:
            return self
        return replace(self, holder_id=heir, vacant_since=None)

    def deadline(self, seats: Iterable[Watcher]) -> float | None:
        """When it passes on if nobody comes back."""
        if self.vacant_since is None or _heir(list(seats)) is None:
            return None
        return self.vacant_since + HELD_FOR

    def role_of(self, watcher: Watcher) -> RoomRole:
        return RoomRole.HOST if watcher.member_id == self.holder_id else watcher.role


def _heir(seats: list[Watcher]) -> str | None:
    """A co-host before a member, whoever has been here longer; never a guest, whom nobody here may know."""
    for role in (RoomRole.COHOST, RoomRole.MEMBER):
        for watcher in seats:
            if watcher.role is role:
                return watcher.member_id
    return None
