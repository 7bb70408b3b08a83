"""Every error as a sentence."""

import logging

from aiohttp import hdrs, web
from aiohttp.client_exceptions import ClientError
from aiohttp.typedefs import Handler

from watchparty.domain.errors import Problem
from watchparty.http.bookkeeping import GONE
from watchparty.http.endpoint import PERSON
from watchparty.http.pages import Pages
from watchparty.http.problems import answer_to, answer_to_refusal, problem_of, problem_response, status_of
from watchparty.http.request_id import REQUEST_ID

log = logging.getLogger(__name__)
SERVER_FAULT = "Something went wrong on the server. It has been written to its log."


class Answering:
    """Sees to it that every request gets an answer that can be read, and that no traceback leaves the house."""

    __middleware_version__ = 1  # what aiohttp's own decorator would set

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    async def __call__(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            response = await handler(request)
        except Problem as problem:
            response = self._problem(request, problem)
        except web.HTTPException as refusal:
            response = refusal if refusal.status < 400 else self._refusal(request, refusal)
        except (ConnectionError, ClientError):
            # The client has gone: nobody is left to be answered, and aiohttp would call it an error of the server.
            response = web.Response(status=GONE)
        except OSError as fault:
            log.exception("request %s met a fault of the disk", request[REQUEST_ID])
            response = self._problem(request, problem_of(fault))
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


def _wants_a_page(request: web.Request) -> bool:
    is_api = request.path.startswith(("/api/v1/", "/m/", "/u/"))
    return not is_api and "text/html" in request.headers.get(hdrs.ACCEPT, "")
