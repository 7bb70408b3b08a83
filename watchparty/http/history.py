"""Watching over HTTP as one looks back on it: where one left off, what one has seen, and what counts as a view."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.http.views import rfc3339
from watchparty.http.visitors import Visitors
from watchparty.services.history import History
from watchparty.services.viewings import Viewings

Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e7)]


class PositionView(msgspec.Struct, forbid_unknown_fields=True):
    """Where somebody left off, in seconds."""

    position: Seconds


class HistoryQuery(msgspec.Struct):
    """`unfinished`: only films worth going on with, which are those of which less than 95 % has been watched."""

    unfinished: bool = False
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class WatchedView(msgspec.Struct):
    """A film one has begun; `position` in seconds."""

    video: VideoView
    position: float
    finished: bool
    watched_at: str


class HistoryList(msgspec.Struct):
    items: list[WatchedView]
    next_cursor: str | None


class ViewReport(msgspec.Struct, forbid_unknown_fields=True):
    """How much of the film has been watched since it was opened, in seconds of film."""

    watched_seconds: Seconds


class ViewAnswer(msgspec.Struct):
    """How many views there are, and whether this was one more."""

    views: int
    counted: bool


class HistoryRoutes:
    def __init__(self, history: History, viewings: Viewings, views: VideoViews, visitors: Visitors) -> None:
        self._history = history
        self._viewings = viewings
        self._views = views
        self._visitors = visitors

    def endpoints(self) -> Sequence[Endpoint]:
        one, history = "/api/v1/videos/{id}", "/api/v1/history"
        return [
            Endpoint("GET", f"{one}/position", self.position, "Where one left off.", answer=PositionView),
            Endpoint("PUT", f"{one}/position", self.set_position, "Keep where one is.",
                     body=PositionView, status=204),
            Endpoint("POST", f"{one}/views", self.report,
                     "Say how much of a film one has watched: counted once an hour, after 10 s or half of it.",
                     body=ViewReport, answer=ViewAnswer, access=Access.ANYONE),
            Endpoint("GET", history, self.page, "What one has watched, the latest first.",
                     query=HistoryQuery, answer=HistoryList),
            Endpoint("DELETE", history, self.forget_all, "Forget all that one has watched.", status=204),
            Endpoint("DELETE", f"{history}/{{video_id}}", self.forget, "Forget having watched a film.", status=204),
        ]  # fmt: skip

    async def position(self, request: Request[None]) -> PositionView:
        return PositionView(await self._history.position(request.person, request.path["id"]))

    async def set_position(self, request: Request[PositionView]) -> None:
        await self._history.set_position(request.person, request.path["id"], request.body.position)

    async def report(self, request: Request[ViewReport]) -> ViewAnswer:
        person, watched = self._visitors.of(request), request.body.watched_seconds
        views, counted = await self._viewings.report(person, request.path["id"], watched)
        return ViewAnswer(views, counted)

    async def page(self, request: Request[None]) -> Answer:
        query: HistoryQuery = request.query
        after = None if query.cursor is None else key_of(query.cursor, tuple[float, str])
        found = await self._history.page(request.person, unfinished=query.unfinished, after=after, limit=query.limit)
        last = found[-1] if len(found) == query.limit else None
        cursor = None if last is None else cursor_of(last.watched_at, last.video.id)
        films = await self._views.many(request.person, [each.video for each in found])
        items = [
            WatchedView(film, each.position, each.is_finished, rfc3339(each.watched_at))
            for film, each in zip(films, found, strict=True)
        ]
        return Answer(HistoryList(items, cursor), headers=next_link(request.raw, cursor))

    async def forget(self, request: Request[None]) -> None:
        await self._history.forget(request.person, request.path["video_id"])

    async def forget_all(self, request: Request[None]) -> None:
        await self._history.forget_all(request.person)
