"""A client of resumable uploads that does exactly what a test says, right or wrong."""

import asyncio
import base64
import contextlib
import hashlib
import io
from collections.abc import AsyncIterable, AsyncIterator
from typing import Any
from urllib.parse import urlsplit

from multidict import CIMultiDictProxy

from tests.client import Client

MEDIA_TYPE = "application/offset+octet-stream"
Content = bytes | AsyncIterable[bytes]


def metadata(**said: str) -> str:
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items())


def checksum(algorithm: str, content: bytes) -> str:
    return f"{algorithm} {base64.b64encode(hashlib.new(algorithm, content).digest()).decode()}"


class Tus:
    """Each method states the status it expects and answers the headers; `who` is shown only where it is signed in."""

    def __init__(self, who: Client) -> None:
        self._who = who

    async def create(self, size: int | None, status: int = 201, **said: str) -> str:
        """The absolute address of a new upload."""
        length = {"Upload-Defer-Length": "1"} if size is None else {"Upload-Length": str(size)}
        headers = {**length, "Upload-Metadata": metadata(**({"filename": "film.mp4"} | said))}
        answer = await self.call("POST", "/api/v1/uploads", status, headers)
        return self._who.absolute(answer.get("Location", ""))

    async def offset(self, url: str, status: int = 200) -> int:
        return int((await self.call("HEAD", url, status)).get("Upload-Offset", -1))

    async def patch(
        self, url: str, offset: int, content: Content, status: int = 204, **headers: str
    ) -> CIMultiDictProxy[str]:
        given = {"Upload-Offset": str(offset), "Content-Type": MEDIA_TYPE}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.call("PATCH", url, status, given, content)

    async def call(
        self,
        method: str,
        url: str,
        status: int,
        headers: dict[str, str] | None = None,
        content: Content | None = None,
        version: str = "1.0.0",
    ) -> CIMultiDictProxy[str]:
        given: dict[str, Any] = {"Tus-Resumable": version, **self._who.headers(), **(headers or {})}
        request = self._who.session.request(method, self._who.absolute(url), headers=given, data=_body(content))
        async with request as answer:
            text = await answer.text()
            assert answer.status == status, f"{method}: {answer.status} instead of {status}: {text[:500]}"
            assert answer.headers["Tus-Resumable"] == "1.0.0"
            return answer.headers


def _body(content: Content | None) -> Any:
    return io.BytesIO(content) if isinstance(content, bytes) else content


@contextlib.asynccontextmanager
async def begun(
    url: str, offset: int, announced: int, also: dict[str, str] | None = None
) -> AsyncIterator[asyncio.StreamWriter]:
    """A PATCH that says it brings `announced` bytes; the test writes of them what it likes. Leaving hangs up."""
    parts = urlsplit(url)
    _, writer = await asyncio.open_connection(parts.hostname, parts.port)
    head = [
        f"PATCH {parts.path} HTTP/1.1",
        f"Host: {parts.netloc}",
        "Tus-Resumable: 1.0.0",
        f"Upload-Offset: {offset}",
        f"Content-Type: {MEDIA_TYPE}",
        f"Content-Length: {announced}",
        *(f"{name}: {value}" for name, value in (also or {}).items()),
    ]
    writer.write("\r\n".join([*head, "", ""]).encode())
    try:
        yield writer
    finally:
        writer.transport.abort()
