"""The audit log over HTTP: to read, and to take away as a file."""

import json
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from aiohttp import hdrs, web

from watchparty.domain.audit import AuditEntry, WantedEntries
from watchparty.http import spreadsheet
from watchparty.http.downloads import attachment
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.views import rfc3339
from watchparty.services.audit import Audit

Time = Annotated[datetime, msgspec.Meta(tz=True)]
Word = Annotated[str, msgspec.Meta(max_length=200)]


class AuditQuery(msgspec.Struct):
    """`actor` is an id or a name, `action` a whole one ("user.disabled") or what it is about ("user").

    `since` and `until` are RFC 3339. With `format`, all of it is a file.
    """

    actor: Word | None = None
    action: Word | None = None
    subject: Word | None = None
    since: Time | None = None
    until: Time | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None
    format: Literal["csv"] | None = None


class ActorView(msgspec.Struct):
    """Whoever did something, under the name of that day."""

    id: str
    name: str


class AuditView(msgspec.Struct):
    """One deed; without an actor the server did it by itself. Secrets are left out of `before` and `after`."""

    id: str
    at: str
    actor: ActorView | None
    action: str
    subject: str
    address: str | None
    request_id: str | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditList(msgspec.Struct):
    items: list[AuditView]
    next_cursor: str | None


COLUMNS = ("id", "at", "actor_id", "actor_name", "action", "subject", "address", "request_id", "before", "after")


class AuditRoutes:
    def __init__(self, audit: Audit) -> None:
        self._audit = audit

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/admin/audit", self.page, "Who changed what, when and from where, newest first; "
                     "all of it as a file with `format`.", query=AuditQuery, answer=AuditList, access=Access.ADMIN),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer | web.StreamResponse:
        query: AuditQuery = request.query
        wanted = _wanted(query)
        if query.format is not None:
            return await self._file(request, wanted)
        entries = await self._audit.page(wanted)
        cursor = cursor_of(entries[-1].number) if len(entries) == query.limit else None
        return Answer(AuditList([_view(entry) for entry in entries], cursor), headers=next_link(request.raw, cursor))

    async def _file(self, request: Request[None], wanted: WantedEntries) -> web.StreamResponse:
        """Sent batch by batch: years of it are never in memory as a whole."""
        headers = {hdrs.CONTENT_TYPE: spreadsheet.TYPE, hdrs.CACHE_CONTROL: "no-store", **attachment("audit.csv")}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request.raw)
        async for piece in _as_csv(self._audit.all(wanted)):
            await response.write(piece)
        await response.write_eof()
        return response


def _wanted(query: AuditQuery) -> WantedEntries:
    return WantedEntries(
        limit=query.limit,
        actor=query.actor or None,
        action=query.action or None,
        subject=query.subject or None,
        since=None if query.since is None else query.since.timestamp(),
        until=None if query.until is None else query.until.timestamp(),
        before=None
        if query.cursor is None
        else key_of(query.cursor, tuple[Annotated[int, msgspec.Meta(le=1 << 62)]])[0],
    )


async def _as_csv(batches: AsyncIterator[list[AuditEntry]]) -> AsyncIterator[bytes]:
    yield spreadsheet.rows([COLUMNS])
    async for batch in batches:
        yield spreadsheet.rows(_row(entry) for entry in batch)


def _row(entry: AuditEntry) -> list[str | float | None]:
    before, after = (
        None if each is None else json.dumps(each, ensure_ascii=False) for each in (entry.before, entry.after)
    )
    return [
        entry.number,
        rfc3339(entry.at),
        entry.actor_id,
        entry.actor_name,
        entry.action,
        entry.subject,
        entry.address,
        entry.request_id,
        before,
        after,
    ]


def _view(entry: AuditEntry) -> AuditView:
    return AuditView(
        id=str(entry.number),
        at=rfc3339(entry.at),
        actor=None if entry.actor_id is None else ActorView(entry.actor_id, entry.actor_name or ""),
        action=entry.action,
        subject=entry.subject,
        address=entry.address,
        request_id=entry.request_id,
        before=None if entry.before is None else dict(entry.before),
        after=None if entry.after is None else dict(entry.after),
    )
