"""Requests that may be repeated without being done twice: an Idempotency-Key stands for one answer, for a day."""

import asyncio
import base64
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from cryptography.fernet import Fernet

from watchparty.domain.errors import Conflict, Invalid
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.sessions import hash_of
from watchparty.storage.database import Database, Tx
from watchparty.storage.replays import KeptReplay, ReplayStore

LIFETIME = 24 * 3600.0
LONGEST_KEY = 255


@dataclass(frozen=True)
class Kept:
    """An answer as it was sent."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class _UnderWay:
    said: str
    task: asyncio.Task[Kept]


class Replays:
    """What is asked twice at the same time is done once, and both are told.

    Answers may hold secrets that are shown once, so they are kept sealed with a key made of `key` (32 bytes).
    """

    def __init__(self, database: Database, store: ReplayStore, key: bytes, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._seal = Fernet(base64.urlsafe_b64encode(key))
        self._clock = clock
        self._under_way: dict[tuple[str, str], _UnderWay] = {}

    async def once(self, person: Person, key: str, said: str, do: Callable[[], Awaitable[Kept]]) -> tuple[Kept, bool]:
        """The answer of `do`, or the one it gave before; and whether it is that. `said` tells requests apart.

        What raises is forgotten, since nothing came of it. Raises Invalid when the key was used for something else,
        Conflict when nobody knows any more what came of it.
        """
        place = (person.id, hash_of(key))
        if (other := self._under_way.get(place)) is not None:
            _check_said(other.said, said)
            return await asyncio.shield(other.task), True
        before = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(self._carry_out(place, said, do, before))
        self._under_way[place] = _UnderWay(said, task)
        task.add_done_callback(lambda ended: self._ended(place, ended))
        # Whoever hangs up and asks again later finds it done.
        kept = await asyncio.shield(task)
        return kept, before.result()

    def _ended(self, place: tuple[str, str], task: asyncio.Task[Kept]) -> None:
        del self._under_way[place]
        if not task.cancelled():
            task.exception()  # whoever asked may have gone: this counts as having looked

    async def _carry_out(
        self, place: tuple[str, str], said: str, do: Callable[[], Awaitable[Kept]], before: "asyncio.Future[bool]"
    ) -> Kept:
        now = self._clock.time()

        def begin(tx: Tx) -> KeptReplay | None:
            self._store.forget_before(tx, now - LIFETIME)
            known = self._store.get(tx, *place)
            if known is None:
                self._store.begin(tx, *place, said, now)
            return known

        known = await self._database.write(begin)
        before.set_result(known is not None)
        if known is not None:
            return self._kept(known, said)
        try:
            kept = await do()
        except BaseException:
            await self._database.write(lambda tx: self._store.forget(tx, *place))
            raise
        answer = self._seal.encrypt(_packed(kept))
        await self._database.write(lambda tx: self._store.answered(tx, *place, answer))
        return kept

    def _kept(self, known: KeptReplay, said: str) -> Kept:
        _check_said(known.said, said)
        if known.answer is None:
            raise Conflict(
                "The server stopped while it did this. See what came of it, and use another Idempotency-Key."
            )
        return _unpacked(self._seal.decrypt(known.answer))


def _check_said(before: str, now: str) -> None:
    if before != now:
        raise Invalid("This Idempotency-Key was used for another request.")


def _packed(kept: Kept) -> bytes:
    return json.dumps([kept.status, dict(kept.headers)]).encode() + b"\n" + kept.body


def _unpacked(data: bytes) -> Kept:
    head, _, body = data.partition(b"\n")
    status, headers = json.loads(head)
    return Kept(status, headers, body)
