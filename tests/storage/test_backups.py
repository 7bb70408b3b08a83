import sqlite3
import threading
from pathlib import Path

import pytest

from watchparty.domain.backup import Backup, BackupKind
from watchparty.domain.errors import NotFound
from watchparty.storage.backups import BackupFolder, UnusableBackup, examine, put_staged_in_place
from watchparty.storage.database import connect
from watchparty.storage.migrations import migrate


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "watchparty.db"
    migrate(path, tmp_path / "backups")
    connection = connect(path)
    add_user(connection, "ada", "admin")
    connection.close()
    return path


@pytest.fixture
def folder(database: Path) -> BackupFolder:
    folder = BackupFolder(database.parent / "backups", database)
    folder.prepare()
    return folder


def add_user(connection: sqlite3.Connection, name: str, role: str = "user") -> None:
    connection.execute(
        "INSERT INTO users (id, username, display_name, password_hash, role, created_at) VALUES (?, ?, ?, '', ?, 0)",
        (name, name, name, role),
    )


def names(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    found = {row[0] for row in connection.execute("SELECT username FROM users")}
    connection.close()
    return found


def made(folder: BackupFolder) -> Backup:
    backup = folder.make(BackupKind.BY_HAND, lambda done: None, lambda: False)
    assert backup is not None
    return backup


def test_a_copy_is_of_one_moment_while_others_go_on_writing(database: Path, folder: BackupFolder) -> None:
    writer = connect(database)
    writer.execute("CREATE TABLE pairs (a BLOB, b BLOB)")
    writer.executemany("INSERT INTO pairs VALUES (?, ?)", [(bytes(4000), bytes(4000))] * 2000)
    stop, waits = threading.Event(), []

    def tell(done: float) -> None:
        # Between two steps of the copy somebody writes, and is not kept waiting by it.
        writer.execute("INSERT INTO pairs VALUES (x'01', x'01')")
        waits.append(done)

    backup = folder.make(BackupKind.BY_HAND, tell, stop.is_set)
    assert backup is not None and len(waits) > 3 and waits[-1] == 1.0
    copy = sqlite3.connect(folder.path(backup.name))
    assert copy.execute("SELECT COUNT(*) FROM pairs").fetchone()[0] == 2000
    assert copy.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert copy.execute("PRAGMA journal_mode").fetchone()[0] == "delete"
    copy.close()
    assert writer.execute("SELECT COUNT(*) FROM pairs").fetchone()[0] == 2000 + len(waits)
    writer.close()


def test_a_copy_given_up_leaves_nothing(folder: BackupFolder) -> None:
    assert folder.make(BackupKind.BY_HAND, lambda done: None, lambda: True) is None
    assert folder.list() == [] and list(folder.part().parent.iterdir()) == []


def test_what_a_crash_left_half_made_is_no_backup_and_goes(folder: BackupFolder) -> None:
    folder.part().write_bytes(b"half")
    assert folder.list() == []
    folder.prepare()
    assert list(folder.part().parent.iterdir()) == []


def test_a_damaged_database_is_not_used(folder: BackupFolder, tmp_path: Path) -> None:
    whole = folder.path(made(folder).name).read_bytes()
    for name, content in {
        "torn": whole[: len(whole) // 2],
        "scribbled": whole[:8192] + bytes(8192) + whole[16384:],
        "no database": b"SQLite format 3\0" + bytes(5000),
        "empty": b"",
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        with pytest.raises(UnusableBackup):
            examine(path)


def test_a_database_of_a_later_version_and_one_without_an_administrator_are_not_used(
    database: Path, folder: BackupFolder, tmp_path: Path
) -> None:
    path = folder.path(made(folder).name)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE users SET disabled = 1")
    connection.commit()
    examine(path)
    with pytest.raises(UnusableBackup, match="Nobody"):
        examine(path, needs_admin=True)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    with pytest.raises(UnusableBackup, match="newer"):
        examine(path)


def test_a_restore_brings_back_the_copy_and_makes_the_present_a_backup(database: Path, folder: BackupFolder) -> None:
    backup = made(folder)
    connection = connect(database)
    add_user(connection, "bob")
    folder.stage(backup.name)
    # As a crash leaves it: what was written last stands in the log alone.
    log = database.with_name("watchparty.db-wal")
    kept = {path: path.read_bytes() for path in (database, log)}
    connection.close()
    for path, content in kept.items():
        path.write_bytes(content)
    assert put_staged_in_place(database, folder.part().parent)
    assert names(database) == {"ada"} and not log.exists()
    (before,) = [each for each in folder.list() if each.kind is BackupKind.BEFORE_RESTORE]
    assert names(folder.path(before.name)) == {"ada", "bob"}
    assert not put_staged_in_place(database, folder.part().parent)


def test_a_restore_that_was_interrupted_is_finished_at_the_next_start(database: Path, folder: BackupFolder) -> None:
    folder.stage(made(folder).name)
    database.rename(database.with_name("moved"))
    assert put_staged_in_place(database, folder.part().parent)
    assert names(database) == {"ada"}


def test_no_name_leads_out_of_the_folder(folder: BackupFolder) -> None:
    for name in ("../watchparty.db", "..", "/etc/passwd", "by-hand-../../watchparty.db", "by-hand-x.db\0"):
        for act in (folder.path, folder.delete, folder.stage):
            with pytest.raises(NotFound):
                act(name)
