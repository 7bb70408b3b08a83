"""How long a page of comments takes the server below a film with two thousand of them."""

import asyncio
import contextlib
import time
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.client import Client
from tests.process import ServerProcess
from tests.village import settle
from watchparty.storage.database import connect

COMMENTS, ANSWERS = 1_500, 500
PEOPLE = ["ada", *(f"person{i}" for i in range(50))]
PAGES = 300
MENTION = "Look at that, @person1, said somebody at 12:34. " * 4


async def measure(footage: Footage, folder: Path) -> None:
    tokens = await settle(folder, PEOPLE, {"film": "ada"})
    await asyncio.to_thread(_talk, folder)
    server = ServerProcess(folder)
    server.start()
    try:
        async with Client(server.url, tokens["person7"]) as client:
            print(f"a page of a film's {COMMENTS + ANSWERS:,} comments, in ms (held against 50 at p95)")
            for name, query in {
                "the newest 24": "",
                "the newest 100": "limit=100",
                "the oldest 100": "sort=oldest&limit=100",
                "100 answers": "parent_id=c0&limit=100",
            }.items():
                print(f"  {name:22}  {await _pages(client, query):.1f}")
            print(
                f"  {'100 in the middle':22}  {await _pages(client, f'limit=100&cursor={await _middle(client)}'):.1f}"
            )
    finally:
        server.stop()


def _talk(folder: Path) -> None:
    with contextlib.closing(connect(folder / "watchparty.db")) as database:
        database.execute("BEGIN")
        rows = [(f"c{i}", PEOPLE[i % 50], None if i < COMMENTS else "c0") for i in range(COMMENTS + ANSWERS)]
        database.executemany(
            "INSERT INTO comments (id, video_id, author_id, parent_id, text, at, mentions, created_at)"
            f" VALUES (?, 'film', ?, ?, '{MENTION}', 12, 'person1', 1)",
            rows,
        )
        database.execute("COMMIT")


async def _pages(client: Client, query: str) -> Figures:
    taken = []
    for _ in range(PAGES):
        began = time.perf_counter()
        await client.get(f"/api/v1/videos/film/comments?{query}")
        taken.append((time.perf_counter() - began) * 1000)
    return Figures(taken)


async def _middle(client: Client) -> str:
    cursor = ""
    for _ in range(8):
        page = await client.get(f"/api/v1/videos/film/comments?limit=100{cursor and f'&cursor={cursor}'}")
        cursor = page["next_cursor"]
    return cursor
