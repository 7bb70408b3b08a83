"""Guessing at passwords and codes: made slow for whoever guesses, refused before anything is computed."""

from collections import OrderedDict

from watchparty.domain.errors import TooMany
from watchparty.domain.tries import Tries
from watchparty.services import origin
from watchparty.services.clock import Clock
from watchparty.services.rates import neighbourhood

# Wrong tries without a wait: at one account from one address, and from one address at whatever accounts.
FREE, FREE_FROM_ADDRESS = 5, 10
MOST_REMEMBERED = 10_000


class LoginTries:
    """Counted for each account and address together, so that nobody can lock an account for its owner elsewhere; and
    for each address, so that nobody tries one password at a thousand accounts.

    `begin` before a secret is checked, `passed` when it was right; whatever is not said to have passed was wrong.
    `is_on` says whether anybody is held up at all.
    """

    def __init__(self, clock: Clock, *, is_on: bool = True, most: int = MOST_REMEMBERED) -> None:
        self._is_on = is_on
        self._clock = clock
        self._at_account = _Memory(FREE, most)
        self._from_address = _Memory(FREE_FROM_ADDRESS, most)

    def begin(self, account: str) -> None:
        """One more try at an account (any name for it, the same each time), from where the request comes.

        Raises TooMany.
        """
        if not self._is_on:
            return
        now, address = self._clock.monotonic(), _address()
        at_account, from_address = (account[:64], address), address
        wait = max(self._at_account.wait(at_account, now), self._from_address.wait(from_address, now))
        if wait > 0:
            raise TooMany("This was tried too often. Wait a moment before you try again.", retry_after=wait)
        self._at_account.tried(at_account, now)
        self._from_address.tried(from_address, now)

    def passed(self, account: str) -> None:
        """The secret was right: at this account nothing is held against this address any more."""
        address = _address()
        self._at_account.forget((account[:64], address))
        # Or somebody with an account of their own would wipe the slate clean with it.
        self._from_address.take_back(address)


class _Memory:
    """Tries by key; of too many keys, those go that were not tried for longest."""

    def __init__(self, free: int, most: int) -> None:
        self._new = Tries(free)
        self._most = most
        self._tries: OrderedDict[object, Tries] = OrderedDict()

    def wait(self, key: object, now: float) -> float:
        return self._tries.get(key, self._new).wait(now)

    def tried(self, key: object, now: float) -> None:
        self._tries[key] = self._tries.pop(key, self._new).tried(now)
        while len(self._tries) > self._most or (self._tries and next(iter(self._tries.values())).is_over(now)):
            self._tries.popitem(last=False)

    def forget(self, key: object) -> None:
        self._tries.pop(key, None)

    def take_back(self, key: object) -> None:
        if key in self._tries:
            self._tries[key] = self._tries[key].turned_out_right()


def _address() -> str:
    asked = origin.current()
    return neighbourhood(asked.address if asked else None)
