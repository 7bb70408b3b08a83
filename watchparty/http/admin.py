"""How the server stands, over HTTP, and the brake on what it does by itself."""

from collections.abc import Sequence

import msgspec

from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.services.operations import Operations
from watchparty.services.parties import Parties
from watchparty.services.statistics import Statistics


class CacheView(msgspec.Struct):
    """Bytes of made segments: those that may be evicted, those of films kept ready, the most the former may take.

    `free_bytes` is what the disk has left, of which `floor_bytes` are always left alone.
    """

    bytes: int
    kept_bytes: int
    cap_bytes: int
    free_bytes: int
    floor_bytes: int


class StoredView(msgspec.Struct):
    """A film, and the bytes its made segments take; `original_bytes` are those of its file."""

    id: str
    title: str
    stored_bytes: int
    kept: bool
    original_bytes: int | None


class OwnedView(msgspec.Struct):
    """Somebody, and the bytes of their films: the originals that lie here, and segments made of them."""

    id: str
    username: str
    display_name: str
    videos: int
    original_bytes: int
    cache_bytes: int


class DiskView(msgspec.Struct):
    """Bytes: of the disk the data lies on, and of the database."""

    total_bytes: int
    free_bytes: int
    database_bytes: int


class CountsView(msgspec.Struct):
    """`videos` by status, `trash` those that can still be brought back.

    `rooms_open` are those with people in them now, `sockets` their connections.
    """

    users: int
    sessions: int
    videos: dict[str, int]
    trash: int
    rooms: int
    rooms_open: int
    sockets: int


class JobCountsView(msgspec.Struct):
    """Jobs under way, those that wait, and those that failed and are remembered."""

    active: int
    waiting: int
    failed: int
    paused: bool


class StatsView(msgspec.Struct):
    """`videos` are those whose segments take most, `users` those whose films do, at most a hundred each."""

    cache: CacheView
    videos: list[StoredView]
    users: list[OwnedView]
    disk: DiskView
    counts: CountsView
    jobs: JobCountsView


class BrakeView(msgspec.Struct, forbid_unknown_fields=True):
    """While `paused`, no job begins but looking at new films; what runs goes on. A restart lets go of it."""

    paused: bool


class AdminRoutes:
    def __init__(self, statistics: Statistics, parties: Parties, operations: Operations) -> None:
        self._statistics = statistics
        self._parties = parties
        self._operations = operations

    def endpoints(self) -> Sequence[Endpoint]:
        brake, admin = "/api/v1/admin/queue", Access.ADMIN
        return [
            Endpoint("GET", "/api/v1/admin/stats", self.stats, "What takes how much room, and how much there is of "
                     "everything.", answer=StatsView, access=admin),
            Endpoint("GET", brake, self.brake, "Whether background work is paused.", answer=BrakeView, access=admin),
            Endpoint("PUT", brake, self.set_brake, "Pause background work, or have it go on.",
                     body=BrakeView, answer=BrakeView, access=admin),
        ]  # fmt: skip

    async def stats(self, request: Request[None]) -> StatsView:
        usage = await self._statistics.cache()
        return StatsView(
            CacheView(usage.bytes, usage.kept_bytes, usage.cap_bytes, usage.free_bytes, usage.floor_bytes),
            [
                StoredView(each.video.id, each.video.title, each.size, each.video.keep_ready, each.video.size)
                for each in await self._statistics.largest()
            ],
            [
                OwnedView(
                    each.user.id, each.user.username, each.user.display_name, each.videos, each.size, each.cache_size
                )
                for each in await self._statistics.owners()
            ],
            await self._disk(),
            await self._counts(),
            await self._jobs(),
        )

    async def brake(self, request: Request[None]) -> BrakeView:
        return BrakeView(self._operations.paused)

    async def set_brake(self, request: Request[BrakeView]) -> BrakeView:
        await self._operations.pause(request.person, request.body.paused)
        return BrakeView(self._operations.paused)

    async def _disk(self) -> DiskView:
        disk = await self._statistics.disk()
        return DiskView(disk.total, disk.free, disk.database)

    async def _counts(self) -> CountsView:
        counts, census = await self._statistics.counts(), self._parties.census()
        return CountsView(
            counts.users, counts.sessions, counts.videos, counts.trash, counts.rooms, census.rooms, census.seats
        )

    async def _jobs(self) -> JobCountsView:
        queue = await self._operations.queue()
        return JobCountsView(queue.active, queue.waiting, queue.failed, self._operations.paused)
