"""Whether the lines of a room are alive: felt every few seconds. All times in seconds on the monotonic clock."""

from watchparty.domain.closing import UNFIT
from watchparty.services.attendance import Attendance
from watchparty.services.seat import Seat

PING_EVERY = 5.0
DEAD_AFTER = 12.0
HELLO_WITHIN = 10.0


class Pulses:
    """`lobby` are the sockets that have not said hello yet; who never does is shown the door."""

    def __init__(self, attendance: Attendance, now: float) -> None:
        self._attendance = attendance
        self.lobby: set[Seat] = set()
        self.due_at = now + PING_EVERY

    def feel(self, now: float) -> None:
        """Ask every line for a sign of life, and cut those that gave none, when it is time."""
        if now < self.due_at:
            return
        self.due_at = now + PING_EVERY
        for seat in [*self._attendance, *self.lobby]:
            if now >= seat.heard_at + DEAD_AFTER:
                seat.is_gone = True
                seat.line.drop()
            elif not seat.is_seated and now >= seat.opened_at + HELLO_WITHIN:
                seat.send_away(UNFIT, "Say hello first.")
            else:
                seat.line.ping()
