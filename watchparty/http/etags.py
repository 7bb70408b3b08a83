"""Versions of single resources: RFC 9110, sections 8.8.3 and 13.1."""

import hashlib
from collections.abc import Mapping

import msgspec
from aiohttp import hdrs, web

from watchparty.domain.errors import Stale


def etag(*values: object) -> str:
    """A strong tag that changes whenever one of the values does."""
    return etag_of(msgspec.json.encode(values))


def etag_of(body: bytes) -> str:
    """The same of an answer as it is sent."""
    return '"' + hashlib.sha256(body).hexdigest()[:22] + '"'


def require_match(request: web.Request, tag: str) -> None:
    """Raises Stale when the sender was looking at another version. Without If-Match anything goes."""
    wanted = _tags(request.headers, hdrs.IF_MATCH)
    if wanted is not None and "*" not in wanted and tag not in wanted:
        raise Stale("This has changed since you last saw it. Load it again.")


def is_known(request: web.Request, tag: str) -> bool:
    """Whether the sender has this version already (If-None-Match)."""
    known = _tags(request.headers, hdrs.IF_NONE_MATCH)
    return known is not None and ("*" in known or tag in {one.removeprefix("W/") for one in known})


def _tags(headers: Mapping[str, str], name: str) -> set[str] | None:
    value = headers.get(name)
    return None if value is None else {one.strip() for one in value.split(",")}
