"""What people are told of, over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal
from urllib.parse import quote

import msgspec

from watchparty.domain.notification import Kind, Told
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.views import Owner, rfc3339
from watchparty.services.notifications import Notifications

KindWord = Literal["reply", "mention", "comment", "video_ready", "video_failed", "access_request"]
Place = Annotated[int, msgspec.Meta(ge=0, lt=1 << 62)]


class NotificationQuery(msgspec.Struct):
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class NotificationView(msgspec.Struct):
    """`text` says what happened, in a sentence; `excerpt` is the beginning of what was said, or why a film failed.

    `actor` did it, where it was somebody with an account; `href` is the page that it leads to.
    """

    id: str
    kind: KindWord
    text: str
    excerpt: str | None
    actor: Owner | None
    video_id: str | None
    comment_id: str | None
    room_id: str | None
    href: str
    read: bool
    created_at: str


class NotificationList(msgspec.Struct):
    """`unread` counts all there are, not only those of this page."""

    items: list[NotificationView]
    next_cursor: str | None
    unread: int


class ReadNotifications(msgspec.Struct, forbid_unknown_fields=True):
    """Those with these ids; without, all."""

    ids: Annotated[list[str], msgspec.Meta(max_length=500)] | None = None


class UnreadView(msgspec.Struct):
    unread: int


class NotificationPreferences(msgspec.Struct, forbid_unknown_fields=True):
    """What one wants to be told of; what is left out is wanted."""

    reply: bool = True
    mention: bool = True
    comment: bool = True
    video_ready: bool = True
    video_failed: bool = True
    access_request: bool = True


class NotificationRoutes:
    def __init__(self, notifications: Notifications) -> None:
        self._notifications = notifications

    def endpoints(self) -> Sequence[Endpoint]:
        all_of_them = "/api/v1/notifications"
        preferences = f"{all_of_them}/preferences"
        return [
            Endpoint("GET", all_of_them, self.page, "What one was told of, newest first, a page at a time.",
                     query=NotificationQuery, answer=NotificationList),
            Endpoint("POST", f"{all_of_them}/read", self.read, "Mark some of it as read, or all.",
                     body=ReadNotifications, answer=UnreadView),
            Endpoint("GET", preferences, self.preferences, "What one wants to be told of.",
                     answer=NotificationPreferences),
            Endpoint("PUT", preferences, self.set_preferences, "Say what one wants to be told of.",
                     body=NotificationPreferences, answer=NotificationPreferences),
            Endpoint("DELETE", all_of_them, self.delete_all, "Forget all of it.", status=204),
            Endpoint("DELETE", f"{all_of_them}/{{id}}", self.delete, "Forget one of them.", status=204),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: NotificationQuery = request.query
        before = None if query.cursor is None else key_of(query.cursor, tuple[Place])[0]
        page = await self._notifications.page(request.person, query.limit, before)
        cursor = None if page.after is None else cursor_of(page.after)
        found = NotificationList([_shown(told) for told in page.told], cursor, page.unread)
        return Answer(found, headers={"Cache-Control": "no-store", **next_link(request.raw, cursor)})

    async def read(self, request: Request[ReadNotifications]) -> UnreadView:
        await self._notifications.read(request.person, request.body.ids)
        return UnreadView(await self._notifications.unread(request.person))

    async def preferences(self, request: Request[None]) -> NotificationPreferences:
        return _preferences(await self._notifications.wanted(request.person))

    async def set_preferences(self, request: Request[NotificationPreferences]) -> NotificationPreferences:
        wanted = {Kind(name): on for name, on in msgspec.structs.asdict(request.body).items()}
        return _preferences(await self._notifications.want(request.person, wanted))

    async def delete(self, request: Request[None]) -> None:
        await self._notifications.delete(request.person, request.path["id"])

    async def delete_all(self, request: Request[None]) -> None:
        await self._notifications.delete_all(request.person)


def _shown(told: Told) -> NotificationView:
    about = told.notification
    return NotificationView(
        id=about.id,
        kind=about.kind.value,
        text=told.sentence,
        excerpt=told.excerpt,
        actor=None if about.actor_id is None else Owner(about.actor_id, told.actor or ""),
        video_id=about.video_id,
        comment_id=about.comment_id,
        room_id=about.room_id,
        href=_href(told),
        read=about.read_at is not None,
        created_at=rfc3339(about.created_at),
    )


def _href(told: Told) -> str:
    about = told.notification
    if about.room_id is not None:
        return f"/rooms/{quote(about.room_id, safe='')}"
    comment = "" if about.comment_id is None else f"?comment={quote(about.comment_id, safe='')}"
    return f"/videos/{quote(about.video_id or '', safe='')}{comment}"


def _preferences(wanted: Mapping[Kind, bool]) -> NotificationPreferences:
    return NotificationPreferences(**{kind.value: on for kind, on in wanted.items()})
