"""The pages people open. They are drawn here and filled in by the elements they carry, over the API."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

import jinja2
from aiohttp import web

from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.user import Person
from watchparty.http.assets import Assets
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.services.access_requests import AccessRequests
from watchparty.services.users import Users

NO_REFERRER = {"Referrer-Policy": "no-referrer"}
# What an error page is called; the sentence below it is the problem's own.
TITLES = {
    401: "Sign in first",
    403: "This is not open to you",
    404: "Not found",
    405: "Not found",
    503: "Not just now",
}


class Pages:
    """Draws the templates of web/pages."""

    def __init__(self, assets: Assets) -> None:
        self._templates = jinja2.Environment(
            loader=jinja2.DictLoader(assets.templates),
            autoescape=True,
            auto_reload=False,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(static=assets.url, here="")

    def draw(
        self,
        name: str,
        person: Person | None,
        title: str,
        *,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        **data: Any,
    ) -> web.Response:
        """The page `name`.html for `person`; `data` is what the template asks for besides."""
        text = self._templates.get_template(f"{name}.html").render(person=person, title=title, **data)
        # What a page shows depends on who asks, and must be gone from the history once they have signed out.
        return web.Response(
            text=text, status=status, content_type="text/html", headers={"Cache-Control": "no-store", **(headers or {})}
        )

    def problem(self, status: int, detail: str, person: Person | None = None) -> web.Response:
        """What somebody sees who opened a page that cannot be shown."""
        return self.draw("error", person, TITLES.get(status, "This did not work"), status=status, detail=detail)


class PageRoutes:
    """Which page stands at which address. `addresses` are those this server has on the network, for inviting people."""

    def __init__(self, pages: Pages, users: Users, requests: AccessRequests, addresses: Sequence[str] = ()) -> None:
        self._pages = pages
        self._users = users
        self._requests = requests
        self._addresses = addresses

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            _page("/", self.library, "The library."),
            _page("/setup", self.setup, "Making the first administrator."),
            _page("/login", self.login, "Signing in."),
            _page("/register", self.register, "Making an account."),
            _page("/password", self.password, "Choosing a password by a link."),
            _page("/upload", self.upload, "Adding films."),
            _page("/settings", self.settings, "One's own account."),
            _page("/people/{id}", self.person, "Somebody, as others see them."),
            _page("/videos/{id}", self.watch, "Watching a film."),
            _page("/trash", self.trash, "Deleted films that can still be had back."),
            _page("/jobs", self.jobs, "What is being done, and what was."),
            _page("/notifications", self.notifications, "What one was told of."),
            _page("/admin", self.admin, "Looking after the server."),
            _page("/rooms", self.rooms, "The rooms."),
            _page("/rooms/{id}", self.room, "A room."),
            _page("/join", self.join_by_pin, "Coming in by a PIN."),
            _page("/join/{token}", self.join, "Coming in by an invitation."),
            _page("/api/docs", self.docs, "The documentation of the API."),
        ]

    async def library(self, request: Request[None]) -> web.StreamResponse:
        if request.maybe_person is None and not await self._users.any_exist():
            return self._pages.draw("unset", None, "Not set up yet")
        return self._for_members(request, "library", "Library", query=request.raw.query.get("q", ""))

    async def setup(self, request: Request[None]) -> web.StreamResponse:
        if await self._users.any_exist():
            return _see_other("/login")
        token = request.raw.query.get("token", "")
        return self._pages.draw("setup", None, "Set up", headers=NO_REFERRER, token=token)

    async def login(self, request: Request[None]) -> web.StreamResponse:
        onward = onward_path(request.raw.query.get("next", ""))
        if request.maybe_person is not None and not request.maybe_person.is_guest:
            return _see_other(onward)
        if not await self._users.any_exist():
            return _see_other("/")
        left = "left" in request.raw.query
        is_open = self._users.registration_open
        return self._pages.draw("login", None, "Sign in", onward=onward, may_register=is_open, left=left)

    async def register(self, request: Request[None]) -> web.StreamResponse:
        onward = onward_path(request.raw.query.get("next", ""))
        if request.maybe_person is not None and not request.maybe_person.is_guest:
            return _see_other(onward)
        if not await self._users.any_exist():
            return _see_other("/")
        invitation = request.raw.query.get("invitation", "")
        why_not = await self._users.why_not_register(invitation)
        return self._pages.draw(
            "register",
            None,
            "Make an account",
            headers=NO_REFERRER,
            onward=onward,
            may_register=why_not is None,
            why_not=why_not,
            invitation=invitation,
        )

    async def password(self, request: Request[None]) -> web.StreamResponse:
        token = request.raw.query.get("token", "")
        return self._pages.draw("password", None, "Choose a password", headers=NO_REFERRER, token=token)

    async def upload(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "upload", "Upload")

    async def settings(self, request: Request[None]) -> web.StreamResponse:
        invite = [f"{address.rstrip('/')}/register" for address in self._addresses]
        person = request.maybe_person
        return self._for_members(
            request,
            "settings",
            "Settings",
            invite_urls=invite,
            registration=self._users.registration,
            may_invite=person is not None and self._users.may_invite(person),
        )

    async def person(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "person", "Profile", person_id=request.path["id"])

    async def watch(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "watch", "Watch", video_id=request.path["id"])

    async def trash(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "trash", "Trash")

    async def jobs(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "jobs", "Jobs")

    async def notifications(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "notifications", "Notifications")

    async def admin(self, request: Request[None]) -> web.StreamResponse:
        person = request.maybe_person
        if person is not None and not person.is_admin:
            raise NotAllowed("Only administrators look after the server.")
        return self._for_members(request, "admin", "Administration")

    async def rooms(self, request: Request[None]) -> web.StreamResponse:
        return self._for_members(request, "rooms", "Rooms")

    async def room(self, request: Request[None]) -> web.StreamResponse:
        person, room_id = request.maybe_person, request.path["id"]
        if person is None or (person.is_guest and person.room_id != room_id) or await self._is_shut(person, room_id):
            return self._pages.draw("join", person, "Join a room", invite_token="", room_id=room_id)
        return self._pages.draw("room", person, "Room", room_id=room_id)

    async def join(self, request: Request[None]) -> web.StreamResponse:
        return self._pages.draw(
            "join",
            request.maybe_person,
            "Join a room",
            headers=NO_REFERRER,
            invite_token=request.path["token"],
            room_id="",
        )

    async def join_by_pin(self, request: Request[None]) -> web.StreamResponse:
        return self._pages.draw("join", request.maybe_person, "Join a room", invite_token="", room_id="")

    async def _is_shut(self, person: Person, room_id: str) -> bool:
        """Whether somebody signed in has to ask or to give a password first; of a room they know nothing of, not."""
        try:
            _, enters = await self._requests.door(person, room_id)
        except NotFound:
            return False
        return not enters

    async def docs(self, request: Request[None]) -> web.StreamResponse:
        return self._pages.draw("docs", request.maybe_person, "For programs")

    def _for_members(self, request: Request[None], name: str, title: str, **data: Any) -> web.StreamResponse:
        """A page for people with an account; a guest is shown to their room, anybody else to the door."""
        person = request.maybe_person
        if person is None:
            asked = request.raw.rel_url
            return _see_other("/login" if asked.path == "/" else f"/login?next={quote(str(asked), safe='/')}")
        if person.is_guest:
            return _see_other(f"/rooms/{quote(person.room_id or '', safe='')}")
        return self._pages.draw(name, person, title, **data)


def onward_path(wanted: str) -> str:
    """`wanted` when it is a path on this server, else the front page: a link must not lead people elsewhere."""
    # Browsers read // and /\ as the start of a host's name, and skip tabs and line ends on the way there.
    return wanted if re.fullmatch(r"/(?![/\\])[!-~]*", wanted) else "/"


def _see_other(path: str) -> web.Response:
    return web.Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


def _page(path: str, handler: Any, summary: str) -> Endpoint:
    return Endpoint("GET", path, handler, summary, access=Access.ANYONE, raw=True, hidden=True)
