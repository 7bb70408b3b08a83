"""The one SQLite file: a writer whose commits are shared, and readers that cannot write."""

import asyncio
import contextlib
import contextvars
import itertools
import sqlite3
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

from watchparty.domain.errors import Busy, StorageFull
from watchparty.storage.gauge import Gauge, Ungauged
from watchparty.storage.patience import may_pass, patiently

T = TypeVar("T")
Tx = sqlite3.Connection
Work = Callable[[Tx], T]

READERS = 2
# One commit carries at most this many writes, so that the first of them does not wait for ever.
GROUP = 256
# Seconds after which it is worth asking again when the disk has failed.
FAULT_PASSES = 5.0


class Database:
    """Reads and writes as plain functions of a connection, run on SQLite's own threads.

    A write is durable (fsynced) when `write` returns: journal WAL, synchronous FULL. Writes that arrive while
    another is being committed share the next commit, each in a savepoint of its own.
    """

    def __init__(self, writer: "Line", readers: list["Line"], gauge: Gauge) -> None:
        self._writer = writer
        self._gauge = gauge
        self._next_reader = itertools.cycle(readers)
        self._waiting: asyncio.Queue[tuple[Work[Any], asyncio.Future[Any]]] = asyncio.Queue()
        self._after_commit: list[Callable[[], None]] = []

    @classmethod
    @contextlib.asynccontextmanager
    async def open(cls, path: Path, gauge: Gauge | None = None) -> AsyncIterator["Database"]:
        """Open a database that `migrations.migrate` has brought up to date; `gauge` is told what it does."""
        async with contextlib.AsyncExitStack() as stack:
            writer, *readers = [Line(lambda: connect(path)), *(Line(lambda: _reader(path)) for _ in range(READERS))]
            for line in (writer, *readers):
                await stack.enter_async_context(line)
            database = cls(writer, readers, gauge or Ungauged())
            committing = asyncio.create_task(database._commit_in_groups(), name="database writer")
            try:
                yield database
            finally:
                await database._waiting.join()
                committing.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await committing

    async def read(self, work: Work[T]) -> T:
        """What `work` returns, from a connection that refuses every write. Raises Busy when the disk fails."""
        with self._gauge.doing("database.read"):
            return await next(self._next_reader).run(lambda tx: _read(work, tx))

    async def write(self, work: Work[T]) -> T:
        """What `work` returns, once everything it changed is on disk. If it raises, nothing of it remains.

        `work` runs in the caller's context, so that it knows of which request it is a part. Raises StorageFull when the
        disk has no room, and Busy when it fails, or somebody else keeps the file, again and again.
        """
        with self._gauge.doing("database.write"):
            return await self._write(work)

    async def _write(self, work: Work[T]) -> T:
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        context = contextvars.copy_context()
        self._waiting.put_nowait((lambda tx: context.run(work, tx), done))
        return await done

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Have `callback` called on the loop after every commit, before anybody hears what came of their write."""
        self._after_commit.append(callback)

    async def _commit_in_groups(self) -> None:
        while True:
            group = [await self._waiting.get()]
            while len(group) < GROUP and not self._waiting.empty():
                group.append(self._waiting.get_nowait())
            outcomes = await self._writer.run(lambda tx, group=group: _commit([work for work, _ in group], tx))  # type: ignore[misc]
            self._gauge.committed(len(group))
            for callback in self._after_commit:
                callback()
            for (_, done), outcome in zip(group, outcomes, strict=True):
                self._waiting.task_done()
                if not done.done():  # its caller may have been cancelled; what it wrote stays
                    outcome.tell(done)


class Line(aiosqlite.Connection):
    """A connection with a thread of its own on which whole functions run, not single statements.

    One hop to the thread for a function of many statements is what makes sharing a commit worth while.
    """

    def __init__(self, connector: Callable[[], Tx]) -> None:
        super().__init__(connector, iter_chunk_size=64)

    async def run(self, work: Work[T]) -> T:
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


def connect(path: Path) -> Tx:
    """A connection that writes. Transactions are begun by hand."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    # NORMAL loses acknowledged transactions in a power cut; FULL does not.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    # What somebody took back is overwritten, not only let go of; some builds do so anyway.
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection


def _reader(path: Path) -> Tx:
    connection = connect(path)
    # Only the writer checkpoints: two connections doing so is where SQLite before 3.51.3 could corrupt the file.
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    connection.execute("PRAGMA query_only = ON")
    return connection


class _Outcome:
    def __init__(self, value: Any = None, error: BaseException | None = None) -> None:
        self._value = value
        self.error = error

    def tell(self, done: asyncio.Future[Any]) -> None:
        if self.error is None:
            done.set_result(self._value)
        else:
            done.set_exception(self.error)


def _read(work: Work[T], tx: Tx) -> T:
    try:
        return patiently(work, tx)
    except sqlite3.OperationalError as error:
        if may_pass(error):
            raise _sentence(error) from error
        raise


def _commit(works: list[Work[Any]], tx: Tx) -> list[_Outcome]:
    try:
        # All of it anew after a fault: what had been written before it counts for nothing.
        return patiently(_commit_once, works, tx)
    except sqlite3.Error as error:
        return [_Outcome(error=_sentence(error)) for _ in works]


def _commit_once(works: list[Work[Any]], tx: Tx) -> list[_Outcome]:
    try:
        tx.execute("BEGIN IMMEDIATE")
        outcomes = [_in_savepoint(work, tx) for work in works]
        tx.execute("COMMIT")
    except sqlite3.Error:
        if tx.in_transaction:
            tx.execute("ROLLBACK")
        raise
    return outcomes


def _in_savepoint(work: Work[Any], tx: Tx) -> _Outcome:
    tx.execute("SAVEPOINT one")
    try:
        outcome = _Outcome(work(tx))
    except Exception as error:
        if may_pass(error):
            raise
        if not tx.in_transaction:
            # A full disk rolls the whole transaction back, and with it the others' work.
            raise sqlite3.OperationalError(str(error)) from error
        tx.execute("ROLLBACK TO one")
        outcome = _Outcome(error=_sentence(error))
    tx.execute("RELEASE one")
    return outcome


def _sentence(error: Exception) -> Exception:
    if isinstance(error, sqlite3.OperationalError) and "full" in str(error):
        return StorageFull("The disk is full, so nothing was saved. Free some space and try again.")
    if may_pass(error):
        return Busy("The disk failed, so nothing was saved. Try again in a moment.", retry_after=FAULT_PASSES)
    return error
