"""Connections: what cannot even be read as a request is answered like everything else, and the line is cut."""

import asyncio
import logging
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from aiohttp import hdrs, web
from aiohttp.http_exceptions import LineTooLong

from watchparty.http.bookkeeping import Closing
from watchparty.http.cutting import cut
from watchparty.http.headers import HEADERS
from watchparty.http.problems import problem_response
from watchparty.services.ids import new_id

log = logging.getLogger(__name__)
access = logging.getLogger("watchparty.access")
# Seconds that somebody who connects has for the headers of their first request.
FIRST_REQUEST = 15.0
# Seconds within which whoever sends a body or is sent an answer has to move at least so many bytes.
MOVES_WITHIN = 30.0
LEAST_MOVED = 1024
_SENTENCES = {
    400: "This is not a request that can be read.",
    431: "The headers of this request are larger than this server accepts.",
    504: "This took too long.",
}
_TOO_MANY = "Too many headers"


class Connection(web.RequestHandler):
    """One connection. What breaks the rules of RFC 9112 ends it: the bytes that follow may mean anything."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self._line, self._moved, self._was_behind, self._unsent = self.transport, 0, False, 0
        loop = asyncio.get_running_loop()
        self._impatience = loop.call_later(FIRST_REQUEST, self._hang_up_on_silence)
        self._next_look = loop.call_later(MOVES_WITHIN, self._hang_up_on_standstill)

    def connection_lost(self, exc: BaseException | None) -> None:
        self._impatience.cancel()
        self._next_look.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._moved += len(data)
        super().data_received(data)

    def resume_writing(self) -> None:
        self._moved += LEAST_MOVED  # what was written has gone out
        super().resume_writing()

    def _hang_up_on_silence(self) -> None:
        """aiohttp waits without end for the first request's headers, and only between requests loses patience."""
        if not self._request_count:
            self.force_close()

    def _hang_up_on_standstill(self) -> None:
        """Whoever was behind at the last look, still is, and has moved next to nothing since, is not waited for."""
        line = self._line
        if line is None:
            return
        unsent = line.get_write_buffer_size()
        is_behind = self._owes_a_body() or (unsent > 0 and (self.writing_paused or line.is_closing()))
        moved = self._moved + max(0, self._unsent - unsent)
        if is_behind and self._was_behind and moved < LEAST_MOVED:
            log.info("a connection stood still for %d s and was cut", MOVES_WITHIN)
            return cut(line)
        self._moved, self._was_behind, self._unsent = 0, is_behind, unsent
        self._next_look = asyncio.get_running_loop().call_later(MOVES_WITHIN, self._hang_up_on_standstill)
        return None

    def _owes_a_body(self) -> bool:
        """Not while we are the ones who do not read, because a disk is behind."""
        request = self._current_request
        return request is not None and not request.content.is_eof() and not self._reading_paused

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """In aiohttp's place, whose own answer is plain text and whose log has a traceback for every bad request."""
        if request.writer.output_size > 0 or status == 500:
            return super().handle_error(request, status, exc, None)
        status = 431 if _is_too_large(exc) else status
        log.info("a request from %s could not be read: %d %s", request.remote, status, type(exc).__name__)
        sentence = _SENTENCES.get(status, HTTPStatus(status).phrase)
        request_id = new_id()
        headers = {**HEADERS, hdrs.CONNECTION: "close", "X-Request-ID": request_id}
        answer = problem_response(status, sentence, request_id, headers=headers)
        answer.headers[hdrs.SERVER] = "WatchParty"  # or aiohttp names itself, with its version and Python's
        answer.force_close()
        return answer


class Listening(web.AppRunner):
    """Serves the application on connections of the kind above; `settings` are those of aiohttp's RequestHandler."""

    def __init__(self, app: web.Application, *, shutdown_timeout: float, **settings: Any) -> None:
        settings |= {"access_log": access, "access_log_class": Closing}
        # A player that seeks away must not keep an encoder busy.
        super().__init__(app, handler_cancellation=True, shutdown_timeout=shutdown_timeout, **settings)
        self._settings = settings

    @property
    def server(self) -> Any:
        """What asyncio calls for every connection."""
        server = super().server
        return None if server is None else self._connections(server)

    def _connections(self, server: web.Server) -> Callable[[], Connection]:
        loop = asyncio.get_running_loop()
        return lambda: Connection(server, loop=loop, **self._settings)


def _is_too_large(error: BaseException | None) -> bool:
    return isinstance(error, LineTooLong) or _TOO_MANY in str(error)
