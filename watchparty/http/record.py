"""What happened in a room, session by session, over HTTP: to read, and to take away as a file."""

import re
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec
from aiohttp import hdrs, web

from watchparty.http.downloads import attachment
from watchparty.http.endpoint import Answer, Endpoint, Request
from watchparty.http.paging import cursor_of, next_link
from watchparty.http.record_files import as_csv, as_json
from watchparty.http.record_views import SessionFile, SessionList, session_at, session_view
from watchparty.http.room_views import EventList, event_view, number_at
from watchparty.services.chronicle import Chapter, Chronicle

TYPES = {"csv": "text/csv; charset=utf-8; header=present", "json": "application/json"}


class SessionsQuery(msgspec.Struct):
    """A page of a list, newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class EventsQuery(SessionsQuery):
    """A page, newest first; with `format` the whole session as a file, oldest first."""

    format: Literal["csv", "json"] | None = None


class RecordRoutes:
    def __init__(self, chronicle: Chronicle) -> None:
        self._chronicle = chronicle

    def endpoints(self) -> Sequence[Endpoint]:
        sessions = "/api/v1/rooms/{id}/sessions"
        return [
            Endpoint("GET", sessions, self.sessions, "When people were in a room, who, and what was shown, newest "
                     "first, for hosts.", query=SessionsQuery, answer=SessionList),
            Endpoint("GET", f"{sessions}/{{session_id}}/events", self.events, "Who did what in one session, newest "
                     "first, for hosts; all of it as a file with `format`.", query=EventsQuery,
                     answer=(EventList, SessionFile, bytes), gives=("text/csv",)),
        ]  # fmt: skip

    async def sessions(self, request: Request[None]) -> Answer:
        query: SessionsQuery = request.query
        after = session_at(query.cursor)
        chapters = await self._chronicle.chapters(request.person, request.path["id"], after, query.limit)
        last = chapters[-1].summary.session if len(chapters) == query.limit else None
        cursor = cursor_of(last.started_at, last.id) if last else None
        items = [session_view(chapter) for chapter in chapters]
        return Answer(SessionList(items, cursor), headers=next_link(request.raw, cursor))

    async def events(self, request: Request[None]) -> Answer | web.StreamResponse:
        query: EventsQuery = request.query
        path = request.path
        if query.format is not None:
            return await self._file(request, query.format)
        before = number_at(query.cursor)
        events = await self._chronicle.events(request.person, path["id"], path["session_id"], before, query.limit)
        cursor = cursor_of(events[-1][0]) if len(events) == query.limit else None
        items = [event_view(event) for _, event in events]
        return Answer(EventList(items, cursor), headers=next_link(request.raw, cursor))

    async def _file(self, request: Request[None], kind: str) -> web.StreamResponse:
        """Sent batch by batch: a long evening is never in memory as a whole."""
        chapter = await self._chronicle.chapter(request.person, request.path["id"], request.path["session_id"])
        headers = {hdrs.CONTENT_TYPE: TYPES[kind], hdrs.CACHE_CONTROL: "no-store", **attachment(_name(chapter, kind))}
        response = web.StreamResponse(headers=headers)
        await response.prepare(request.raw)
        async for piece in self._pieces(chapter, kind):
            await response.write(piece)
        await response.write_eof()
        return response

    def _pieces(self, chapter: Chapter, kind: str) -> AsyncIterator[bytes]:
        batches = self._chronicle.whole(chapter)
        return as_csv(batches) if kind == "csv" else as_json(session_view(chapter), batches)


def _name(chapter: Chapter, kind: str) -> str:
    """The room's name and the day, without what file systems do not take."""
    day = datetime.fromtimestamp(chapter.summary.session.started_at, UTC).date()
    room = re.sub(r'[\\/:*?"<>|]+', " ", chapter.room.room.name).strip(". ") or "Room"
    return f"{room} {day.isoformat()}.{kind}"
