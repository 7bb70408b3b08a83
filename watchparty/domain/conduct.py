"""How much a seat may say, and how much nonsense is put up with."""

from dataclasses import dataclass

# Messages a second, and how many may come at once.
RATE, BURST = 40.0, 160.0
# What others have to read: chat, reactions, typing.
TALK_RATE, TALK_BURST = 20.0, 60.0
# Offences after which the door is shut; one is forgotten every two seconds.
PATIENCE, FORGIVEN_PER_SECOND = 8.0, 0.5


@dataclass
class Bucket:
    """A token bucket: `rate` a second, at most `burst` at once."""

    rate: float
    burst: float
    level: float
    at: float

    @classmethod
    def full(cls, rate: float, burst: float, now: float) -> "Bucket":
        return cls(rate, burst, burst, now)

    def take(self, now: float) -> bool:
        """Whether there was a token left."""
        self.level = min(self.burst, self.level + (now - self.at) * self.rate)
        self.at = now
        if self.level < 1:
            return False
        self.level -= 1
        return True


class Conduct:
    """One seat's behaviour since it came."""

    def __init__(self, now: float) -> None:
        self._said = Bucket.full(RATE, BURST, now)
        self._talked = Bucket.full(TALK_RATE, TALK_BURST, now)
        self._patience = Bucket.full(FORGIVEN_PER_SECOND, PATIENCE, now)

    def may_speak(self, now: float) -> bool:
        return self._said.take(now)

    def may_talk(self, now: float) -> bool:
        """The same for what is repeated to everybody."""
        return self._talked.take(now)

    def is_forgiven(self, now: float) -> bool:
        """Whether one more offence can be overlooked."""
        return self._patience.take(now)
