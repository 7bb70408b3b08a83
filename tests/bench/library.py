"""What a page of a library of ten thousand films costs the server, plain, filtered and searched.

Server time is from a request's arrival to its answer, over one connection on this machine; the client's share is in it.
"""

import json
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figures
from tests.bench.footage import Footage
from tests.client import Client
from tests.process import ServerProcess

FILMS = 10_000
PAGES = 60
# A few that are everywhere, as "the" is, and many that are rare.
COMMON = ("night", "river", "glass", "house", "winter", "harbour")
RARE = [
    f"{start}{middle}{end}"
    for start in ("bel", "cor", "dun", "mar", "ost", "per", "sil", "tor", "ul", "ven")
    for middle in ("a", "e", "i", "o", "u")
    for end in ("ck", "dor", "lin", "mond", "ra", "sk", "ton", "vel")
]
TAGS = [f"tag {number}" for number in range(60)]

LISTS = {
    "newest": "limit=24",
    "a hundred at once": "limit=100",
    "by title": "sort=title&limit=24",
    "by views": "sort=views&limit=24",
    "of one tag": "tag=tag%207&limit=24",
    "of one owner, public": "owner={owner}&visibility=public&sort=likes&limit=24",
}
SEARCHES = {
    "one word": "q=silamond",
    "two words": "q=corelin+venuton",
    "three letters": "q=mar",
    "a word of every second": "q=harbour",
    "two of those": "q=river+glass",
    "one letter": "q=s",
    "one of them, by title": "q=winter&sort=title",
    "one of them with a tag": "q=house&tag=tag%207",
    "no spaces": "q=%E7%89%A9%E8%AA%9E",
    "nothing": "q=nowhere",
}


async def measure(footage: Footage, folder: Path) -> None:
    server = ServerProcess(folder)
    server.start()
    try:
        async with server.client() as ada, server.client() as bob:
            await ada.setup(server.setup_token)
            await bob.register("bob")
            owner = (await ada.get("/api/v1/users/me"))["id"]
            _fill(folder / "watchparty.db", owner)
            print(f"a page of {FILMS:,} films in ms, for an administrator; for somebody else")
            for name, query in LISTS.items():
                await _tell(name, query.format(owner=owner), ada, bob)
            await _tell_deep(ada)
            print("a search in them")
            for name, query in SEARCHES.items():
                await _tell(name, query, ada, bob)
            print("what they can be filtered by")
            for path in ("tags", "owners"):
                print(f"  {path:22}  {await _timed(ada, f'/api/v1/{path}'):.1f}")
    finally:
        server.stop()


async def _tell(name: str, query: str, ada: Client, bob: Client) -> None:
    path = f"/api/v1/videos?{query}"
    print(f"  {name:22}  {await _timed(ada, path):.1f};  {await _timed(bob, path):.1f}")


async def _tell_deep(ada: Client) -> None:
    """The page after the ninety-ninth."""
    path, cursor = "/api/v1/videos?limit=100", ""
    for _ in range(99):
        cursor = f"&cursor={(await ada.get(path + cursor))['next_cursor']}"
    print(f"  {'the last hundred':22}  {await _timed(ada, path + cursor):.1f}")


async def _timed(client: Client, path: str) -> Figures:
    await client.get(path)
    times = []
    for _ in range(PAGES):
        began = time.perf_counter()
        await client.get(path)
        times.append((time.perf_counter() - began) * 1000)
    return Figures(times)


def _fill(path: Path, owner: str) -> None:
    """Films as uploads leave them, with what was found in each; half of them public."""
    chance = random.Random(1)
    with sqlite3.connect(path) as database:
        database.executemany(
            "INSERT INTO videos (id, owner_id, title, description, tags, visibility, status, filename, size, duration,"
            " width, height, mime_type, inspection, poster_key, created_at, updated_at, views, likes)"
            " VALUES (?, ?, ?, ?, ?, ?, 'ready', 'film.mkv', 1, 5400, 1920, 1080, 'video/mp4', ?, 'posters/x/y',"
            " ?, ?, ?, ?)",
            _rows(owner, chance),
        )
    database.close()


def _rows(owner: str, chance: random.Random) -> Iterator[tuple[object, ...]]:
    inspection = json.dumps({"grid": list(range(4000))})
    for number in range(FILMS):
        title = " ".join(chance.choices(RARE, k=3)).title() + f" {number}" + ("物語" if number % 500 == 0 else "")
        tags = json.dumps(chance.sample(TAGS, 3))
        description = " ".join(chance.choices(RARE, k=36) + chance.choices(COMMON, k=4))
        visibility = chance.choice(("public", "private"))
        counts = (chance.randrange(1000), chance.randrange(100))
        yield (
            f"film{number:05}", owner, title, description, tags, visibility, inspection, float(number), 1.0, *counts
        )  # fmt: skip
