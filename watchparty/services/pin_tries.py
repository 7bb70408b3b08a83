"""How often PINs may be tried: six digits are few enough to be guessed by whoever may try long enough."""

from collections import deque

from watchparty.domain.conduct import Bucket
from watchparty.domain.errors import TooMany
from watchparty.services.clock import Clock

# From one address: tries a minute, and wrong ones an hour.
TRIES, MISSES = 5, 20
# Wrong ones an hour against any one room.
ROOM_MISSES = 50
MINUTE, HOUR = 60.0, 3600.0


class PinTries:
    """A PIN finds its room, so a wrong one belongs to no room: it was a guess at each that has a PIN just then.

    It is counted against all of them at once, which makes the bound for one room that of the whole server: after 50
    wrong PINs within an hour, from wherever they came, none is taken until the first of them is an hour old. Links are
    not touched by this. That one address alone cannot bring it about, it gets 20 wrong ones an hour. Guessing on for
    a week, the usual life of an invitation, finds its PIN with a probability under one in a hundred.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tries: dict[str, Bucket] = {}
        # When wrong PINs came in the last hour, and from where, oldest first.
        self._misses: deque[tuple[float, str]] = deque()

    def check(self, address: str) -> None:
        """One more try. Raises TooMany."""
        now = self._clock.monotonic()
        self._tries = {key: tries for key, tries in self._tries.items() if now < tries.at + MINUTE}
        tries = self._tries.setdefault(address, Bucket.full(TRIES / MINUTE, TRIES, now))
        if not tries.take(now):
            raise TooMany("Too many PINs were tried from here. Wait a minute.", retry_after=MINUTE / TRIES)
        while self._misses and now >= self._misses[0][0] + HOUR:
            self._misses.popleft()
        own = [at for at, other in self._misses if other == address]
        if len(own) >= MISSES:
            raise TooMany("Too many wrong PINs came from here. Use the link.", retry_after=own[0] + HOUR - now)
        if len(self._misses) >= ROOM_MISSES:
            wait = self._misses[0][0] + HOUR - now
            raise TooMany("Too many wrong PINs were tried lately. Use the link.", retry_after=wait)

    def missed(self, address: str) -> None:
        """That PIN opened nothing."""
        self._misses.append((self._clock.monotonic(), address))
