"""Figures for those who look after the server; the disk is asked for its free space, and never walked through."""

import asyncio
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.user import User
from watchparty.domain.video import Video
from watchparty.services.cells import Cells
from watchparty.storage.cells import Usage
from watchparty.storage.database import Database, Tx
from watchparty.storage.statistics import StatisticsStore
from watchparty.storage.users import UserStore
from watchparty.storage.videos import VideoStore

MOST = 100


@dataclass(frozen=True)
class Stored:
    """A film, and how many bytes its made segments take."""

    video: Video
    size: int


@dataclass(frozen=True)
class Owned:
    """Somebody, and what their films take: the originals that lie here, and segments made of them, in bytes."""

    user: User
    videos: int
    size: int
    cache_size: int


@dataclass(frozen=True)
class Counts:
    """How many there are of each; videos by their status, without those in the trash."""

    users: int
    rooms: int
    sessions: int
    videos: dict[str, int]
    trash: int


@dataclass(frozen=True)
class Disk:
    """Bytes: of the disk the data lies on, and of the database with its log."""

    total: int
    free: int
    database: int


class Statistics:
    """`path` is the database's file."""

    def __init__(
        self, database: Database, store: StatisticsStore, videos: VideoStore, cells: Cells, path: Path
    ) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._users = UserStore()
        self._cells = cells
        self._path = path

    async def cache(self) -> Usage:
        """What made segments take of the disk, and what they may."""
        return await self._cells.usage()

    async def largest(self) -> list[Stored]:
        """The films whose segments take most, at most a hundred."""
        sizes = self._cells.stored_by_video()
        ids = sorted(sizes, key=lambda video_id: -sizes[video_id])[:MOST]
        videos = await self._database.read(lambda tx: self._videos.some(tx, ids))
        return [Stored(videos[video_id], sizes[video_id]) for video_id in ids if video_id in videos]

    async def owners(self) -> list[Owned]:
        """Whose films take most, at most a hundred people."""
        cached = self._cells.stored_by_video()

        def read(tx: Tx) -> list[Owned]:
            stored = self._store.stored_by_owner(tx)
            cache: Counter[str] = Counter()
            for video_id, owner_id in self._store.owners(tx, cached).items():
                cache[owner_id] += cached[video_id]
            most = sorted(stored, key=lambda owner_id: -stored[owner_id][1] - cache[owner_id])[:MOST]
            users = {user.id: user for user in self._users.many(tx, most)}
            return [Owned(users[each], *stored[each], cache[each]) for each in most if each in users]

        return await self._database.read(read)

    async def counts(self) -> Counts:
        store = self._store
        return await self._database.read(
            lambda tx: Counts(
                store.accounts(tx), store.rooms(tx), store.sessions(tx), store.videos(tx), store.trash(tx)
            )
        )

    async def disk(self) -> Disk:
        return await asyncio.to_thread(self._disk)

    def _disk(self) -> Disk:
        usage = shutil.disk_usage(self._path.parent)
        log = self._path.with_name(f"{self._path.name}-wal")
        size = sum(path.stat().st_size for path in (self._path, log) if path.is_file())
        return Disk(usage.total, usage.free, size)
