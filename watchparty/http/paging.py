"""Lists a page at a time: cursors that mean nothing to others, and the link to the next page (RFC 8288)."""

import base64
import binascii
from typing import TypeVar

import msgspec
from aiohttp import web

from watchparty.domain.errors import Invalid

Key = TypeVar("Key")


def cursor_of(*key: float | str) -> str:
    """Where a page ended, as a word that means nothing to others."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def key_of(cursor: str, kind: type[Key]) -> Key:
    """What `cursor_of` was given. Raises Invalid for a cursor that no page of this kind gave."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=="), type=kind)
    except (binascii.Error, ValueError, msgspec.DecodeError) as error:
        raise Invalid("This cursor does not belong to this list.", pointer="/cursor") from error


def next_link(request: web.Request, cursor: str | None) -> dict[str, str]:
    """The header that leads to the next page, where there is one."""
    return {} if cursor is None else {"Link": f'<{request.rel_url.update_query(cursor=cursor)}>; rel="next"'}
