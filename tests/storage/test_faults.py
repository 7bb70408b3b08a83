"""Disks that fail for a moment, for good, and in ways that time does not heal."""

import errno
import os
import sqlite3
from collections.abc import Callable, Iterator
from io import FileIO
from pathlib import Path
from typing import Any

import pytest

from watchparty.domain.errors import Busy, StorageFull
from watchparty.domain.signature import Signer
from watchparty.storage import objects as objects_module
from watchparty.storage import patience
from watchparty.storage.cells import CellCache
from watchparty.storage.database import Database, Tx, connect
from watchparty.storage.objects import LocalObjects, whole

Faults = Iterator[int]


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without anybody waiting."""
    waited: list[float] = []
    monkeypatch.setattr(patience, "pause", waited.append)
    return waited


@pytest.fixture
def objects(tmp_path: Path) -> LocalObjects:
    store = LocalObjects(tmp_path / "objects", tmp_path / "uploads", Signer(b"k" * 32))
    store.prepare()
    return store


def failing(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, times: int, number: int = errno.EIO) -> None:
    """The first so many calls of a function fail as a disk does."""
    real: Callable[..., Any] = getattr(owner, name)
    left = [times]

    def call(*arguments: Any, **named: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise OSError(number, "Input/output error")
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, call)


def test_five_times_from_a_tenth_of_a_second_on_doubling_and_spread(pauses: list[float]) -> None:
    def fail() -> None:
        raise OSError(errno.EIO, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        patience.patiently(fail, chance=lambda: 1.0)
    assert pauses == [0.1, 0.2, 0.4, 0.8, 1.6]
    pauses.clear()
    with pytest.raises(OSError, match="Input/output"):
        patience.patiently(fail, chance=lambda: 0.0)
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES])
def test_a_full_disk_or_one_that_can_only_be_read_is_not_tried_again(number: int, pauses: list[float]) -> None:
    def fail() -> None:
        raise OSError(number, "no")

    with pytest.raises(OSError, match="no"):
        patience.patiently(fail)
    assert pauses == []


async def test_an_object_is_whole_although_the_disk_failed_in_the_middle(
    objects: LocalObjects, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    real, left = objects_module._write_at, [2]

    def half_a_write(file: FileIO, position: int, chunk: bytes) -> None:
        if left[0]:
            left[0] -= 1
            real(file, position, chunk[: len(chunk) // 2])
            raise OSError(errno.EIO, "Input/output error")
        real(file, position, chunk)

    monkeypatch.setattr(objects_module, "_write_at", half_a_write)
    failing(monkeypatch, Path, "replace", 1)
    content = bytes(range(256)) * 100
    await objects.put("originals/a", whole(content))
    failing(monkeypatch, objects_module, "_read_at", 3)
    assert b"".join([chunk async for chunk in objects.open("originals/a")]) == content
    assert len(pauses) == 6


async def test_when_it_goes_on_failing_nothing_remains_and_the_fault_is_told(
    objects: LocalObjects, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pauses: list[float]
) -> None:
    failing(monkeypatch, objects_module, "_write_at", 100)
    with pytest.raises(OSError, match="Input/output"):
        await objects.put("originals/a", whole(b"film"))
    assert len(pauses) == 5
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_an_fsync_that_failed_is_not_asked_again_for_it_would_lie(
    objects: LocalObjects, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, pauses: list[float]
) -> None:
    failing(monkeypatch, os, "fsync", 1)
    with pytest.raises(OSError, match="Input/output"):
        await objects.put("originals/a", whole(b"film"))
    assert pauses == []
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


async def test_a_full_disk_is_told_as_such(objects: LocalObjects, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, objects_module, "_write_at", 1, errno.ENOSPC)
    with pytest.raises(StorageFull):
        await objects.put("originals/a", whole(b"film"))


def test_a_segment_is_kept_although_the_disk_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
) -> None:
    cache = CellCache(tmp_path, 1 << 20, least_free=0)
    failing(monkeypatch, os, "fsync", 2)
    path = cache.put("film", "720p", 0, b"cell")
    assert path is not None and path.read_bytes() == b"cell"
    assert len(pauses) == 2


def broken(times: int, code: int) -> Callable[[Tx], None]:
    """A write during which SQLite meets a fault so many times."""
    left = [times]

    def work(tx: Tx) -> None:
        tx.execute("INSERT INTO notes VALUES ('kept')")
        if left[0]:
            left[0] -= 1
            fault = sqlite3.OperationalError("disk I/O error")
            fault.sqlite_errorcode = code
            raise fault

    return work


@pytest.fixture
def path(tmp_path: Path) -> Path:
    connection = connect(tmp_path / "watchparty.db")
    connection.execute("CREATE TABLE notes (text TEXT)")
    connection.close()
    return tmp_path / "watchparty.db"


@pytest.mark.parametrize("code", [sqlite3.SQLITE_IOERR, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_BUSY])
async def test_a_write_is_done_anew_and_once(path: Path, code: int, pauses: list[float]) -> None:
    async with Database.open(path) as database:
        await database.write(broken(2, code))
        assert await database.read(lambda tx: tx.execute("SELECT COUNT(*) FROM notes").fetchone()[0]) == 1
    assert len(pauses) == 2


async def test_a_write_that_goes_on_failing_leaves_nothing_and_says_when_to_come_back(
    path: Path, pauses: list[float]
) -> None:
    async with Database.open(path) as database:
        with pytest.raises(Busy) as refused:
            await database.write(broken(100, sqlite3.SQLITE_IOERR))
        assert refused.value.retry_after == 5
        await database.write(broken(0, 0))
        assert await database.read(lambda tx: tx.execute("SELECT COUNT(*) FROM notes").fetchone()[0]) == 1
    assert len(pauses) == 5


async def test_a_read_is_tried_again_too(path: Path, pauses: list[float]) -> None:
    left = [1]

    def work(tx: Tx) -> int:
        if left.pop() if left else 0:
            fault = sqlite3.OperationalError("disk I/O error")
            fault.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
            raise fault
        return 42

    async with Database.open(path) as database:
        assert await database.read(work) == 42
    assert len(pauses) == 1
