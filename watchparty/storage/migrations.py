"""Bring a database up to the newest schema, one numbered .sql file at a time, with a copy put aside first."""

import functools
import importlib.resources
import re
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from watchparty.domain.errors import Conflict
from watchparty.storage.database import connect


class DatabaseTooNew(Conflict):
    """The database was written by a later version; its sentence says what to do."""


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str


def migrate(path: Path, backups: Path) -> None:
    """Apply what is missing, each migration in one transaction; blocks.

    `PRAGMA user_version` holds the number of the last one applied. A database with content is copied to `backups`
    before anything is changed. Raises DatabaseTooNew.
    """
    connection = connect(path)
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        known = migrations()
        if version > known[-1].number:
            raise DatabaseTooNew(
                f"The database {path} was last used by a newer WatchParty. Start that version again, "
                f"or restore a copy from {backups}."
            )
        missing = [migration for migration in known if migration.number > version]
        if version and missing:
            _copy(connection, backups, version)
        for migration in missing:
            _apply(connection, migration)
    finally:
        connection.close()


def migrations() -> list[Migration]:
    """Every migration that travels with this program, in order."""
    folder = importlib.resources.files("watchparty.storage") / "migrations"
    found = []
    for entry in folder.iterdir():
        if match := re.fullmatch(r"(\d{4})_(\w+)\.sql", entry.name):
            found.append(Migration(int(match[1]), match[2], entry.read_text(encoding="utf-8")))
    return sorted(found, key=lambda migration: migration.number)


@functools.cache
def newest() -> int:
    """The number of the last of them."""
    return migrations()[-1].number


def _apply(connection: sqlite3.Connection, migration: Migration) -> None:
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{migration.sql}\n;PRAGMA user_version = {migration.number};\nCOMMIT;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _copy(connection: sqlite3.Connection, backups: Path, version: int) -> None:
    backups.mkdir(parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    copy = sqlite3.connect(backups / f"before-migration-from-{version:04}-{stamp}.db")
    try:
        connection.backup(copy)
    finally:
        copy.close()
