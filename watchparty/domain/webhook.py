"""Telling other programs what happened: whom, how it is signed, how often it is tried, and which addresses are asked.

Signatures are those of Standard Webhooks 1.0 (standardwebhooks.com).
"""

import base64
import hashlib
import hmac
import ipaddress
import json
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from watchparty.domain.errors import Invalid
from watchparty.domain.event import KINDS, Event, JobProgressed
from watchparty.domain.server_event import moment, said
from watchparty.domain.text import printable

MOST_RETRIES = 10
TEST = "WebhookTest"
"""What is sent to see whether somebody answers."""
ANNOUNCED = tuple(name for name in KINDS if name != JobProgressed.__name__)
"""The kinds of events that are sent."""
GONE = 410
# Seconds: a receiver that has answered nothing but failures for so long is not asked any more.
PATIENCE = 3 * 24 * 3600.0
# Seconds that the secret of before a change goes on signing, and that a signature is good for.
OVERLAP = 24 * 3600.0
TOLERANCE = 300.0
_FIRST_DELAY, _FACTOR, _LONGEST_DELAY = 5.0, 4.0, 12 * 3600.0
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class DeliveryStatus(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    FAILED = "failed"


@dataclass(frozen=True)
class Webhook:
    """An address that is told of events of these `kinds`, or of all. Times are Unix seconds.

    `notice` says why the server disabled it. Its secret is made of `secret_id`; the one before, of `former_secret_id`,
    signs too until `former_until`.
    """

    id: str
    url: str
    description: str
    kinds: tuple[str, ...]
    enabled: bool
    secret_id: str
    created_by: str | None
    created_at: float
    updated_at: float
    notice: str | None = None
    failing_since: float | None = None
    former_secret_id: str | None = None
    former_until: float | None = None

    def wants(self, kind: str) -> bool:
        return self.enabled and kind in ANNOUNCED and (not self.kinds or kind in self.kinds)


@dataclass(frozen=True)
class Delivery:
    """One message for one webhook; `tries` counts those since it was first sent, or last sent again by hand."""

    id: str
    webhook_id: str
    kind: str
    body: str
    created_at: float
    event_seq: int | None = None
    status: DeliveryStatus = DeliveryStatus.PENDING
    tries: int = 0
    due_at: float | None = None
    finished_at: float | None = None


@dataclass(frozen=True)
class Try:
    """What came of asking once: a status with the first bytes of its answer, or an error."""

    at: float
    seconds: float
    status: int | None = None
    answer: str | None = None
    error: str | None = None
    number: int = 0

    @property
    def delivered(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def body_of(event: Event) -> str:
    return message(event.kind, event.at, said(event))


def message(kind: str, at: float, data: dict[str, object]) -> str:
    """What is sent, as Standard Webhooks recommends its shape."""
    return json.dumps({"type": kind, "timestamp": moment(at), "data": data}, separators=(",", ":"))


def retry_delay(tries: int, chance: float) -> float | None:
    """Seconds until the next try after so many that failed, spread by `chance` (0 to 1); None when that was the last.

    From seconds to half a day: ten retries take about two days.
    """
    if tries > MOST_RETRIES:
        return None
    return min(_LONGEST_DELAY, _FIRST_DELAY * _FACTOR ** (tries - 1)) * (0.5 + chance / 2)


def secret_words(secret: bytes) -> str:
    """A secret as people copy it."""
    return "whsec_" + base64.b64encode(secret).decode()


def signatures(secrets: Sequence[bytes], message_id: str, timestamp: int, body: bytes) -> str:
    """The header webhook-signature: one signature for each secret that is good at the moment."""
    signed = f"{message_id}.{timestamp}.".encode() + body
    digests = (hmac.digest(secret, signed, hashlib.sha256) for secret in secrets)
    return " ".join("v1," + base64.b64encode(digest).decode() for digest in digests)


def is_signed(secret: bytes, message_id: str, timestamp: str, body: bytes, given: str, now: float) -> bool:
    """Whether one of the signatures given is ours, and not older or newer than five minutes."""
    if not message_id or not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 16):
        return False
    if abs(now - int(timestamp)) > TOLERANCE:
        return False
    expected = signatures([secret], message_id, int(timestamp), body).encode()
    return any([hmac.compare_digest(expected, one.encode()) for one in given.split(" ")])


def clean_url(url: str, *, private_too: bool) -> str:
    """Raises Invalid for what cannot be asked; a name's addresses are looked at when it is."""
    text = printable(url, "/url", shortest=1, longest=2_000)
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Invalid("This is not an address.", pointer="/url") from error
    if parts.scheme not in {"http", "https"} or not host or port == 0:
        raise Invalid("It must begin with https:// or http:// and name a host.", pointer="/url")
    if parts.username is not None or parts.password is not None:
        raise Invalid("It must not hold a user name or a password.", pointer="/url")
    if not private_too and (host == "localhost" or (_is_literal(host) and not is_public(host))):
        raise Invalid(PRIVATE, pointer="/url")
    return text


PRIVATE = "Addresses of this machine and of private networks are not asked. The setting webhook_private allows it."


def clean_kinds(kinds: Sequence[str]) -> tuple[str, ...]:
    """Each once. Raises Invalid for one that is never sent."""
    for i, kind in enumerate(kinds):
        if kind not in ANNOUNCED:
            raise Invalid(f"There is no such event. There are {', '.join(ANNOUNCED)}.", pointer=f"/events/{i}")
    return tuple(dict.fromkeys(kinds))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large; one that hides another counts as that."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
