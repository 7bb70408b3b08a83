"""The stream of events, for pages and programs that want to hear what happens while it does."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

import msgspec
from aiohttp import HttpVersion11, hdrs, web

from watchparty.http.endpoint import Endpoint, Request
from watchparty.services.event_stream import EventStream

# Bytes that may wait for a slow reader; with more than that, it is cut.
LONGEST_QUEUE = 1 << 20
_HEADERS = {
    hdrs.CONTENT_TYPE: "text/event-stream",
    hdrs.CACHE_CONTROL: "no-store",
    "X-Accel-Buffering": "no",  # nginx would gather events until it has enough of them
}


class StreamQuery(msgspec.Struct):
    """`last_event_id`: the `id` of the last event that was heard; what happened since is told first.

    Browsers send the header Last-Event-ID by themselves, which goes before it.
    """

    last_event_id: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class EventRoutes:
    def __init__(self, stream: EventStream) -> None:
        self._stream = stream

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/events", self.stream, "What happens to one's own films, their jobs and rooms, and "
                     "to what is open to all, while it happens: server-sent events. Administrators hear everything. "
                     "The event `missed` says that not everything since `last_event_id` is known any more.",
                     query=StreamQuery, answer=bytes, gives=("text/event-stream",), raw=True),
        ]  # fmt: skip

    async def stream(self, request: Request[None]) -> web.StreamResponse:
        raw, transport = request.raw, request.raw.transport
        if raw.method == hdrs.METH_HEAD or transport is None:
            return web.Response(headers=_HEADERS)
        response = web.StreamResponse(headers=_HEADERS)
        line = EventLine(transport, chunked=raw.version >= HttpVersion11)
        # Before anything is waited for: a session that ends meanwhile ends this too.
        reader = self._stream.join(request.person, line)
        try:
            await response.prepare(raw)
            await self._stream.begin(reader, _last_heard(raw, request.query))
            await line.ended.wait()
        finally:
            self._stream.leave(reader)
        return response


class EventLine:
    """Written to directly: aiohttp's own way would have somebody wait for each slow reader."""

    def __init__(self, transport: asyncio.Transport, *, chunked: bool) -> None:
        self._transport = transport
        self._chunked = chunked
        self.ended = asyncio.Event()

    def write(self, data: bytes) -> bool:
        if self.ended.is_set():
            return True  # it ends by itself
        if self._transport.is_closing() or self._transport.get_write_buffer_size() > LONGEST_QUEUE:
            return False
        # RFC 9112, section 7.1
        self._transport.write(b"%x\r\n%b\r\n" % (len(data), data) if self._chunked else data)
        return True

    def end(self) -> None:
        self.ended.set()

    def drop(self) -> None:
        self._transport.abort()
        self.ended.set()


def _last_heard(request: web.Request, query: StreamQuery) -> int | None:
    header = request.headers.get("Last-Event-ID", "")
    return int(header) if header.isascii() and header.isdigit() and len(header) < 16 else query.last_event_id
