"""What REST is held against: starlette on uvicorn (asyncio and h11), doing the same for one address.

    python -m tests.bench.rival DATA_FOLDER PORT

It checks the same token with PyJWT, reads the same row with aiosqlite from the same file, and answers the same JSON.
"""

import contextlib
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiosqlite
import jwt
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from watchparty.services.keys import derived_key, signing_key
from watchparty.services.tokens import AUDIENCE


def application(folder: Path) -> Starlette:
    key = derived_key(signing_key(folder / "secret.key"), "access tokens")

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with aiosqlite.connect(folder / "watchparty.db") as database:
            app.state.database = database
            yield

    async def show(request: Request) -> JSONResponse:
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        try:
            claims = jwt.decode(token, key, algorithms=["HS256"], audience=AUDIENCE)
        except jwt.InvalidTokenError:
            return JSONResponse({"detail": "Sign in first."}, 401)
        if claims["exp"] <= time.time():
            return JSONResponse({"detail": "Sign in first."}, 401)
        async with request.app.state.database.execute(
            "SELECT id, username, display_name, role FROM users WHERE id = ?", (request.path_params["id"],)
        ) as rows:
            row = await rows.fetchone()
        if row is None:
            return JSONResponse({"detail": "There is no such person."}, 404)
        return JSONResponse(dict(zip(("id", "username", "display_name", "role"), row, strict=True)))

    return Starlette(routes=[Route("/api/v1/users/{id}", show)], lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(
        application(Path(sys.argv[1])),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        loop="asyncio",
        http="h11",
        access_log=False,
        log_level="warning",
    )
