"""Copies of the database in a folder beside it: made while it is in use, looked through, and put in its place."""

import contextlib
import shutil
import sqlite3
import struct
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

from watchparty.domain.backup import Backup, BackupKind, kind_of
from watchparty.domain.errors import Conflict, NotFound, StorageFull
from watchparty.storage.database import connect
from watchparty.storage.durable import publish, sync_folder
from watchparty.storage.migrations import migrations

MAGIC = b"SQLite format 3\0"
# Pages copied at once; between two such steps the copy can be given up.
_PAGES = 512
# Where the header of a database keeps what `PRAGMA user_version` says, big-endian (sqlite.org/fileformat2.html).
_VERSION_AT = 60
STAGED = "restore.db"
"""What lies under this name in the data directory takes the database's place at the next start."""


class UnusableBackup(Conflict):
    """It must not take the database's place; the sentence says why."""


class BackupFolder:
    """Everything here blocks. `database` is the file that is copied."""

    def __init__(self, folder: Path, database: Path) -> None:
        self._folder = folder
        self._database = database

    def prepare(self) -> None:
        """Make the folder, and drop what the last stop left half-made."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for leftover in self._folder.glob("*.part*"):
            leftover.unlink(missing_ok=True)

    def list(self) -> list[Backup]:
        """Newest first."""
        found = [backup for path in self._folder.glob("*.db") if (backup := _backup(path))]
        return sorted(found, key=lambda backup: (-backup.made_at, backup.name))

    def path(self, name: str) -> Path:
        """Where one lies. Raises NotFound, also for names that no backup has: none of those leads anywhere."""
        path = self._folder / name if kind_of(name) else None
        if path is None or not path.is_file():
            raise NotFound("There is no such backup.")
        return path

    def make(self, kind: BackupKind, tell: Callable[[float], None], stopped: Callable[[], bool]) -> Backup | None:
        """Copy the database as it is at this moment; None when `stopped` said so meanwhile.

        Nobody who writes waits for it: it reads a snapshot. `tell` hears how much is done, 0 to 1. Raises StorageFull.
        """
        name = new_name(kind)
        with self._part() as part:
            if not _copy(self._database, part, tell, stopped):
                return None
            examine(part)
            publish(part, self._folder / name)
        return self.get(name)

    def take(self, part: Path) -> Backup:
        """Keep a file somebody brought. Raises UnusableBackup."""
        examine(part)
        name = new_name(BackupKind.UPLOADED)
        publish(part, self._folder / name)
        return self.get(name)

    def part(self) -> Path:
        """A name for a file that is to become a backup."""
        return self._folder / f"{token_hex(8)}.part"

    def get(self, name: str) -> Backup:
        """Raises NotFound."""
        backup = _backup(self.path(name))
        if backup is None:
            raise NotFound("There is no such backup.")
        return backup

    def delete(self, name: str) -> None:
        """Raises NotFound."""
        self.path(name).unlink(missing_ok=True)
        sync_folder(self._folder)

    def stage(self, name: str) -> None:
        """Have this one take the database's place at the next start. Raises NotFound, UnusableBackup, StorageFull."""
        path = self.path(name)
        examine(path)
        with self._part() as part:
            try:
                shutil.copyfile(path, part)
            except OSError as error:
                raise StorageFull("The disk has no room for another copy of the database.") from error
            examine(part, needs_admin=True)
            publish(part, self._database.with_name(STAGED))

    @contextlib.contextmanager
    def _part(self) -> Iterator[Path]:
        part = self.part()
        try:
            yield part
        finally:
            for leftover in self._folder.glob(f"{part.name}*"):
                leftover.unlink(missing_ok=True)


def new_name(kind: BackupKind) -> str:
    """A name that no backup has yet."""
    return f"{kind}-{datetime.now(UTC).strftime('%Y%m%d-%H%M%S')}-{token_hex(2)}.db"


def put_staged_in_place(database: Path, backups: Path) -> bool:
    """Carry out what `stage` prepared, before the database is opened; the present one becomes a backup. Blocks.

    Whenever it is interrupted, the next start goes on where this one stopped.
    """
    staged = database.with_name(STAGED)
    if not staged.is_file():
        return False
    if database.is_file():
        backups.mkdir(parents=True, exist_ok=True)
        # What lies in the write-ahead log belongs to this file: with another one in its place it would be lost or,
        # worse, taken for the other's.
        connection = connect(database)
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.execute("PRAGMA journal_mode = DELETE")
        finally:
            connection.close()
        database.touch()  # it became a backup now
        database.replace(backups / new_name(BackupKind.BEFORE_RESTORE))
        sync_folder(backups)
    staged.replace(database)
    sync_folder(database.parent)
    return True


def examine(path: Path, *, needs_admin: bool = False) -> None:
    """Raises UnusableBackup unless this is a whole database of ours that this version can open.

    `needs_admin`: and in which there is somebody left who may look after the server.
    """
    try:
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
            if version > migrations()[-1].number:
                raise UnusableBackup("It was made by a newer WatchParty, so it cannot be used here.")
            if version < 1:
                raise UnusableBackup("It is no backup of WatchParty.")
            verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
            if verdict != "ok":
                raise UnusableBackup(f"It is damaged: {verdict}.")
            admin = connection.execute("SELECT 1 FROM users WHERE role = 'admin' AND disabled = 0 LIMIT 1").fetchone()
    except sqlite3.DatabaseError as error:
        raise UnusableBackup("It is damaged, or no database of WatchParty.") from error
    if needs_admin and admin is None:
        raise UnusableBackup("Nobody in it may look after this server, so nobody could undo it.")


def _copy(database: Path, part: Path, tell: Callable[[float], None], stopped: Callable[[], bool]) -> bool:
    with (
        contextlib.closing(connect(database)) as source,
        contextlib.closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        source.execute("PRAGMA query_only = ON")
        # One snapshot for all steps: otherwise the copy begins anew whenever somebody writes.
        source.execute("BEGIN")
        source.execute("SELECT 1 FROM sqlite_schema").fetchone()

        def progress(status: int, remaining: int, total: int) -> None:
            tell((total - remaining) / max(total, 1))
            if stopped():
                raise InterruptedError

        try:
            source.backup(copy, pages=_PAGES, progress=progress)
            # All of it in one file, without a log beside it.
            copy.execute("PRAGMA journal_mode = DELETE")
        except InterruptedError:
            return False
        except sqlite3.OperationalError as error:
            if "full" in str(error):
                raise StorageFull("The disk has no room for a backup.") from error
            raise
    return True


def _backup(path: Path) -> Backup | None:
    kind = kind_of(path.name)
    if kind is None:
        return None
    try:
        with path.open("rb") as file:
            head = file.read(_VERSION_AT + 4)
        state = path.stat()
    except OSError:
        return None  # it has just been deleted
    schema = struct.unpack(">I", head[_VERSION_AT:])[0] if len(head) == _VERSION_AT + 4 else 0
    return Backup(path.name, kind, state.st_mtime, state.st_size, schema)
