"""What becomes of films and rooms when an account is gone for good."""

import asyncio
from pathlib import Path
from typing import Any

from tests.client import PASSWORD, Client
from tests.http.conftest import setup_token, started
from watchparty.app import serving
from watchparty.services.clock import SystemClock
from watchparty.services.users import GRACE
from watchparty.settings import Settings

ME = "/api/v1/users/me"


class EightDaysLater(SystemClock):
    def time(self) -> float:
        return super().time() + GRACE + 86_400


async def until_gone(client: Client, path: str) -> None:
    async with asyncio.timeout(20):
        while True:
            async with client.session.get(client.absolute(path), headers=client.headers()) as answer:
                if answer.status == 404:
                    return
            await asyncio.sleep(0.02)


async def test_films_go_with_their_owner_or_stay_as_the_first_administrators_and_rooms_are_closed(
    tmp_path: Path, films: Any
) -> None:
    data = tmp_path / "data"
    made: dict[str, Any] = {}
    async with started(data) as running, Client(running.local_url) as ada:
        made["ada"] = (await ada.setup(setup_token(running)))["user"]["id"]
        for name, videos in (("bob", "delete"), ("carol", "keep")):
            async with Client(ada.url) as person:
                made[name] = (await person.register(name))["user"]["id"]
                made[f"{name} film"] = (await person.upload(films.h264))["id"]
                made[f"{name} room"] = (await person.post("/api/v1/rooms", {"name": "Friday"}, 201))["id"]
                await person.call("DELETE", ME, {"password": PASSWORD, "videos": videos})
        await ada.get(f"/api/v1/videos/{made['bob film']}")  # for seven days nothing is lost
        await ada.get(f"/api/v1/users/{made['bob']}")
    settings = Settings(data=str(data), host="127.0.0.1", port=0)
    async with serving(settings, EightDaysLater()) as running, Client(running.local_url) as ada:
        await ada.login()
        for name in ("bob", "carol"):
            await until_gone(ada, f"/api/v1/users/{made[name]}")
            await ada.get(f"/api/v1/rooms/{made[name + ' room']}", 404)
        await ada.get(f"/api/v1/videos/{made['bob film']}", 404)
        kept = await ada.get(f"/api/v1/videos/{made['carol film']}")
        assert kept["owner"]["id"] == made["ada"]
    assert not [path for path in (data / "objects").rglob("*") if made["bob film"] in str(path)]
