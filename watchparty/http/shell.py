"""What surrounds every handler: who may, what was said, which version was meant, and whether it was done before."""

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec
from aiohttp import hdrs, web

from watchparty.domain.errors import Malformed, WrongMediaType
from watchparty.http.endpoint import PERSON, Answer, Endpoint, Request, admit, admit_key
from watchparty.http.etags import etag_of, is_known, require_match
from watchparty.http.reading import convert, decode
from watchparty.services.replays import LONGEST_KEY, Kept, Replays

JSON = "application/json"
KEY = "Idempotency-Key"
# Headers that belong to an answer rather than to the moment it is given.
LASTING = (hdrs.CONTENT_TYPE, hdrs.ETAG, hdrs.LOCATION, hdrs.LINK, hdrs.CACHE_CONTROL)
CHANGES = {"PUT", "PATCH", "DELETE"}


def mount(app: web.Application, endpoints: Sequence[Endpoint], replays: Replays | None = None) -> None:
    """Add the routes to the app's router."""
    shown = {endpoint.path: endpoint for endpoint in endpoints if endpoint.is_one_thing}
    for endpoint in endpoints:
        shell = _Shell(endpoint, shown.get(endpoint.path), replays)
        if endpoint.method == "GET":
            app.router.add_get(endpoint.path, shell.answer, allow_head=True)
        else:
            app.router.add_route(endpoint.method, endpoint.path, shell.answer)


class _Shell:
    """Around one handler. `shown` is the route that shows what stands at the same address, if one does."""

    def __init__(self, endpoint: Endpoint, shown: Endpoint | None, replays: Replays | None) -> None:
        self._endpoint = endpoint
        self._shown = shown if endpoint.method in CHANGES else None
        self._replays = replays if endpoint.creates else None

    async def answer(self, raw: web.Request) -> web.StreamResponse:
        endpoint, person = self._endpoint, raw.get(PERSON)
        admit(endpoint.access, person)
        admit_key(person, endpoint.scope, personal=endpoint.personal)
        data = await _json(raw) if endpoint.body else b""
        body = decode(data, endpoint.body) if endpoint.body else None
        query = convert(dict(raw.query), endpoint.query, strict=False) if endpoint.query else None
        request = Request(body, query, raw.match_info, person, raw)
        if self._shown is not None and hdrs.IF_MATCH in raw.headers:
            await self._require_match(request, self._shown)
        if self._replays is not None and KEY in raw.headers:
            return await self._once(request, data, self._replays)
        return await _answer(endpoint, request)

    async def _require_match(self, request: Request[Any], shown: Endpoint) -> None:
        """Raises Stale when what stands here is not what the sender saw."""
        query = shown.query() if shown.query else None
        seen = await _answer(shown, Request(None, query, request.path, request.maybe_person, request.raw))
        require_match(request.raw, seen.headers.get(hdrs.ETAG, ""))

    async def _once(self, request: Request[Any], data: bytes, replays: Replays) -> web.StreamResponse:
        """Does it, unless this person has had it done under this key before."""
        raw, key = request.raw, request.raw.headers[KEY]
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
            raise Malformed(f"An Idempotency-Key is 1 to {LONGEST_KEY} printable characters.")

        async def do() -> Kept:
            response = await _answer(self._endpoint, request)
            assert isinstance(response, web.Response)
            assert isinstance(response.body, bytes)
            headers = {str(name): response.headers[name] for name in LASTING if name in response.headers}
            return Kept(response.status, headers, response.body)

        said = hashlib.sha256(b"\n".join([raw.method.encode(), str(raw.rel_url).encode(), data])).hexdigest()
        kept, is_replay = await replays.once(request.person, key, said, do)
        headers = {**kept.headers, "Idempotency-Replayed": "true"} if is_replay else kept.headers
        return web.Response(status=kept.status, body=kept.body, headers=headers)


async def _answer(endpoint: Endpoint, request: Request[Any]) -> web.StreamResponse:
    answer = await endpoint.handler(request)
    if isinstance(answer, web.StreamResponse):
        return answer
    return _response(answer if isinstance(answer, Answer) else Answer(answer), endpoint, request.raw)


def _response(answer: Answer, endpoint: Endpoint, raw: web.Request) -> web.Response:
    status = answer.status or (204 if answer.value is None and endpoint.status == 200 else endpoint.status)
    body = None if answer.value is None else msgspec.json.encode(answer.value)
    headers = dict(answer.headers)
    headers.setdefault(hdrs.CACHE_CONTROL, "private, no-cache" if endpoint.method == "GET" else "no-store")
    if endpoint.is_one_thing and body is not None and status == 200:
        tag = headers.setdefault(hdrs.ETAG, etag_of(body))
        # Cookies are news of their own: an answer that sets some is told whole.
        if raw.method in {"GET", "HEAD"} and not answer.cookies and is_known(raw, tag):
            return web.Response(status=304, headers=headers)
    response = web.Response(status=status, body=body, headers=headers, content_type=JSON if body else None)
    for name, value, attributes in answer.cookies:
        if value is None:
            response.del_cookie(name, **attributes)
        else:
            response.set_cookie(name, value, **attributes)
    return response


async def _json(request: web.Request) -> bytes:
    if "Content-Type" in request.headers and request.body_exists and request.content_type != JSON:
        raise WrongMediaType("Send the body as application/json.")
    return await request.read() or b"{}"
