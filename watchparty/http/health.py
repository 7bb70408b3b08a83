"""Whether the server lives and can work, for whoever supervises it."""

from collections.abc import Sequence

import msgspec

from watchparty import __version__
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.services.health import Check, Health

NOT_KEPT = {"Cache-Control": "no-store"}


class Life(msgspec.Struct):
    status: str


class CheckView(msgspec.Struct):
    """`status` is ok or failing; `reason` says what is wrong."""

    name: str
    status: str
    reason: str | None


class Readiness(msgspec.Struct):
    """`status` is ok when all checks are, else failing."""

    status: str
    checks: list[CheckView]


class HealthView(msgspec.Struct):
    """`uptime` is in seconds."""

    status: str
    version: str
    uptime: float
    checks: list[CheckView]


class HealthRoutes:
    def __init__(self, health: Health) -> None:
        self._health = health

    def endpoints(self) -> Sequence[Endpoint]:
        anyone = Access.ANYONE
        return [
            Endpoint("GET", "/livez", self.live, "The process answers.", answer=Life, access=anyone),
            Endpoint("GET", "/readyz", self.ready, "It can work: database and object store can be written, there is "
                     "room; 503, with reasons, while it cannot.", answer=Readiness, also={503: Readiness},
                     access=anyone),
            Endpoint("GET", "/health", self.show, "The same, with version and how long it has been up.",
                     answer=HealthView, also={503: HealthView}, access=anyone),
        ]  # fmt: skip

    async def live(self, request: Request[None]) -> Life:
        return Life("ok")

    async def ready(self, request: Request[None]) -> Answer:
        checks = await self._health.checks()
        return _answer(checks, Readiness(_status(checks), _views(checks)))

    async def show(self, request: Request[None]) -> Answer:
        checks = await self._health.checks()
        view = HealthView(_status(checks), __version__, round(self._health.uptime, 3), _views(checks))
        return _answer(checks, view)


def _answer(checks: list[Check], view: Readiness | HealthView) -> Answer:
    if all(check.reason is None for check in checks):
        return Answer(view, headers=NOT_KEPT)
    return Answer(view, status=503, headers={**NOT_KEPT, "Retry-After": "5"})


def _status(checks: list[Check]) -> str:
    return "failing" if any(check.reason for check in checks) else "ok"


def _views(checks: list[Check]) -> list[CheckView]:
    return [CheckView(check.name, "failing" if check.reason else "ok", check.reason) for check in checks]
