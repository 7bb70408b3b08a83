"""Backups: made by hand and every day while the server goes on, brought back at a restart."""

import asyncio
import contextlib
import logging
import threading
from collections.abc import AsyncIterable, AsyncIterator, Callable
from pathlib import Path
from typing import Any

from watchparty.domain.backup import Backup, BackupKind, outlived
from watchparty.domain.errors import Conflict, Invalid, Problem, StorageFull, WrongMediaType
from watchparty.domain.user import Person
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.storage.backups import MAGIC, BackupFolder
from watchparty.storage.database import Database

log = logging.getLogger(__name__)
# Seconds between two that are made by schedule, and between looks whether it is time.
EVERY = 24 * 3600.0
LOOK_EVERY = 3600.0
# Seconds after a restore in which no file of a film is cleared away.
SPARED = 7 * 24 * 3600.0
# Seconds until the server restarts, so that whoever asked for it hears that it will.
NOTICE = 0.5


class Backups:
    """`restart` is called when the server is to start anew, which carries out a restore."""

    def __init__(
        self, folder: BackupFolder, database: Database, audit: Audit, clock: Clock, restart: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._database = database
        self._audit = audit
        self._clock = clock
        self._restart = restart
        self._stopping = threading.Event()
        self._making: asyncio.Task[None] | None = None
        self._restoring = asyncio.Lock()
        self.progress: float | None = None
        """How far the one is that is being made, 0 to 1; None while none is."""
        self.failure: str | None = None
        """Why the last one could not be made."""

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Backups"]:
        """Makes one a day until left."""
        await asyncio.to_thread(self._folder.prepare)
        daily = asyncio.create_task(self._daily(), name="daily backup")
        try:
            yield self
        finally:
            self._stopping.set()
            daily.cancel()
            await asyncio.gather(daily, *([self._making] if self._making else []), return_exceptions=True)

    def spares(self) -> bool:
        """Whether files that nobody knows are to be left alone, because a restore may be taken back; blocks.

        To the database of then, films added since are strangers; to the one of before, which is a backup now, not.
        """
        return any(
            backup.kind is BackupKind.BEFORE_RESTORE and self._clock.time() - backup.made_at < SPARED
            for backup in self._folder.list()
        )

    async def list(self) -> list[Backup]:
        """Newest first."""
        return await asyncio.to_thread(self._folder.list)

    async def make(self, person: Person | None, kind: BackupKind = BackupKind.BY_HAND) -> None:
        """Begin to make one; `progress` tells how far it is. Raises Conflict while another is being made."""
        if self._making is not None:
            raise Conflict("A backup is being made already.")
        self.progress, self.failure = 0.0, None
        self._making = asyncio.create_task(self._make(person, kind), name="backup")

    async def find(self, name: str) -> tuple[Backup, Path]:
        """One, and where it lies. Raises NotFound."""
        return await asyncio.to_thread(lambda: (self._folder.get(name), self._folder.path(name)))

    async def noted(self, person: Person | None, deed: str, name: str, facts: dict[str, Any] | None = None) -> None:
        """Keep in the audit log what somebody did with one."""
        await self._database.write(lambda tx: self._audit.note(tx, person, deed, name, None, facts))

    async def delete(self, person: Person, name: str) -> None:
        """Raises NotFound."""
        await asyncio.to_thread(self._folder.delete, name)
        await self.noted(person, "backup.deleted", name)

    async def take(self, person: Person, chunks: AsyncIterable[bytes]) -> Backup:
        """Keep a backup that somebody brings.

        Raises WrongMediaType for what is no database, Conflict for one that could not be used here, StorageFull.
        """
        part = self._folder.part()
        try:
            size = await _written(part, chunks)
            backup = await asyncio.to_thread(self._folder.take, part)
        except OSError as error:
            raise StorageFull("The disk has no room for this backup.") from error
        finally:
            await asyncio.shield(asyncio.to_thread(part.unlink, missing_ok=True))
        await self.noted(person, "backup.uploaded", backup.name, {"size": size})
        return backup

    async def restore(self, person: Person, name: str, typed: str) -> None:
        """Have a backup take the place of everything there is, at a restart that follows at once.

        It is looked through first; what there is at the moment of the restart becomes a backup itself. Raises NotFound,
        Invalid unless its name was typed, and Conflict for one that cannot be used.
        """
        await self.find(name)
        if typed.strip() != name:
            raise Invalid("Type the name of the backup, exactly.", pointer="/name")
        async with self._restoring:
            await asyncio.to_thread(self._folder.stage, name)
            await self.noted(person, "backup.restored", name)
        asyncio.get_running_loop().call_later(NOTICE, self._restart)

    async def _make(self, person: Person | None, kind: BackupKind) -> None:
        try:
            made = await asyncio.to_thread(self._folder.make, kind, self._tell, self._stopping.is_set)
            if made is not None:
                await self.noted(person, "backup.made", made.name, {"size": made.size})
                await self._prune()
        except Problem as problem:
            self.failure = problem.detail
            log.warning("no backup was made: %s", problem.detail)
        except Exception:
            self.failure = "Something went wrong. It is in the server's log."
            log.exception("no backup was made")
        finally:
            self.progress = self._making = None

    def _tell(self, done: float) -> None:
        self.progress = done

    async def _prune(self) -> None:
        for backup in outlived(await self.list()):
            await asyncio.to_thread(self._folder.delete, backup.name)

    async def _daily(self) -> None:
        while True:
            await asyncio.sleep(LOOK_EVERY)
            await self.look()

    async def look(self) -> None:
        """Make the day's backup if it is time."""
        times = [backup.made_at for backup in await self.list() if backup.kind is BackupKind.SCHEDULE]
        if self._clock.time() - max(times, default=0.0) >= EVERY:
            with contextlib.suppress(Conflict):
                await self.make(None, BackupKind.SCHEDULE)


async def _written(part: Path, chunks: AsyncIterable[bytes]) -> int:
    """Piece after piece, each on the disk's own time."""
    size = 0
    file = await asyncio.to_thread(part.open, "xb")
    try:
        async for chunk in chunks:
            if size == 0 and not chunk.startswith(MAGIC):
                raise WrongMediaType("This is no backup: it is not a database.")
            await asyncio.to_thread(file.write, chunk)
            size += len(chunk)
    finally:
        await asyncio.shield(asyncio.to_thread(file.close))
    if size == 0:
        raise WrongMediaType("This is no backup: it is empty.")
    return size
