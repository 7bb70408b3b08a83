"""A crowd around one party: players with views of their own, and lines between that delay, reorder and break."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.domain.scene import Scene
from watchparty.domain.message import Load, Pause, Play, Rate, Seek, Status, Wait
from watchparty.domain.party_event import Changed, Event
from watchparty.domain.rights import Control, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause, Timeline
from watchparty.domain.waiting import LONGEST_WAIT, LONGEST_WAIT_AT_START, WAITS, WAITS_WITHIN

Said = Play | Pause | Seek | Rate | Status | Wait | Load
ROLES = {
    "ann": RoomRole.HOST,
    "bob": RoomRole.MEMBER,
    "cleo": RoomRole.COHOST,
    "dan": RoomRole.MEMBER,
    "gus": RoomRole.GUEST,
}
FILMS = {"film": Film("film", 600.0, is_ready=True), "short": Film("short", 12.0, is_ready=True)}


@dataclass
class Player:
    """Somebody's player: what it knows of the timeline, and what is on its way to and from it."""

    member: str
    seat: str
    view: Timeline
    outbox: list[Said] = field(default_factory=list)
    inbox: list[Changed] = field(default_factory=list)

    def hear(self, index: int) -> None:
        """Something arrives, not always in the order in which it was sent; the newest revision is the truth."""
        timeline = self.inbox.pop(index % len(self.inbox)).timeline
        if timeline.revision >= self.view.revision:
            self.view = timeline

    def drain(self) -> None:
        while self.inbox:
            self.hear(0)


class Patience:
    """What the room has been put through, by what everybody was told: how long it stood waiting, and for whom."""

    # Those who look do so every few seconds, and a name is told a moment after it is counted.
    SLACK = 25.0

    def __init__(self) -> None:
        self._since: float | None = None
        self._longest = LONGEST_WAIT
        self._revision = -1
        self._has_begun = False
        self._named: set[str] = set()
        self._waits: dict[str, list[float]] = {}

    def hear(self, told: Changed, now: float) -> None:
        timeline = told.timeline
        begins = timeline.revision != self._revision and timeline.cause in {Cause.PLAY, Cause.SEEK, Cause.WAIT}
        if not told.starting:
            self._since = None
        elif self._since is None or begins:
            self._since, self._named = timeline.at, set()
            self._longest = LONGEST_WAIT if self._has_begun else LONGEST_WAIT_AT_START
        for member in set(told.waiting_for) - self._named:
            self._waits.setdefault(member, []).append(now)
            self._named.add(member)
        self._revision = timeline.revision
        self._has_begun = timeline.playing or (self._has_begun and timeline.cause is not Cause.LOAD)

    def check(self, now: float) -> None:
        assert self._since is None or now <= self._since + self._longest + 1e-6, "the room stands for too long"
        for member, waits in self._waits.items():
            lately = [at for at in waits if now < at + WAITS_WITHIN - self.SLACK]
            assert len(lately) <= WAITS, f"the room has waited for {member} at {lately}"


class Crowd:
    """`players` are connected as far as they know; the party still counts `zombies`, whose lines broke unnoticed."""

    def __init__(self, control: Control) -> None:
        self.scene = Scene(control=control)
        self.revisions = [self.scene.timeline.revision]
        self.players = {"ann": Player("ann", "ann", self.scene.timeline)}
        self.zombies: list[str] = []
        self.patience = Patience()
        self._seats = 0
        self._read = len(self.scene.events)

    def come(self, member: str) -> None:
        """A new line; the first word on it is the whole of how things stand."""
        self._seats += 1
        seat = f"{member} {self._seats}"
        self.scene.sit(member, ROLES[member], seat=seat)
        self.deliver()
        self.players[member] = Player(member, seat, self.scene.timeline)

    def lose(self, member: str) -> None:
        """The line breaks: what is on its way is lost, and the party does not know yet."""
        self.zombies.append(self.players.pop(member).seat)

    def notice(self) -> None:
        """The party finds out about the line that broke first."""
        self.scene.leave(self.zombies.pop(0))
        self.deliver()

    def hear(self, member: str, index: int) -> list[Event]:
        """The party hears one of the things somebody said; what came of it, beside what was due anyway."""
        player = self.players[member]
        said = player.outbox.pop(index % len(player.outbox))
        self.later(0.0)
        first = len(self.scene.events)
        if isinstance(said, Load):
            self.scene.events += self.scene.party.load(said, FILMS[said.video_id], player.seat, self.scene.now)
        else:
            self.scene.events += self.scene.party.apply(said, player.seat, self.scene.now)
        self.deliver()
        return self.scene.events[first:]

    def later(self, seconds: float) -> None:
        self.scene.later(seconds)
        self.scene.events += self.scene.party.tick(self.scene.now)
        self.deliver()

    def deliver(self) -> None:
        """Send everybody what was told since."""
        for event in self.new_events():
            if isinstance(event, Changed):
                self.revisions.append(event.timeline.revision)
                self.patience.hear(event, self.scene.now)
                for player in self.players.values():
                    player.inbox.append(event)

    def new_events(self) -> Iterator[Event]:
        while self._read < len(self.scene.events):
            self._read += 1
            yield self.scene.events[self._read - 1]
