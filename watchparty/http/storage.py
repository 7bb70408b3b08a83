"""What one keeps on this server: how much of the disk it takes, and whether something is there twice."""

from collections.abc import Sequence

import msgspec

from watchparty.http.endpoint import Endpoint, Request
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.services.duplicates import Duplicates
from watchparty.services.quotas import Quotas


class StorageView(msgspec.Struct):
    """Bytes of one's films, those in the trash too, and of uploads under way; `videos` is how many films that are.

    A `quota` of 0 is none.
    """

    used: int
    quota: int
    videos: int


class DuplicatesView(msgspec.Struct):
    """Films with the very same bytes that one may see, oldest first."""

    items: list[VideoView]


class StorageRoutes:
    def __init__(self, quotas: Quotas, duplicates: Duplicates, views: VideoViews) -> None:
        self._quotas = quotas
        self._duplicates = duplicates
        self._views = views

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/users/me/storage", self.mine, "How much of the disk one's films take.",
                     answer=StorageView),
            Endpoint("GET", "/api/v1/videos/{id}/duplicates", self.same, "Films that are the very same file.",
                     answer=DuplicatesView),
        ]  # fmt: skip

    async def mine(self, request: Request[None]) -> StorageView:
        usage = await self._quotas.of(request.person)
        return StorageView(usage.used, usage.quota, usage.videos)

    async def same(self, request: Request[None]) -> DuplicatesView:
        videos = await self._duplicates.of(request.person, request.path["id"])
        return DuplicatesView(await self._views.many(request.person, videos))
