"""Where somebody is signed in, and signing them out there."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchparty.domain.device import device
from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.user import Person
from watchparty.services.sessions import Sessions
from watchparty.storage.database import Database
from watchparty.storage.sessions import KeptDevice

# Seconds between two looks at what the command line ended meanwhile, when uses of sessions are written down too.
EVERY = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Device:
    """`id` is the session's; times are in Unix seconds."""

    id: str
    name: str
    address: str | None
    created_at: float
    last_seen: float
    is_current: bool


class Devices:
    def __init__(self, database: Database, sessions: Sessions) -> None:
        self._database = database
        self._sessions = sessions

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Devices"]:
        """Until left, what is seen of sessions is written down now and then; and once more on leaving."""
        writing = asyncio.create_task(self._write_down(), name="sessions")
        try:
            yield self
        finally:
            writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing
            await self._write_down_once()

    async def list(self, person: Person) -> list[Device]:
        """This one first, then the one used last."""
        kept = await self._database.read(lambda tx: self._sessions.devices(tx, person.id))
        found = [self._device(each, person) for each in kept if self._sessions.is_live(each.session_id)]
        return sorted(found, key=lambda each: (not each.is_current, -each.last_seen))

    async def end(self, person: Person, session_id: str) -> None:
        """Sign out one device. Raises NotFound for one that is not theirs."""
        if all(each.id != session_id for each in await self.list(person)):
            raise NotFound("There is no such device. It may be signed out already.")
        await self._sessions.end(session_id)

    async def end_others(self, person: Person) -> None:
        """Sign out every device but this one."""
        await self._sessions.end_others(person)

    async def end_all(self, person: Person) -> None:
        """Sign out everywhere, here too."""
        await self._sessions.end_others(person)
        await self._sessions.end(person.session_id)

    def _device(self, kept: KeptDevice, person: Person) -> Device:
        seen = self._sessions.last_seen(kept.session_id)
        return Device(
            kept.session_id,
            device(kept.agent),
            (seen.address if seen else None) or kept.address,
            kept.created_at,
            seen.at if seen else kept.last_seen,
            kept.session_id == person.session_id,
        )

    async def _write_down(self) -> None:
        while True:
            await asyncio.sleep(EVERY)
            await self._write_down_once()

    async def _write_down_once(self) -> None:
        try:
            await self._sessions.write_down()
        except (sqlite3.Error, StorageFull) as error:
            log.warning("When sessions were last used could not be written down: %s", error)
