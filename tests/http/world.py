"""Everybody who may come to this server's door, and one of each thing there is, on the real app."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.client import Client
from tests.http.conftest import setup_token, started
from tests.party_client import PartyClient
from watchparty.app import web as app
from watchparty.http import server
from watchparty.services import passwords

# Who calls, in the order of the matrix's columns.
PEOPLE = ("nobody", "guest", "elsewhere", "member", "cohost", "host", "owner", "other", "admin", "disabled")
ACCOUNTS = ("member", "cohost", "host", "owner", "other", "disabled")
SRT = b"1\n00:00:01,000 --> 00:00:02,000\nHello.\n"


@dataclass
class World:
    """`things` are named in the matrix as {thing}; {new_...} are made for one call each, by the method of that name."""

    url: str
    people: dict[str, Client] = field(default_factory=dict)
    things: dict[str, str] = field(default_factory=dict)

    async def fill(self, text: str) -> str:
        """`text` with the ids of the things it names."""
        for name in re.findall(r"\{(\w+)\}", text):
            maker: Callable[[], Awaitable[str]] | None = getattr(self, name, None)
            text = text.replace(f"{{{name}}}", await maker() if maker else self.things[name])
        return text

    async def renew(self, who: str) -> None:
        """Have somebody back whose session the last call may have ended."""
        if who in ("guest", "elsewhere"):
            await self._guest(who, self.things["room" if who == "guest" else "elsewhere"])
        elif who not in ("nobody", "disabled"):
            self.people[who].token = None
            await self.people[who].login(who)

    async def new_room(self) -> str:
        return await self._room("invite")

    async def new_knocked(self) -> str:
        return await self._room("approval")

    async def new_member(self) -> str:
        return await self._guest("short", self.things["room"])

    async def new_banned(self) -> str:
        member = await self.new_member()
        await self.people["host"].call("PUT", f"/api/v1/rooms/{self.things['room']}/bans/{member}")
        return member

    async def new_invite(self) -> str:
        path = f"/api/v1/rooms/{self.things['room']}/invites"
        return str((await self.people["host"].post(path, {}, 201))["id"])

    async def new_request(self) -> str:
        path = f"/api/v1/rooms/{self.things['knocked']}/access-requests"
        return str((await self.people["nobody"].post(path, {"name": "Kim"}, 202))["request_id"])

    async def new_item(self) -> str:
        path = f"/api/v1/rooms/{self.things['room']}/queue"
        return str((await self.people["owner"].post(path, {"video_id": self.things["video"]}, 201))["id"])

    async def new_subtitle(self) -> str:
        return str((await self.people["owner"].add_subtitles(self.things["video"], SRT))["id"])

    async def new_video(self) -> str:
        made = await self.people["owner"].post("/api/v1/videos", {"title": "Short"}, 201)
        return str(made["video"]["id"])

    async def new_trashed(self) -> str:
        """A film that the owner has deleted."""
        video = await self.new_video()
        await self.people["owner"].call("DELETE", f"/api/v1/videos/{video}", status=204)
        return video

    async def new_job(self) -> str:
        """One that has ended."""
        path = f"/api/v1/videos/{self.things['video']}/extract-audio"
        job = (await self.people["owner"].post(path, {"format": "m4a"}, 202))["job"]
        await self.people["owner"].until(f"/api/v1/jobs/{job['id']}", "finished_at")
        return str(job["id"])

    async def new_user(self) -> str:
        made = await self.people["admin"].post("/api/v1/admin/users", {"username": await self.new_name()}, 201)
        return str(made["user"]["id"])

    async def new_comment(self) -> str:
        path = f"/api/v1/videos/{self.things['video']}/comments"
        return str((await self.people["owner"].post(path, {"text": "Hello."}, 201))["id"])

    async def new_deleted_comment(self) -> str:
        """One that whoever wrote it has deleted."""
        comment = await self.new_comment()
        await self.people["owner"].call("DELETE", f"/api/v1/comments/{comment}", status=204)
        return comment

    async def new_name(self) -> str:
        self.things["count"] = str(int(self.things.get("count", "0")) + 1)
        return f"person{self.things['count']}"

    async def _room(self, admission: str) -> str:
        """A room of the host's with everybody in it who is in the usual one."""
        room = await self.people["host"].post("/api/v1/rooms", {"name": "Friday", "admission": admission}, 201)
        for who, role in (("member", "member"), ("owner", "member"), ("cohost", "cohost")):
            await self.people[who].post("/api/v1/rooms/join", {"token": await self._link(room["id"], role)})
        return str(room["id"])

    async def _guest(self, who: str, room_id: str) -> str:
        body = {"token": await self._link(room_id, "guest"), "name": who}
        session = await self.people["nobody"].post("/api/v1/rooms/join", body, 201)
        if who in PEOPLE:
            self.people[who].token = session["access_token"]
        return str(session["user"]["id"])

    async def _link(self, room_id: str, role: str) -> str:
        host = self.people["admin" if room_id == self.things.get("elsewhere") else "host"]
        invite = await host.post(f"/api/v1/rooms/{room_id}/invites", {"role": role}, 201)
        return str(invite["url"]).rpartition("/")[2]


@contextlib.asynccontextmanager
async def opened_world(folder: Path, film: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """The server with all of them; `film` is the one they watch."""
    monkeypatch.setattr(passwords, "ROUNDS", 4)  # passwords are not what is looked at, and there are many
    async with started(folder) as running, contextlib.AsyncExitStack() as stack:
        world = World(f"http://127.0.0.1:{running.port}")
        for who in PEOPLE:
            world.people[who] = await stack.enter_async_context(Client(world.url))
        await world.people["admin"].setup(setup_token(running), "admin")
        await asyncio.gather(*(world.people[who].register(who) for who in ACCOUNTS))
        await _furnish(world, film, stack)
        yield world


def noted_routes(monkeypatch: pytest.MonkeyPatch) -> set[tuple[str, str]]:
    """Method and path of every route that servers started after this have in their router."""
    routes: set[tuple[str, str]] = set()
    application = server.application

    def noted(*parts: Any, **named: Any) -> web.Application:
        made = application(*parts, **named)
        routes.update((route.method, route.resource.canonical) for route in made.router.routes() if route.resource)
        return made

    monkeypatch.setattr(app, "application", noted)
    return routes


async def _furnish(world: World, film: Path, stack: contextlib.AsyncExitStack) -> None:
    people, things = world.people, world.things
    video = await people["owner"].ready(film, title="Film")
    things.update(nothing="nothing", file="master.m3u8", script="elements/wp-toast.js", video=video["id"])
    for who in PEOPLE[3:]:
        things[f"{who}_id"] = (await people[who].get("/api/v1/users/me"))["id"]
    elsewhere = await people["admin"].post("/api/v1/rooms", {"name": "Elsewhere", "admission": "invite"}, 201)
    things["elsewhere"] = elsewhere["id"]
    things["room"], things["knocked"] = await world.new_room(), await world.new_knocked()
    await world.renew("guest")
    await world.renew("elsewhere")
    for name in ("invite", "request", "item", "subtitle", "job", "comment"):
        things[name] = await getattr(world, f"new_{name}")()
    await _disable(world)
    await _take_seats(world, stack)
    things["grant"] = (await people["owner"].master(video["id"])).partition("/m/")[2].partition("/")[0]


async def _disable(world: World) -> None:
    path = f"/api/v1/admin/users/{world.things['disabled_id']}"
    await world.people["admin"].call("PATCH", path, {"disabled": True})


async def _take_seats(world: World, stack: contextlib.AsyncExitStack) -> None:
    """Whoever belongs to the room sits in it, and somebody has said something there."""
    room = world.things["room"]
    seats = [
        await stack.enter_async_context(PartyClient.open(world.url, room, world.people[who].token or ""))
        for who in ("guest", "cohost", "host", "member")
    ]
    await seats[-1].send("chat", text="Hello", client_id="1")
    world.things["message"] = (await seats[-1].hears("chat"))["id"]
    sessions = await world.people["host"].get(f"/api/v1/rooms/{room}/sessions")
    world.things["sitting"] = sessions["items"][0]["id"]
