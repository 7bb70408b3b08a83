import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from watchparty.domain.errors import Conflict
from watchparty.storage.database import Database, Tx, connect
from watchparty.storage.migrations import DatabaseTooNew, migrate, migrations


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    path = tmp_path / "watchparty.db"
    connection = connect(path)
    connection.execute("CREATE TABLE notes (text TEXT UNIQUE)")
    connection.close()
    async with Database.open(path) as opened:
        yield opened


def add(text: str, tx: Tx) -> None:
    tx.execute("INSERT INTO notes VALUES (?)", (text,))


async def notes(database: Database) -> list[str]:
    return await database.read(lambda tx: [row["text"] for row in tx.execute("SELECT text FROM notes ORDER BY 1")])


async def test_what_was_written_can_be_read_at_once(database: Database) -> None:
    await database.write(lambda tx: add("a", tx))
    assert await notes(database) == ["a"]


async def test_a_failed_write_leaves_nothing_and_disturbs_none_that_shares_its_commit(database: Database) -> None:
    def fail_half_way(tx: Tx) -> None:
        add("half", tx)
        raise Conflict("No.")

    outcomes = await asyncio.gather(
        database.write(lambda tx: add("before", tx)),
        database.write(fail_half_way),
        database.write(lambda tx: add("after", tx)),
        return_exceptions=True,
    )
    assert [type(outcome) for outcome in outcomes] == [type(None), Conflict, type(None)]
    assert await notes(database) == ["after", "before"]


async def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        await database.read(lambda tx: add("stray", tx))


async def test_every_connection_is_durable_and_checks_foreign_keys(database: Database) -> None:
    def pragmas(tx: Tx) -> list[object]:
        names = ("journal_mode", "synchronous", "foreign_keys")
        return [tx.execute(f"PRAGMA {name}").fetchone()[0] for name in names]

    assert await database.read(pragmas) == ["wal", 2, 1]
    assert await database.write(pragmas) == ["wal", 2, 1]


async def test_a_caller_who_gives_up_does_not_stop_the_writer(database: Database) -> None:
    task = asyncio.create_task(database.write(lambda tx: add("kept", tx)))
    await asyncio.sleep(0)
    task.cancel()
    await database.write(lambda tx: add("next", tx))
    assert await notes(database) == ["kept", "next"]


def test_a_new_database_gets_every_migration_and_no_backup(tmp_path: Path) -> None:
    migrate(tmp_path / "new.db", tmp_path / "backups")
    assert _version(tmp_path / "new.db") == migrations()[-1].number
    assert not (tmp_path / "backups").exists()


def test_an_older_database_is_copied_before_it_is_changed(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = connect(path)
    connection.executescript(f"BEGIN;{migrations()[0].sql};PRAGMA user_version = 1;COMMIT;")
    connection.execute("INSERT INTO setup_token VALUES (1, 'kept', 0)")
    connection.close()
    migrate(path, tmp_path / "backups")
    (copy,) = (tmp_path / "backups").iterdir()
    assert (_version(copy), _version(path)) == (1, migrations()[-1].number)
    kept = sqlite3.connect(path)
    assert kept.execute("SELECT hash FROM setup_token").fetchone() == ("kept",)
    kept.close()


def test_a_database_from_the_future_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "future.db"
    connection = connect(path)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(DatabaseTooNew, match="newer WatchParty"):
        migrate(path, tmp_path / "backups")


def _version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()
