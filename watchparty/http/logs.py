"""The server's log over HTTP: its last lines, and what came since."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec

from watchparty.domain.log_line import Level, LogLine
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.log_ring import MOST_LINES, LogRing

LevelName = Literal["debug", "info", "warning", "error"]


class LogQuery(msgspec.Struct):
    """`level` is the least grave to show, `q` words that are in a line, `since` the `last` of an earlier answer."""

    level: LevelName = "debug"
    q: Annotated[str, msgspec.Meta(max_length=200)] = ""
    since: Annotated[int, msgspec.Meta(ge=0, le=1 << 62)] = 0
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST_LINES)] = MOST_LINES


class LogLineView(msgspec.Struct):
    id: str
    at: str
    level: str
    logger: str
    request_id: str | None
    text: str


class LogView(msgspec.Struct):
    """Oldest first. Give `last` as `since` to hear what comes next; it begins anew when the server does."""

    items: list[LogLineView]
    next_cursor: str | None
    last: int


class LogRoutes:
    def __init__(self, ring: LogRing) -> None:
        self._ring = ring

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", "/api/v1/admin/logs", self.lines, "The last lines of the server's log, without secrets.",
                     query=LogQuery, answer=LogView, access=Access.ADMIN),
        ]  # fmt: skip

    async def lines(self, request: Request[None]) -> LogView:
        query: LogQuery = request.query
        last = self._ring.last
        # A number from before a restart is larger than any there is: then all of it is new.
        since = query.since if query.since <= last else 0
        lines = self._ring.lines(Level[query.level.upper()], query.q, since, query.limit)
        return LogView([_view(line) for line in lines], None, last)


def _view(line: LogLine) -> LogLineView:
    level = Level(max(10, min(50, line.level // 10 * 10))).name.lower()
    return LogLineView(str(line.number), rfc3339(line.at), level, line.logger, line.request_id, line.text)
