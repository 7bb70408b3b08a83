"""The second step of signing in: a code from an app (TOTP, RFC 6238), or one kept for when the phone is lost."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass

import pyotp

from watchparty.domain.conduct import Bucket
from watchparty.domain.errors import Conflict, Invalid, TooMany, TotpRequired
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_secret
from watchparty.storage.database import Database, Tx
from watchparty.storage.two_step import KeptStep, TwoStepStore

ISSUER = "WatchParty"
STEP = 30
"""Seconds that a code is good for; the one before and the one after are taken too, since clocks differ."""
SECRET_BYTES = 20
RECOVERY_CODES = 10
# Wrong or right, so many codes a minute for one account: a million of them are soon tried otherwise.
TRIES, MINUTE = 5, 60.0
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_ASK = "Enter the code that your app shows."
_WRONG = "This code is not right, or was used already. Wait for the next one."


@dataclass(frozen=True)
class Beginning:
    """What an app needs to make codes: the secret to be typed, and the same as an address for a QR code."""

    secret: str
    url: str


@dataclass(frozen=True)
class State:
    is_on: bool
    recovery_codes: int


class TwoSteps:
    """`key` makes the secrets: the database alone, without the file `secret.key`, makes nobody's codes."""

    def __init__(self, database: Database, store: TwoStepStore, clock: Clock, key: bytes) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._key = key
        self._tries: dict[str, Bucket] = {}

    async def state(self, user_id: str) -> State:
        def look(tx: Tx) -> State:
            kept = self._store.get(tx, user_id)
            return State(kept is not None and kept.is_confirmed, self._store.recovery_codes(tx, user_id))

        return await self._database.read(look)

    async def begin(self, person: Person, username: str) -> Beginning:
        """A new secret; it asks for nothing before `confirm`. Raises Conflict when the second step is on already."""
        salt = new_secret()

        def keep(tx: Tx) -> None:
            kept = self._store.get(tx, person.id)
            if kept is not None and kept.is_confirmed:
                raise Conflict("Two-step sign-in is on already. Switch it off first to use another app.")
            self._store.begin(tx, person.id, salt)

        await self._database.write(keep)
        totp = self._totp(person.id, salt)
        return Beginning(totp.secret, totp.provisioning_uri(name=username, issuer_name=ISSUER))

    async def confirm(self, person: Person, code: str) -> list[str]:
        """Ask for codes from now on. Returns the recovery codes, which are shown this once.

        Raises Invalid for a code that the secret does not make, Conflict when nothing was begun.
        """
        self._try(person.id)
        codes = [_recovery_code() for _ in range(RECOVERY_CODES)]

        def keep(tx: Tx) -> None:
            kept = self._store.get(tx, person.id)
            if kept is None or kept.is_confirmed:
                raise Conflict("Start setting it up first.")
            if not self._take(tx, person.id, kept, code):
                raise Invalid(_WRONG, pointer="/code")
            hashes = [self._hash(person.id, each) for each in codes]
            self._store.confirm(tx, person.id, self._clock.time(), hashes)

        await self._database.write(keep)
        return codes

    async def check(self, user_id: str, code: str | None) -> None:
        """For somebody whose password was right. Raises TotpRequired without a code that is good, or TooMany."""
        if not (await self.state(user_id)).is_on:
            return
        if not code:
            raise TotpRequired(_ASK)
        self._try(user_id)
        if not await self._database.write(lambda tx: self._spend(tx, user_id, code)):
            raise TotpRequired(_WRONG, pointer="/totp")

    async def end(self, user_id: str, code: str) -> None:
        """Ask for no code any more. Raises Invalid for a code that is not good, or TooMany."""
        self._try(user_id)

        def keep(tx: Tx) -> None:
            if not self._spend(tx, user_id, code):
                raise Invalid(_WRONG, pointer="/code")
            self._store.end(tx, user_id)

        await self._database.write(keep)

    async def reset(self, user_id: str, besides: Callable[[Tx], None] | None = None) -> None:
        """The same without a code, for somebody who lost phone and recovery codes; `besides` in one transaction."""

        def keep(tx: Tx) -> None:
            self._store.end(tx, user_id)
            if besides is not None:
                besides(tx)

        await self._database.write(keep)

    def _spend(self, tx: Tx, user_id: str, code: str) -> bool:
        kept = self._store.get(tx, user_id)
        if kept is None or not kept.is_confirmed:
            return False
        written = "".join(code.split()).replace("-", "").lower()
        if written.isascii() and written.isdigit():
            return self._take(tx, user_id, kept, written)
        return self._store.take_recovery(tx, user_id, self._hash(user_id, written))

    def _take(self, tx: Tx, user_id: str, kept: KeptStep, code: str) -> bool:
        totp, step = self._totp(user_id, kept.salt), int(self._clock.time()) // STEP
        good = [each for each in (step - 1, step, step + 1) if hmac.compare_digest(totp.generate_otp(each), code)]
        return any(self._store.take(tx, user_id, each) for each in good)

    def _totp(self, user_id: str, salt: str) -> pyotp.TOTP:
        secret = hmac.digest(self._key, f"secret {user_id} {salt}".encode(), hashlib.sha256)[:SECRET_BYTES]
        return pyotp.TOTP(base64.b32encode(secret).decode(), interval=STEP)

    def _hash(self, user_id: str, code: str) -> str:
        plain = code.replace("-", "")
        return hmac.digest(self._key, f"recovery {user_id} {plain}".encode(), hashlib.sha256).hex()

    def _try(self, user_id: str) -> None:
        now = self._clock.monotonic()
        self._tries = {key: tries for key, tries in self._tries.items() if now < tries.at + MINUTE}
        tries = self._tries.setdefault(user_id, Bucket.full(TRIES / MINUTE, TRIES, now))
        if not tries.take(now):
            raise TooMany("Too many codes were tried. Wait a minute.", retry_after=MINUTE / TRIES)


def _recovery_code() -> str:
    """Twelve letters and digits, 59 bits, none of them easily taken for another."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return f"{letters[:4]}-{letters[4:8]}-{letters[8:]}"
