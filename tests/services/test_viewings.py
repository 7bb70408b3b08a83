"""Views, counted exactly however many come at once."""

import asyncio
from pathlib import Path

from tests.services.bus import events
from watchparty.domain.signature import Signer
from watchparty.domain.user import Person, Role, User
from watchparty.domain.video import Status, Video, Visibility
from watchparty.services.clock import SystemClock
from watchparty.services.grants import Grants
from watchparty.services.videos import Videos
from watchparty.services.viewings import Viewings
from watchparty.storage.database import Database
from watchparty.storage.jobs import JobStore
from watchparty.storage.migrations import migrate
from watchparty.storage.objects import LocalObjects
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore
from watchparty.storage.viewings import ViewingStore

FILM = Video("film", "ann", "A film", 1.0, 1.0, visibility=Visibility.PUBLIC, status=Status.READY, duration=60.0)


async def test_two_hundred_who_watch_at_once_are_counted_exactly(tmp_path: Path) -> None:
    migrate(tmp_path / "watchparty.db", tmp_path / "backups")
    store, grants, clock = VideoStore(), Grants(), SystemClock()
    objects = LocalObjects(tmp_path / "objects", tmp_path / "uploads", Signer(b"k" * 32))
    crowd = [Person(f"p{number}", "Somebody", Role.USER, f"s{number}") for number in range(200)]
    async with Database.open(tmp_path / "watchparty.db") as database:
        await database.write(lambda tx: UserStore().add(tx, User("ann", "ann", "Ann", Role.USER, None, 1.0), "hash"))
        await database.write(lambda tx: store.add(tx, FILM))
        await database.write(lambda tx: tx.execute("UPDATE videos SET duration = 60") and None)
        videos = Videos(database, store, JobStore(), objects, grants, events(database, clock), clock, tmp_path)
        viewings = Viewings(database, ViewingStore(), store, videos, grants, clock)
        for person in crowd:
            grants.fetch(grants.give(person, "film", by_room=False).id, 0.0, 12.0)
        reports = [viewings.report(person, "film", 12.0) for person in crowd for _ in range(3)]
        answers = await asyncio.gather(*reports)
        assert [counted for _, counted in answers].count(True) == 200
        kept = await database.read(lambda tx: store.get(tx, "film"))
        assert kept is not None and kept.views == 200
