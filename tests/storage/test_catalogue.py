"""Lists of films: what is found, in which order, and that no list reads more of the table than its page."""

import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.storage.test_plans import plan
from watchparty.domain.search import sought
from watchparty.domain.user import Role, User
from watchparty.domain.video import Sort, Status, Video, Visibility, Wanted
from watchparty.storage.catalogue import LISTS, CatalogueStore
from watchparty.storage.database import Database
from watchparty.storage.library_files import LibraryFileStore
from watchparty.storage.migrations import migrate, migrations
from watchparty.storage.search import SearchStore
from watchparty.storage.trash import TrashStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

store, videos = CatalogueStore(), VideoStore()
EVERYTHING = Wanted(None, None, None, None, None, None, 100)

FILMS = [
    Video("m", "ann", "Mon Oncle", 1.0, 1.0, "A house that does everything by itself.", ("Comedy", "tati")),
    Video("t", "ann", "Trafic", 2.0, 2.0, "Mon Oncle's author drives to Amsterdam.", ("comedy",), Visibility.PUBLIC),
    Video("a", "bob", "Amélie à Paris", 3.0, 3.0, "", ("paris",), Visibility.PUBLIC, Status.READY),
    Video("k", "bob", "東京物語", 4.0, 4.0, "Tokyo Story", ("小津",), Visibility.UNLISTED, Status.READY),
    Video("p", "bob", "100% wolf", 5.0, 5.0, "snake_case & \"quotes\" 50/50"),
]  # fmt: skip


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    async with Database.open(tmp_path / "watchparty.db") as database:
        for name in ("ann", "bob"):
            user = User(name, name, name.title(), Role.USER, None, 1.0)
            await database.write(lambda tx, user=user: UserStore().add(tx, user, "hash"))  # type: ignore[misc]
        for film in FILMS:
            await database.write(lambda tx, film=film: videos.add(tx, film))  # type: ignore[misc]
        yield database


async def found(database: Database, text: str = "", sort: Sort = Sort.RELEVANCE, **filters: object) -> str:
    """The ids of the films found, in order, each a letter."""
    wanted = Wanted(**{**EVERYTHING.__dict__, "sought": sought(text), **filters})
    return "".join(video_id for video_id, _ in await database.read(lambda tx: store.page(tx, wanted, sort)))


FOUND = [
    ("oncle", "mt"),  # the title before the description
    ("ONC", "mt"),
    ("tra", "t"),
    ("comedy", "tm"),
    ("amelie", "a"),
    ("AMÉLIE a par", "a"),
    ("mon author", "t"),
    ('"oncle mon"', ""),
    ('"mon oncle"', "mt"),
    ("物語", "k"),
    ("語", "k"),
    ("tokyo 物", "k"),
    ("100%", "p"),
    ("snake_case", "p"),
    ("& %", "p"),
    ("nothing", ""),
]


async def test_words_are_found_where_they_stand(database: Database) -> None:
    for text, films in FOUND:
        assert (text, await found(database, text)) == (text, films)


HARMLESS = [
    '"',
    "''",
    "a AND",
    "NOT",
    "title:",
    "{a b}:c",
    "a^2",
    "(",
    "*",
    "-a",
    "NEAR(a b)",
    "a\0b",
    "; DROP TABLE videos",
]
HARMLESS += ["%", "\\", "🎬", "é\u0301", "a" * 5000]


async def test_no_text_is_an_error(database: Database) -> None:
    for text in HARMLESS:
        for sort in Sort:
            await found(database, text, sort)


async def test_the_index_follows_every_change(database: Database) -> None:
    def rename(tx: sqlite3.Connection) -> None:
        film = videos.get(tx, "m")
        assert film is not None
        videos.describe(tx, film.described(now=9.0, title="Playtime", tags=["glass"]))

    await database.write(rename)
    assert (await found(database, "oncle"), await found(database, "glass play"), await found(database, "tati")) == (
        "t",
        "m",
        "",
    )
    assert await found(database, tag="Glass") == "m"
    await database.write(lambda tx: videos.delete(tx, "m"))
    assert await found(database, "playtime") == ""
    assert ("glass", 1) not in await database.read(lambda tx: store.tags(tx, None, 10))
    counts = "SELECT (SELECT COUNT(*) FROM search), (SELECT COUNT(*) FROM search_rows)"
    assert await database.read(lambda tx: tuple(tx.execute(counts).fetchone())) == (4, 4)


async def test_films_are_found_by_those_who_commented(database: Database) -> None:
    def comment(tx: sqlite3.Connection) -> None:
        tx.execute("DROP VIEW commenters")
        tx.execute("CREATE VIEW commenters AS SELECT 'a' AS video_id, 'Zoë' AS name")
        SearchStore().refresh(tx, "a")

    await database.write(comment)
    assert await found(database, "zoe") == "a"


async def test_filters_and_orders_go_together(database: Database) -> None:
    assert await found(database, sort=Sort.OLDEST) == "mtakp"
    assert await found(database, sort=Sort.TITLE) == "pamtk"
    assert await found(database, "oncle", Sort.NEWEST) == "tm"
    assert await found(database, "oncle", tag="TATI") == "m"
    assert await found(database, sort=Sort.OLDEST, owner_id="bob", status="ready", visibility="public") == "a"
    assert await found(database, sort=Sort.OLDEST, viewer_id="ann") == "mta"
    assert await found(database, sort=Sort.OLDEST, viewer_id="") == "a"
    assert await database.read(lambda tx: store.tags(tx, "ann", 10)) == [("Comedy", 2), ("paris", 1), ("tati", 1)]
    assert await database.read(lambda tx: store.owners(tx, "ann", 10)) == [("ann", 2), ("bob", 1)]


async def test_every_list_goes_on_where_the_page_before_ended(database: Database) -> None:
    await database.write(lambda tx: tx.execute("UPDATE videos SET views = 7 WHERE id IN ('m', 'k')") and None)
    for text in ("", "o", "物"):
        for sort in Sort:
            whole = await found(database, text, sort)
            assert (sort, await paged(database, text, sort)) == (sort, whole)
            assert text or len(whole) == len(FILMS)


async def paged(database: Database, text: str, sort: Sort) -> str:
    """The same list, film by film."""
    seen, after = "", None
    while True:
        wanted = Wanted(None, sought(text), None, None, None, None, 1, after)
        page = await database.read(lambda tx, wanted=wanted: store.page(tx, wanted, sort))  # type: ignore[misc]
        if not page:
            return seen
        seen, after = seen + page[0][0], (page[0][1], page[0][0])


async def test_what_lies_in_the_trash_is_nowhere(database: Database) -> None:
    await database.write(lambda tx: TrashStore().put(tx, "m", 50.0))
    assert await found(database, "oncle") == "t"
    assert await found(database, sort=Sort.OLDEST) == "takp"
    assert await database.read(lambda tx: videos.get(tx, "m")) is None
    assert await database.read(lambda tx: videos.some(tx, ["m", "t"])) != {}
    assert await database.read(lambda tx: store.tags(tx, "ann", 10)) == [("comedy", 1), ("paris", 1)]
    trashed = await database.read(lambda tx: TrashStore().get(tx, "m"))
    assert trashed is not None and trashed.deleted_at == 50.0
    await database.write(lambda tx: TrashStore().restore(tx, trashed, 60.0))
    assert await found(database, "oncle") == "mt"


async def test_a_film_whose_file_has_been_replaced_comes_back_missing(database: Database) -> None:
    there = Video("w", "ann", "Watched", 6.0, 6.0, status=Status.READY, filename="w.mp4", library_path="w.mp4")
    files, trash = LibraryFileStore(), TrashStore()

    def replace(tx: sqlite3.Connection) -> None:
        videos.add(tx, there)
        files.put(tx, "w", "mark", "print")
        trash.put(tx, "w", 7.0)
        assert files.kept(tx) == [] and files.left_out(tx) == {"mark"}
        videos.add(tx, Video("x", "ann", "Another", 8.0, 8.0, library_path="w.mp4"))
        trashed = trash.get(tx, "w")
        assert trashed is not None
        trash.restore(tx, trashed, 9.0)

    await database.write(replace)
    back = await database.read(lambda tx: videos.get(tx, "w"))
    assert back is not None and back.status is Status.MISSING and back.reason
    assert await database.read(files.left_out) == set()


async def test_films_from_before_there_was_a_search_are_found(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    for migration in migrations():
        if migration.number < 15:
            connection.executescript(f"{migration.sql}; PRAGMA user_version = {migration.number}")
    connection.execute("INSERT INTO users (id, username, display_name, role, password_hash, created_at)"
                       " VALUES ('ann', 'ann', 'Ann', 'user', '', 1)")  # fmt: skip
    connection.execute(
        "INSERT INTO videos (id, owner_id, title, description, tags, visibility, status, created_at, updated_at)"
        " VALUES ('o', 'ann', 'Ölfilm', '', '[\"Öl\", \"öl\", \"Öl\"]', 'public', 'ready', 1, 1)"
    )
    connection.commit()
    connection.close()
    migrate(path, tmp_path / "backups")
    async with Database.open(path) as database:
        assert await found(database, "olfi") == "o"
        assert await found(database, tag="Öl") == "o"


def test_a_page_is_read_off_the_index_of_its_order(tmp_path: Path) -> None:
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    connection = sqlite3.connect(tmp_path / "watchparty.db")
    for sort, sql in LISTS.items():
        steps = plan(connection, sql)
        if sort is Sort.RELEVANCE:
            assert any("VIRTUAL TABLE INDEX" in step for step in steps)
        else:
            assert any(step.startswith("SCAN videos USING COVERING INDEX videos_by_") for step in steps), steps
            assert not any("ORDER BY" in step for step in steps), steps
    connection.close()
