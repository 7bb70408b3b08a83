"""How much each client has asked for lately, in memory and never more than there is room for."""

import ipaddress
from collections import OrderedDict

from watchparty.domain.errors import TooMany
from watchparty.domain.rate import LIMITS, Allowance
from watchparty.domain.user import Person
from watchparty.services.clock import Clock

# Clients remembered. Whoever was forgotten begins anew, and only those are that were not heard of for longest.
MOST_CLIENTS = 20_000


class Rates:
    """Allowances by client and class. Never waits."""

    def __init__(self, clock: Clock, *, most_clients: int = MOST_CLIENTS) -> None:
        self._clock = clock
        self._most = most_clients
        self._allowances: OrderedDict[tuple[str, str], Allowance] = OrderedDict()

    def take(self, rate: str, client: str) -> Allowance:
        """One more request of this class. Raises TooMany."""
        now, key = self._clock.monotonic(), (rate, client)
        allowance = self._allowances.get(key)
        if allowance is None:
            allowance = self._allowances[key] = Allowance.full(LIMITS[rate], now)
            while len(self._allowances) > self._most:
                self._allowances.popitem(last=False)
        else:
            self._allowances.move_to_end(key)
        if not allowance.take(now):
            raise TooMany("Too many requests came from here. Wait a moment.", retry_after=allowance.seconds_until_next)
        return allowance

    def __len__(self) -> int:
        return len(self._allowances)


def client_of(person: Person | None, address: str | None) -> str:
    """Who counts as one client: a person wherever they are, else an address."""
    return f"person {person.id}" if person is not None else neighbourhood(address)


def neighbourhood(address: str | None) -> str:
    """What one household or machine has of addresses: of IPv6 it commands a whole /64."""
    try:
        known = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return address or ""
    if isinstance(known, ipaddress.IPv6Address):
        if known.ipv4_mapped is not None:
            return str(known.ipv4_mapped)
        return str(ipaddress.ip_network((known, 64), strict=False))
    return str(known)
