"""A program that speaks the public HTTP contract, and nothing of the server's inside."""

import asyncio
import io
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import aiohttp

Content = bytes  # a method of the client has that name
PASSWORD = "correct horse battery"


class Client:
    """One person's (or nobody's) requests. Each method states the status it expects and answers the JSON."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.token = token
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        # No cookie is kept: programs carry their token themselves.
        self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        assert self._session, "Open the client first: `async with`."
        return self._session

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def get(self, path: str, status: int = 200) -> Any:
        return await self.call("GET", path, status=status)

    async def post(self, path: str, body: Any = None, status: int = 200) -> Any:
        return await self.call("POST", path, body, status=status)

    async def call(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """Sends JSON and answers JSON (None for no body); fails, telling what came, on any other status."""
        async with self.session.request(method, self.absolute(path), json=body, headers=self.headers()) as answer:
            text = await answer.text()
            assert answer.status == status, f"{method} {path}: {answer.status} instead of {status}: {text[:500]}"
            return await answer.json(content_type=None) if text else None

    async def bytes(self, path: str, status: int = 200) -> bytes:
        """What a signed URL holds; nothing but the URL is shown."""
        async with self.session.get(self.absolute(path)) as answer:
            body = await answer.read()
            assert answer.status == status, f"GET {path}: {answer.status} instead of {status}: {body[:300]!r}"
            return body

    def absolute(self, path: str) -> str:
        return path if path.startswith("http") else self.url + path

    async def setup(self, token: str, username: str = "ada") -> Any:
        """Makes the first administrator and becomes them."""
        return self._become(
            await self.post("/api/v1/setup", {"token": token, "username": username, "password": PASSWORD}, 201)
        )

    async def register(self, username: str) -> Any:
        return self._become(await self.post("/api/v1/auth/register", {"username": username, "password": PASSWORD}, 201))

    async def login(self, username: str = "ada") -> Any:
        return self._become(await self.post("/api/v1/auth/login", {"username": username, "password": PASSWORD}))

    def _become(self, session: Any) -> Any:
        self.token = session["access_token"]
        return session

    async def upload(self, path: Path, **fields: Any) -> Any:
        """Creates a video and sends its bytes; answers the video as it is right after the last byte."""
        made = await self.post(
            "/api/v1/videos", {"filename": path.name, "size": path.stat().st_size, **fields}, status=201
        )
        with path.open("rb") as film:
            async with self.session.put(self.absolute(made["upload"]["url"]), data=film) as answer:
                assert answer.status == 200, f"PUT: {answer.status}: {await answer.text()}"
                return (await answer.json())["video"]

    async def add_subtitles(self, video_id: str, data: Content, status: int = 201, **query: str) -> Any:
        """Sends a subtitle file as the whole body."""
        url = self.absolute(f"/api/v1/videos/{video_id}/subtitles")
        async with self.session.post(url, params=query, data=io.BytesIO(data), headers=self.headers()) as answer:
            assert answer.status == status, f"{answer.status} instead of {status}: {await answer.text()}"
            return await answer.json(content_type=None)

    async def until_settled(self, video_id: str, seconds: float = 30) -> Any:
        """The video, once it is ready or failed."""
        until = time.monotonic() + seconds
        while (video := await self.get(f"/api/v1/videos/{video_id}"))["status"] not in ("ready", "failed"):
            assert time.monotonic() < until, f"The video was still {video['status']} after {seconds} s."
            await asyncio.sleep(0.05)
        return video

    async def ready(self, path: Path, **fields: Any) -> Any:
        """Uploads a film and waits until it can be watched."""
        video = await self.until_settled((await self.upload(path, **fields))["id"])
        assert video["status"] == "ready", video.get("reason")
        return video

    async def until(self, path: str, has: str, seconds: float = 30) -> Any:
        """What `path` answers, once its field `has` is no longer empty."""
        until = time.monotonic() + seconds
        while not (answer := await self.get(path))[has]:
            assert time.monotonic() < until, f"GET {path} still had no {has} after {seconds} s."
            await asyncio.sleep(0.05)
        return answer

    async def master(self, video_id: str) -> str:
        """The absolute URL of the video's signed master playlist."""
        return self.absolute((await self.get(f"/api/v1/videos/{video_id}/hls"))["hls_url"])
