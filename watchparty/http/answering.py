"""The outermost middleware: request ids, security headers, and every error as a sentence."""

import logging
import re

from aiohttp import hdrs, web
from aiohttp.client_exceptions import ClientError
from aiohttp.typedefs import Handler

from watchparty.domain.errors import Problem
from watchparty.http.endpoint import PERSON
from watchparty.http.pages import Pages
from watchparty.http.problems import answer_to, answer_to_refusal, problem_response, status_of
from watchparty.services import origin
from watchparty.services.ids import new_id

log = logging.getLogger(__name__)
REQUEST_ID = web.RequestKey("request_id", str)
SERVER_FAULT = "Something went wrong on the server. It has been written to its log."

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # media-chrome's components bring their styles in their shadow roots
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "worker-src 'self'",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'self'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


class Answering:
    """Sees to it that every request gets an answer that can be read, and that no traceback leaves the house."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        given = request.headers.get("X-Request-ID", "")
        request[REQUEST_ID] = given if re.fullmatch(r"[\w.-]{1,64}", given) else new_id()
        agent = request.headers.get(hdrs.USER_AGENT)
        origin.begin(origin.Origin(request[REQUEST_ID], request.remote, agent))
        try:
            response = await handler(request)
        except Problem as problem:
            response = self._problem(request, problem)
        except web.HTTPException as refusal:
            response = refusal if refusal.status < 400 else self._refusal(request, refusal)
        except (ConnectionError, ClientError):
            raise  # the client has gone: nobody is left to be answered
        except Exception:
            log.exception("request %s failed", request[REQUEST_ID])
            response = problem_response(500, SERVER_FAULT, request[REQUEST_ID])
        return response

    def _problem(self, request: web.Request, problem: Problem) -> web.StreamResponse:
        if _wants_a_page(request):
            return self._pages.problem(status_of(problem), problem.detail, request.get(PERSON))
        return answer_to(problem, request[REQUEST_ID])

    def _refusal(self, request: web.Request, refusal: web.HTTPException) -> web.StreamResponse:
        response = answer_to_refusal(refusal, request[REQUEST_ID])
        if _wants_a_page(request):
            return self._pages.problem(refusal.status, "There is nothing at this address.", request.get(PERSON))
        return response


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler for `on_response_prepare`: the headers that every single response carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-ID"] = request.get(REQUEST_ID) or new_id()
    response.headers.popall(hdrs.SERVER, None)


def _wants_a_page(request: web.Request) -> bool:
    is_api = request.path.startswith(("/api/v1/", "/m/", "/u/"))
    return not is_api and "text/html" in request.headers.get(hdrs.ACCEPT, "")
