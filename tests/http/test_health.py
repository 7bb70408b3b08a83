"""What a supervisor hears: alive, ready or not and why, and how long it has been up."""

import shutil
import sqlite3
from collections import namedtuple
from pathlib import Path

import pytest

from tests.client import Client
from watchparty import __version__
from watchparty.services import health


@pytest.fixture(autouse=True)
def anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told what was found a moment ago."""
    monkeypatch.setattr(health, "HOLDS", 0.0)


def reasons(answer: dict[str, list[dict[str, str]]]) -> dict[str, str]:
    return {check["name"]: check["reason"] for check in answer["checks"] if check["status"] != "ok"}


async def test_a_server_that_can_work_says_so(nobody: Client) -> None:
    assert await nobody.get("/livez") == {"status": "ok"}
    ready = await nobody.get("/readyz")
    assert ready["status"] == "ok"
    assert [check["name"] for check in ready["checks"]] == ["database", "migration", "disk", "objects"]
    seen = await nobody.get("/health")
    assert (seen["version"], seen["status"], reasons(seen)) == (__version__, "ok", {})
    assert seen["uptime"] >= 0
    assert set(seen) == {"status", "version", "uptime", "checks"}


async def test_a_full_disk_is_named_and_the_process_lives_all_the_same(
    nobody: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(100 << 30, 100 << 30, 1000))
    async with nobody.session.get(nobody.absolute("/readyz")) as answer:
        assert answer.status == 503
        assert answer.headers["Retry-After"]
        assert reasons(await answer.json()) == {"disk": "The disk has only 1,000 bytes left."}
    assert (await nobody.get("/health", 503))["status"] == "failing"
    assert await nobody.get("/livez") == {"status": "ok"}


async def test_an_object_store_that_cannot_be_written_is_named(nobody: Client, tmp_path: Path) -> None:
    (tmp_path / "data" / "uploads").rmdir()
    assert list(reasons(await nobody.get("/readyz", 503))) == ["objects"]
    (tmp_path / "data" / "uploads").mkdir()
    await nobody.get("/readyz")


async def test_a_database_of_another_version_is_named(nobody: Client, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "data" / "watchparty.db") as connection:
        connection.execute("PRAGMA user_version = 3")
    connection.close()
    assert "at migration 3 instead of" in reasons(await nobody.get("/readyz", 503))["migration"]
