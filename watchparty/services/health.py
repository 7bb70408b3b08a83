"""Whether the server can do its work: what it stands on, tried."""

import asyncio
import contextlib
import shutil
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.errors import Problem
from watchparty.services.clock import Clock
from watchparty.storage.database import Database, Tx
from watchparty.storage.migrations import newest
from watchparty.storage.objects import ObjectStore

# Bytes below which nothing can be kept any more, not even what SQLite needs to say so.
LEAST_FREE = 4 << 20
# Seconds for which a finding holds, so that asking costs the disk nothing however often it is done; and the longest
# that one thing is waited for.
HOLDS, PATIENCE = 1.0, 5.0


@dataclass(frozen=True)
class Check:
    """One thing that was tried; `reason` says in a sentence what is wrong with it, None for nothing."""

    name: str
    reason: str | None


class Health:
    def __init__(self, database: Database, objects: ObjectStore, folder: Path, clock: Clock) -> None:
        self._database = database
        self._objects = objects
        self._folder = folder
        self._clock = clock
        self._started = clock.monotonic()
        self._found: tuple[float, list[Check]] | None = None
        self._looking = asyncio.Lock()

    @property
    def uptime(self) -> float:
        """Seconds since the server was put together."""
        return self._clock.monotonic() - self._started

    async def checks(self) -> list[Check]:
        """What was found just now, or a moment ago."""
        async with self._looking:
            now = self._clock.monotonic()
            if self._found is None or now >= self._found[0] + HOLDS:
                looks = {
                    "database": self._write,
                    "migration": self._migration,
                    "disk": self._disk,
                    "objects": self._keep,
                }
                self._found = (now, [await _checked(name, look) for name, look in looks.items()])
            return self._found[1]

    async def _write(self) -> str | None:
        await self._database.write(_sign)
        return None

    async def _migration(self) -> str | None:
        number = await self._database.read(lambda tx: int(tx.execute("PRAGMA user_version").fetchone()[0]))
        return None if number == newest() else f"The database is at migration {number} instead of {newest()}."

    async def _disk(self) -> str | None:
        free = (await asyncio.to_thread(shutil.disk_usage, self._folder)).free
        return None if free >= LEAST_FREE else f"The disk has only {free:,} bytes left."

    async def _keep(self) -> str | None:
        async with self._objects.draft() as draft:
            await asyncio.to_thread(draft.write_bytes, b"WatchParty")
        return None


def _sign(tx: Tx) -> None:
    """Writes a page of the file, and so goes all the way to the disk, but changes nothing: it always stands there."""
    tx.execute("PRAGMA application_id = 1464889203")  # "WPs3", by which programs such as file(1) tell databases apart


async def _checked(name: str, look: Callable[[], Awaitable[str | None]]) -> Check:
    reason: str | None = "It did not answer in time."
    try:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                reason = await look()
    except Problem as problem:
        reason = problem.detail
    except (OSError, sqlite3.Error) as fault:
        reason = f"It failed: {getattr(fault, 'strerror', None) or fault}."
    return Check(name, reason)
