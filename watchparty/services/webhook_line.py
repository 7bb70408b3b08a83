"""Asks another program's address once: no redirect followed, no private network entered, never for long."""

import socket
from collections.abc import Mapping
from typing import Any

import aiohttp

from watchparty.domain.webhook import PRIVATE, is_public

# Seconds for one try, and bytes of the answer that are kept.
LONGEST_TRY = 15.0
ANSWER = 1024


class Unreached(Exception):
    """There was no answer; `outcome` is the word for it that is counted."""

    def __init__(self, sentence: str, outcome: str) -> None:
        super().__init__(sentence)
        self.outcome = outcome


class _Private(OSError):
    pass


async def post(
    url: str, headers: Mapping[str, str], body: bytes, *, private_too: bool, seconds: float = LONGEST_TRY
) -> tuple[int, str]:
    """The status, and the first bytes of the answer. Raises Unreached.

    Addresses are judged when they are connected to, not before: a name may mean another one by then (DNS rebinding).
    """
    timeout = aiohttp.ClientTimeout(total=seconds)
    connector = aiohttp.TCPConnector(
        force_close=True, use_dns_cache=False, socket_factory=_any_socket if private_too else _public_socket
    )
    try:
        async with (
            # Nothing of the surroundings: no proxy, no .netrc, no cookie.
            aiohttp.ClientSession(
                connector=connector, timeout=timeout, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False
            ) as session,
            session.post(url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            start = await answer.content.read(ANSWER)
            return answer.status, start.decode("utf-8", "replace")
    except TimeoutError as error:
        raise Unreached(f"There was no answer within {seconds:.0f} seconds.", "timeout") from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _Private) or PRIVATE in str(error.os_error):
            raise Unreached(PRIVATE, "private") from error
        raise Unreached(_words(error.os_error), "unreachable") from error
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise Unreached(_words(error), "unreachable") from error


def _any_socket(found: tuple[Any, ...]) -> socket.socket:
    family, kind, protocol, *_ = found
    return socket.socket(family, kind, protocol)


def _public_socket(found: tuple[Any, ...]) -> socket.socket:
    address = found[-1][0]
    if not is_public(address):
        raise _Private(PRIVATE)
    return _any_socket(found)


def _words(error: Exception) -> str:
    return (str(error) or type(error).__name__)[:500]
