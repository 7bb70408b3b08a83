"""The trash over HTTP: what lies in it, how it comes back, and how it goes for good."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from watchparty.domain.trash import Trashed
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.http.views import Owner, rfc3339
from watchparty.services.trash import Trash
from watchparty.services.users import Users


class TrashQuery(msgspec.Struct):
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class TrashedView(msgspec.Struct):
    """A deleted film, which comes back by `restore` until `gone_at`. Sizes in bytes, `duration` in seconds."""

    id: str
    title: str
    owner: Owner
    duration: float | None
    size: int | None
    deleted_at: str
    gone_at: str


class TrashList(msgspec.Struct):
    items: list[TrashedView]
    next_cursor: str | None


class TrashRoutes:
    def __init__(self, trash: Trash, users: Users, views: VideoViews) -> None:
        self._trash = trash
        self._users = users
        self._views = views

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/videos/trash", self.page, "One's deleted films that can still be had back.",
                     query=TrashQuery, answer=TrashList),
            Endpoint("DELETE", "/api/v1/videos/trash", self.empty, "Delete all of that for good.", status=204),
            Endpoint("POST", "/api/v1/videos/{id}/restore", self.restore, "Have a deleted film back as it was.",
                     answer=VideoView),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: TrashQuery = request.query
        after = None if query.cursor is None else key_of(query.cursor, tuple[float, str])
        found = await self._trash.page(request.person, after, query.limit)
        last = found[-1] if len(found) == query.limit else None
        cursor = None if last is None else cursor_of(last.deleted_at, last.video.id)
        return Answer(TrashList(await self._shown(found), cursor), headers=next_link(request.raw, cursor))

    async def empty(self, request: Request[None]) -> None:
        await self._trash.empty(request.person)

    async def restore(self, request: Request[None]) -> VideoView:
        video = await self._trash.restore(request.person, request.path["id"])
        return await self._views.one(request.person, video)

    async def _shown(self, found: Sequence[Trashed]) -> list[TrashedView]:
        owners = await self._users.populate([each.video.owner_id for each in found])
        names = {owner.id: owner.display_name for owner in owners}
        return [
            TrashedView(
                id=each.video.id,
                title=each.video.title,
                owner=Owner(each.video.owner_id, names.get(each.video.owner_id, "")),
                duration=each.video.duration,
                size=each.video.size,
                deleted_at=rfc3339(each.deleted_at),
                gone_at=rfc3339(each.gone_at),
            )
            for each in found
        ]
