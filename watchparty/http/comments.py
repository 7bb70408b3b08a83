"""What people say below films, over HTTP."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.comment import Comment, WantedComments
from watchparty.domain.errors import NotFound
from watchparty.domain.user import Person, User
from watchparty.domain.video import Video
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.views import PublicUser, public, rfc3339
from watchparty.services.comments import NO_COMMENT, Comments
from watchparty.services.users import Users

Place = Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]


class NewComment(msgspec.Struct, forbid_unknown_fields=True):
    """`at` is the moment of the film that is meant, in seconds; `parent_id` the comment that it answers."""

    text: str
    at: float | None = None
    parent_id: str | None = None


class CommentChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is; a null `at` takes the moment away."""

    text: str | None = None
    at: float | msgspec.UnsetType | None = msgspec.UNSET


class CommentQuery(msgspec.Struct):
    """`parent_id` asks for the answers to that comment. By default comments come newest first, answers oldest first."""

    parent_id: str | None = None
    sort: Literal["newest", "oldest"] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class CommentView(msgspec.Struct):
    """`at` in seconds. Of a deleted comment, shown while there are answers to it, neither words nor author are told.

    `mentions` are the people it means by `@username`.
    """

    id: str
    video_id: str
    author: PublicUser | None
    text: str
    at: float | None
    parent_id: str | None
    replies: int
    mentions: list[PublicUser]
    created_at: str
    edited_at: str | None
    deleted: bool
    mine: bool
    may_delete: bool


class CommentList(msgspec.Struct):
    items: list[CommentView]
    next_cursor: str | None


class CommentRoutes:
    def __init__(self, comments: Comments, users: Users) -> None:
        self._comments = comments
        self._users = users

    def endpoints(self) -> Sequence[Endpoint]:
        below, one = "/api/v1/videos/{id}/comments", "/api/v1/comments/{id}"
        return [
            Endpoint("GET", below, self.page, "What people say below a film, a page at a time.",
                     query=CommentQuery, answer=CommentList),
            Endpoint("POST", below, self.create, "Say something below a film.",
                     body=NewComment, answer=CommentView, status=201),
            Endpoint("GET", one, self.show, "One comment.", answer=CommentView),
            Endpoint("PATCH", one, self.change, "Put one's own comment in other words.",
                     body=CommentChange, answer=CommentView),
            Endpoint("DELETE", one, self.delete, "Delete a comment: one's own, or one below a film of one's own.",
                     status=204),
            Endpoint("POST", f"{one}/restore", self.restore,
                     "Bring back a comment that one has deleted within the last ten minutes.", answer=CommentView),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: CommentQuery = request.query
        newest_first = query.parent_id is None if query.sort is None else query.sort == "newest"
        after = None if query.cursor is None else key_of(query.cursor, tuple[Place])[0]
        wanted = WantedComments(request.path["id"], query.parent_id, newest_first, query.limit, after)
        page = await self._comments.page(request.person, wanted)
        cursor = None if page.after is None else cursor_of(page.after)
        views = await self._many(request.person, page.comments, page.video)
        return Answer(CommentList(views, cursor), headers=next_link(request.raw, cursor))

    async def create(self, request: Request[NewComment]) -> Answer:
        body = request.body
        comment, video = await self._comments.add(
            request.person, request.path["id"], body.text, body.at, body.parent_id
        )
        return await self._answer(request, comment, video, status=201)

    async def show(self, request: Request[None]) -> Answer:
        comment, video = await self._comments.find(request.person, request.path["id"])
        if comment.is_deleted and not comment.replies:
            raise NotFound(NO_COMMENT)
        return await self._answer(request, comment, video)

    async def change(self, request: Request[CommentChange]) -> Answer:
        await self._require_match(request)
        body = request.body
        moves = not isinstance(body.at, msgspec.UnsetType)
        at = None if isinstance(body.at, msgspec.UnsetType) else body.at
        comment, video = await self._comments.edit(request.person, request.path["id"], body.text, at, moves=moves)
        return await self._answer(request, comment, video)

    async def delete(self, request: Request[None]) -> None:
        await self._require_match(request)
        await self._comments.delete(request.person, request.path["id"])

    async def restore(self, request: Request[None]) -> Answer:
        comment, video = await self._comments.restore(request.person, request.path["id"])
        return await self._answer(request, comment, video)

    async def _require_match(self, request: Request[Any]) -> None:
        comment, _ = await self._comments.find(request.person, request.path["id"])
        require_match(request.raw, _tag(comment))

    async def _answer(self, request: Request[Any], comment: Comment, video: Video, status: int | None = None) -> Answer:
        headers = {"ETag": _tag(comment), "Cache-Control": "private, no-cache"}
        if request.raw.method == "GET" and is_known(request.raw, _tag(comment)):
            return Answer(status=304, headers=headers)
        (view,) = await self._many(request.person, [comment], video)
        return Answer(view, status=status, headers=headers)

    async def _many(self, person: Person, comments: Sequence[Comment], video: Video) -> list[CommentView]:
        """With everybody's latest names."""
        people = {one for comment in comments for one in (comment.author_id, *comment.mentions) if one is not None}
        users = {user.id: user for user in await self._users.populate([*people])}
        return [_shown(person, comment, video, users) for comment in comments]


def _shown(person: Person, comment: Comment, video: Video, users: dict[str, User]) -> CommentView:
    deleted = comment.is_deleted
    author = users.get(comment.author_id or "")
    return CommentView(
        id=comment.id,
        video_id=comment.video_id,
        author=None if deleted or author is None else public(author),
        text="" if deleted else comment.text,
        at=None if deleted else comment.at,
        parent_id=comment.parent_id,
        replies=comment.replies,
        mentions=[] if deleted else [public(users[one]) for one in comment.mentions if one in users],
        created_at=rfc3339(comment.created_at),
        edited_at=None if comment.edited_at is None else rfc3339(comment.edited_at),
        deleted=deleted,
        mine=comment.may_edit(person),
        may_delete=comment.may_delete(person, video),
    )


def _tag(comment: Comment) -> str:
    """Of what its author edits."""
    return etag(comment.id, comment.text, comment.at, comment.is_deleted)
