"""The name by which a request is found again in the log."""

import re

from aiohttp import web

from watchparty.domain.masking import masked
from watchparty.services.ids import new_id

REQUEST_ID = web.RequestKey("request_id", str)
_WELL_FORMED = re.compile(r"[\w.-]{1,64}", re.ASCII)


def id_for(request: web.BaseRequest) -> str:
    """What the client calls it, where that is well-formed and could not be a secret; else a new name."""
    given = request.headers.get("X-Request-ID", "")
    return given if _WELL_FORMED.fullmatch(given) and masked(given) == given else new_id()
