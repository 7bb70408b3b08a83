"""Writes that are on disk when they return: fifty people at once, against one connection and a commit for each."""

import asyncio
import time
from pathlib import Path

from tests.bench.footage import Footage
from watchparty.storage.database import Database, Tx, connect

WAITING, SECONDS, TURNS = 50, 4.0, 3
TABLE = "CREATE TABLE notes (id INTEGER PRIMARY KEY, text TEXT)"
INSERT = "INSERT INTO notes (text) VALUES ('a line of about the length that a chat has on the average, or thereabouts')"


async def measure(_: Footage, folder: Path) -> None:
    """In turns, so that both have the same disk under the same load."""
    shared, alone = [], []
    for turn in range(TURNS):
        alone.append(await asyncio.to_thread(_alone, folder / f"alone{turn}.db"))
        shared.append(await _shared(folder / f"shared{turn}.db"))
    most, least = sorted(shared)[TURNS // 2], sorted(alone)[TURNS // 2]
    print("writes a second at synchronous=FULL, the middle of three turns")
    print(f"  one connection, a commit each   {least:8,.0f}")
    print(f"  {WAITING} waiting at the server's      {most:8,.0f}   ({most / least:.1f} times; to be: 5)")


def _alone(path: Path) -> float:
    """What sqlite3 does by itself, without a thread or a loop in between."""
    connection = connect(path)
    connection.execute(TABLE)
    written, begun = 0, time.perf_counter()
    while time.perf_counter() < begun + SECONDS:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(INSERT)
        connection.execute("COMMIT")
        written += 1
    connection.close()
    return written / (time.perf_counter() - begun)


async def _shared(path: Path) -> float:
    connection = connect(path)
    connection.execute(TABLE)
    connection.close()
    async with Database.open(path) as database:
        begun, written = time.perf_counter(), 0

        async def write() -> None:
            nonlocal written
            while time.perf_counter() < begun + SECONDS:
                await database.write(_insert)
                written += 1

        async with asyncio.TaskGroup() as people:
            for _ in range(WAITING):
                people.create_task(write())
        return written / (time.perf_counter() - begun)


def _insert(tx: Tx) -> None:
    tx.execute(INSERT)
