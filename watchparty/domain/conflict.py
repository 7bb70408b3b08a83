"""Which of two commands holds when they cross on their way. Times in seconds.

Arrival is the total order. A command carries the revision its sender was looking at, so that one who could not know of
a change is told apart from one who wants to undo it.
"""

from watchparty.domain.message import Load, Pause, Play, Rate, Seek
from watchparty.domain.rights import HOSTS, RoomRole

# A play or pause whose sender had not seen the one before it, arriving this soon after, meant the same.
SAME_GESTURE = 0.25
# Seeks following each other faster than this are carried out as one.
SEEKS_COALESCE = 0.15
# A sender's time further than this from when it was heard is not believed.
BELIEVED_TIME = 2.0

Gesture = Play | Pause | Seek | Rate | Load


class Refusal(Exception):
    """Why a command is not taken: a code for programs and a sentence for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Order:
    """What has been accepted so far, as far as it decides about what comes next."""

    def __init__(self) -> None:
        self._gestures: dict[type[Gesture], float] = {}
        self._host_revision = 0
        self._film_revision = 0
        self._sought_from = float("-inf")

    def check(self, gesture: Gesture, role: RoomRole, revision: int, now: float) -> None:
        """Raises Refusal when the timeline at `revision` has overtaken this gesture."""
        if gesture.seen > revision:
            raise Refusal("bad_seen", "You cannot have seen this revision: there is none yet.")
        if role not in HOSTS and gesture.seen < self._host_revision:
            raise Refusal("host_wins", "The host was faster.")
        last = self._gestures.get(type(gesture), float("-inf"))
        if isinstance(gesture, Play | Pause) and gesture.seen < revision and now < last + SAME_GESTURE:
            raise Refusal("superseded", "Somebody else did this a moment before you.")
        if isinstance(gesture, Seek) and gesture.seen < self._film_revision:
            raise Refusal("superseded", "There is another film in the room by now.")
        if isinstance(gesture, Seek) and sent_at(gesture, now) < self._sought_from:
            raise Refusal("older_seek", "A later seek has been here already.")

    def accept(self, gesture: Gesture, now: float) -> None:
        self._gestures[type(gesture)] = now
        if isinstance(gesture, Seek):
            self._sought_from = sent_at(gesture, now)

    def led(self, revision: int) -> None:
        """`revision` is a host's doing: members who have not seen it do not undo it."""
        self._host_revision = revision

    def change_film(self, revision: int) -> None:
        """Another film since `revision`: where people wanted to be in the last one does not count."""
        self._sought_from = float("-inf")
        self._film_revision = revision


def sent_at(seek: Seek, now: float) -> float:
    """When the sender moved, in seconds; the time of receipt where they cannot be believed."""
    if seek.at is None or abs(seek.at / 1000 - now) > BELIEVED_TIME:
        return now
    return seek.at / 1000
