"""What administrators look after, over HTTP."""

from collections.abc import Sequence

import msgspec

from watchparty.http.endpoint import Access, Endpoint, Request
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
    """A film, and the bytes its made segments take."""

    id: str
    title: str
    stored_bytes: int
    kept: bool


class StatsView(msgspec.Struct):
    """`videos` are those that take most, at most a hundred."""

    cache: CacheView
    videos: list[StoredView]


class AdminRoutes:
    def __init__(self, statistics: Statistics) -> None:
        self._statistics = statistics

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/admin/stats", self.stats, "How much room made segments take.",
                     answer=StatsView, access=Access.ADMIN),
        ]  # fmt: skip

    async def stats(self, request: Request[None]) -> StatsView:
        usage = await self._statistics.cache()
        largest = await self._statistics.largest()
        return StatsView(
            CacheView(usage.bytes, usage.kept_bytes, usage.cap_bytes, usage.free_bytes, usage.floor_bytes),
            [StoredView(each.video.id, each.video.title, each.size, each.video.keep_ready) for each in largest],
        )
