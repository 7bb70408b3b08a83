"""Every error as problem details (RFC 9457), and the one table that gives each its status."""

import errno
import http

import msgspec
from aiohttp import web

from watchparty.domain.errors import (
    Busy,
    ChecksumMismatch,
    Conflict,
    Invalid,
    LengthRequired,
    Locked,
    Malformed,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Problem,
    Stale,
    StorageFull,
    TooLarge,
    TooMany,
    WrongMediaType,
)

STATUS: dict[type[Problem], int] = {
    Malformed: 400,
    NotSignedIn: 401,
    NotAllowed: 403,
    NotFound: 404,
    Conflict: 409,
    LengthRequired: 411,
    Stale: 412,
    TooLarge: 413,
    WrongMediaType: 415,
    Invalid: 422,
    Locked: 423,
    TooMany: 429,
    ChecksumMismatch: 460,
    Busy: 503,
    StorageFull: 507,
}

_FULL = {errno.ENOSPC, errno.EDQUOT}
# Seconds after which to try again: a fault may pass by itself, a disk that can only be read has to be seen to.
_FAULT_PASSES, _SEEN_TO = 5.0, 60.0

# Of resumable uploads (tus 1.0.0, checksum), which HTTP's own list does not have.
_TITLES = {460: "Checksum Mismatch"}
# What to say when aiohttp itself refuses a request before any of our code has seen it.
_SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not answer that method.",
    413: "The request is larger than this server accepts.",
}


class FieldError(msgspec.Struct):
    """One field that is not acceptable; `pointer` is a JSON pointer (RFC 6901)."""

    pointer: str
    detail: str


class ProblemView(msgspec.Struct):
    """What went wrong, as RFC 9457 wants it said."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: list[FieldError] | msgspec.UnsetType = msgspec.UNSET


class InvalidFields(Invalid):
    """Several fields at once are not acceptable."""

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(errors[0].detail if len(errors) == 1 else "Some fields are not acceptable.")
        self.errors = errors


def answer_to(problem: Problem, request_id: str) -> web.Response:
    """The response that tells somebody what went wrong."""
    errors = problem.errors if isinstance(problem, InvalidFields) else []
    if not errors and problem.pointer is not None:
        errors = [FieldError(problem.pointer, problem.detail)]
    headers = {"Retry-After": str(max(1, round(problem.retry_after)))} if isinstance(problem, TooMany) else {}
    if isinstance(problem, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return problem_response(
        status_of(problem), problem.detail, request_id, errors=errors, headers=headers, type=problem.type
    )


def problem_of(fault: OSError) -> Problem:
    """What a fault of the disk is to whoever met it."""
    if fault.errno in _FULL:
        return StorageFull("The disk is full, so this could not be kept. Free some space and try again.")
    if fault.errno == errno.EROFS:
        return Busy("The disk can only be read, so nothing can be kept on it.", retry_after=_SEEN_TO)
    return Busy("The disk failed. Try again in a moment.", retry_after=_FAULT_PASSES)


def status_of(problem: Problem) -> int:
    """The status of a problem, or of the nearest of its parents that has one."""
    return next(STATUS[kind] for kind in type(problem).__mro__ if kind in STATUS)


def answer_to_refusal(refusal: web.HTTPException, request_id: str) -> web.Response:
    """The same for what aiohttp refuses by itself: no such route, wrong method, too large."""
    sentence = _SENTENCES.get(refusal.status, refusal.reason)
    headers = {name: refusal.headers[name] for name in ("Allow",) if name in refusal.headers}
    return problem_response(refusal.status, sentence, request_id, headers=headers)


def problem_response(
    status: int,
    detail: str,
    request_id: str,
    *,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
    type: str = Problem.type,
) -> web.Response:
    view = ProblemView(
        type=type,
        title=_TITLES.get(status) or http.HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        request_id=request_id,
        errors=errors or msgspec.UNSET,
    )
    return web.Response(
        status=status, body=msgspec.json.encode(view), content_type="application/problem+json", headers=headers
    )
