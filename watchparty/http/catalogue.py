"""The library over HTTP as lists: filtered, searched and sorted, and many films changed at once."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from watchparty.domain.errors import Invalid, NotAllowed
from watchparty.domain.search import sought
from watchparty.domain.user import Person
from watchparty.domain.video import Sort, Visibility, Wanted, clean_tags
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.video_views import VideoView, VideoViews
from watchparty.http.videos import VisibilityWord
from watchparty.http.views import Owner
from watchparty.http.visitors import Visitors
from watchparty.services.bulk_edit import BulkEdit, Change, Changed
from watchparty.services.catalogue import Catalogue, seen_by
from watchparty.services.users import Users


class VideoQuery(msgspec.Struct):
    """Which films, in which order.

    `q` looks for the beginnings of words in titles, descriptions, tags and the names of those who commented; then the
    fittest stand first, unless `sort` says otherwise. `tag` in any case; `owner` is an id.
    """

    q: str | None = None
    tag: str | None = None
    status: Literal["pending", "uploaded", "processing", "ready", "failed", "missing"] | None = None
    visibility: VisibilityWord | None = None
    owner: str | None = None
    sort: Literal["newest", "oldest", "title", "views", "likes"] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class VideoList(msgspec.Struct):
    items: list[VideoView]
    next_cursor: str | None


class TagView(msgspec.Struct):
    """A tag, and on how many films it stands."""

    tag: str
    videos: int


class TagList(msgspec.Struct):
    items: list[TagView]


class OwnerCount(msgspec.Struct):
    """Somebody, and how many films are theirs."""

    owner: Owner
    videos: int


class OwnerList(msgspec.Struct):
    items: list[OwnerCount]


class BulkChange(msgspec.Struct, forbid_unknown_fields=True):
    """One change for all of these films; what is left out stays. With `delete`, nothing else."""

    ids: Annotated[list[str], msgspec.Meta(min_length=1, max_length=100)]
    visibility: VisibilityWord | None = None
    add_tags: list[str] = []
    remove_tags: list[str] = []
    keep_ready: bool | None = None
    delete: bool = False


class Words(msgspec.Struct):
    """What a bulk change can change of a film."""

    visibility: str
    tags: list[str]
    keep_ready: bool


class BulkChanged(msgspec.Struct):
    """A film that has changed; `after` is null once it is deleted."""

    id: str
    title: str
    before: Words
    after: Words | None


class BulkAnswer(msgspec.Struct):
    """Those that have changed; films that were so already are left out."""

    items: list[BulkChanged]


class CatalogueRoutes:
    def __init__(
        self, catalogue: Catalogue, bulk: BulkEdit, users: Users, views: VideoViews, visitors: Visitors
    ) -> None:
        self._catalogue = catalogue
        self._bulk = bulk
        self._users = users
        self._views = views
        self._visitors = visitors

    def endpoints(self) -> Sequence[Endpoint]:
        anyone = Access.ANYONE
        return [
            Endpoint("GET", "/api/v1/videos", self.page, "The films one may see, a page at a time.",
                     query=VideoQuery, answer=VideoList, access=anyone),
            Endpoint("POST", "/api/v1/videos/bulk", self.change, "Change many films at once, or none of them.",
                     body=BulkChange, answer=BulkAnswer),
            Endpoint("GET", "/api/v1/tags", self.tags, "The tags of the films one may see, the most used first.",
                     answer=TagList, access=anyone),
            Endpoint("GET", "/api/v1/owners", self.owners, "Whose films one may see, and how many of each.",
                     answer=OwnerList, access=anyone),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: VideoQuery = request.query
        person = self._viewer(request)
        words = sought(query.q or "")
        sort = Sort(query.sort) if query.sort else Sort.RELEVANCE if words and words.match else Sort.NEWEST
        wanted = Wanted(
            viewer_id=seen_by(person),
            sought=words,
            status=query.status,
            visibility=query.visibility,
            owner_id=query.owner,
            tag=query.tag,
            limit=query.limit,
            after=_after(query.cursor, sort),
        )
        page = await self._catalogue.page(wanted, sort)
        cursor = None if page.after is None else cursor_of(*page.after)
        videos = VideoList(await self._views.many(person, page.videos), cursor)
        return Answer(videos, headers=next_link(request.raw, cursor))

    async def tags(self, request: Request[None]) -> TagList:
        found = await self._catalogue.tags(self._viewer(request))
        return TagList([TagView(tag, videos) for tag, videos in found])

    async def owners(self, request: Request[None]) -> OwnerList:
        counts = dict(await self._catalogue.owners(self._viewer(request)))
        owners = await self._users.populate([*counts])
        return OwnerList([OwnerCount(Owner(user.id, user.display_name), counts[user.id]) for user in owners])

    async def change(self, request: Request[BulkChange]) -> BulkAnswer:
        body = request.body
        change = Change(
            visibility=None if body.visibility is None else Visibility(body.visibility),
            add_tags=clean_tags(body.add_tags, "/add_tags"),
            remove_tags=tuple(body.remove_tags),
            keep_ready=body.keep_ready,
            delete=body.delete,
        )
        if body.delete and change != Change(delete=True):
            raise Invalid("What is deleted cannot be changed besides.", pointer="/delete")
        return BulkAnswer([_changed(each) for each in await self._bulk.apply(request.person, body.ids, change)])

    def _viewer(self, request: Request[None]) -> Person:
        person = self._visitors.of(request)
        if person.is_guest and not person.is_anybody:
            raise NotAllowed("Guests see their room alone. Make an account first.")
        return person


def _changed(changed: Changed) -> BulkChanged:
    before, after = changed.before, changed.after
    return BulkChanged(
        id=before.id,
        title=before.title,
        before=Words(before.visibility, [*before.tags], before.keep_ready),
        after=Words(after.visibility, [*after.tags], after.keep_ready) if after else None,
    )


def _after(cursor: str | None, sort: Sort) -> tuple[float | str, str] | None:
    """Where the page before ended. Raises Invalid for a cursor that no page of this order gave."""
    if cursor is None:
        return None
    return key_of(cursor, tuple[str, str]) if sort is Sort.TITLE else key_of(cursor, tuple[float, str])
