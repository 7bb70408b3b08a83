"""Accounts over HTTP: setting up, signing in and out, profiles."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.errors import NotSignedIn
from watchparty.domain.user import User
from watchparty.http.cookies import NO_COOKIES, REFRESH, cookies_for
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.http.views import PublicUser, avatar_url, public, rfc3339
from watchparty.services.sessions import Session, Sessions
from watchparty.services.users import NewAccount, Users


class SetUp(msgspec.Struct, forbid_unknown_fields=True):
    """The first administrator, with the token printed when the server started."""

    token: str
    username: str
    password: str


class Register(msgspec.Struct, forbid_unknown_fields=True):
    """A new account."""

    username: str
    password: str
    display_name: str | None = None
    email: str | None = None
    invitation: str | None = None
    """The last part of an invitation's link, where registration is by invitation."""


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """`totp`: the code of an app, or a recovery code, for those who have set up two-step sign-in."""

    username: str
    password: str
    totp: str | None = None


class Refresh(msgspec.Struct, forbid_unknown_fields=True):
    """The refresh token, when it is not in the cookie."""

    refresh_token: str | None = None


class SessionView(msgspec.Struct):
    """A session just opened or prolonged; `expires_in` is in seconds."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str | None
    user: PublicUser


class Profile(msgspec.Struct):
    """One's own account."""

    id: str
    username: str
    display_name: str
    role: str
    email: str | None
    bio: str
    avatar_url: str | None
    created_at: str


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    display_name: str | None = None
    email: str | None = None
    bio: str | None = None


class ProfileReplacement(msgspec.Struct, forbid_unknown_fields=True):
    display_name: str
    email: str | None = None
    bio: str = ""


class PasswordChange(msgspec.Struct, forbid_unknown_fields=True):
    current_password: str
    new_password: str


class Leaving(msgspec.Struct, forbid_unknown_fields=True):
    """`videos`: whether one's films go too, or stay here as the first administrator's."""

    password: str
    videos: Literal["delete", "keep"] = "delete"


class LeavingView(msgspec.Struct):
    """Until then signing in brings the account back."""

    leaves_at: str


class Populate(msgspec.Struct, forbid_unknown_fields=True):
    """Up to 200 ids."""

    ids: Annotated[list[str], msgspec.Meta(max_length=200)]


class Populated(msgspec.Struct):
    users: list[PublicUser]


class UserRoutes:
    """`secure` says whether the server itself speaks TLS."""

    def __init__(self, users: Users, sessions: Sessions, *, secure: bool) -> None:
        self._users = users
        self._sessions = sessions
        self._secure = secure

    def endpoints(self) -> Sequence[Endpoint]:
        v1 = "/api/v1"
        anyone, person = Access.ANYONE, Access.PERSON
        return [
            Endpoint("POST", f"{v1}/setup", self.set_up, "Make the first administrator.",
                     body=SetUp, answer=SessionView, status=201, access=anyone),
            Endpoint("POST", f"{v1}/auth/register", self.register, "Make an account.",
                     body=Register, answer=SessionView, status=201, access=anyone),
            Endpoint("POST", f"{v1}/auth/login", self.login, "Sign in.",
                     body=Login, answer=SessionView, access=anyone),
            Endpoint("POST", f"{v1}/auth/refresh", self.refresh, "Exchange a refresh token for new ones.",
                     body=Refresh, answer=SessionView, access=anyone),
            Endpoint("POST", f"{v1}/auth/logout", self.logout, "Sign out; every token of this session dies.",
                     status=204, access=person, personal=True),
            Endpoint("GET", f"{v1}/users/me", self.me, "One's own account.", answer=Profile, also={304: None}),
            Endpoint("PATCH", f"{v1}/users/me", self.change, "Change one's own profile.",
                     body=ProfileChange, answer=Profile),
            Endpoint("PUT", f"{v1}/users/me", self.replace, "Replace one's own profile.",
                     body=ProfileReplacement, answer=Profile),
            Endpoint("PUT", f"{v1}/users/me/password", self.change_password,
                     "Change one's password; every other device is signed out.", body=PasswordChange, status=204,
                     personal=True),
            Endpoint("DELETE", f"{v1}/users/me", self.leave,
                     "Delete one's account: disabled at once, gone for good after seven days; signing in until then"
                     " brings it back.", body=Leaving, answer=LeavingView, personal=True),
            Endpoint("POST", f"{v1}/users/populate", self.populate, "The latest public profiles for many ids.",
                     body=Populate, answer=Populated, access=person),
            Endpoint("GET", f"{v1}/users/{{id}}", self.show, "A public profile.", answer=PublicUser, access=person,
                     also={304: None}),
        ]  # fmt: skip

    async def set_up(self, request: Request[SetUp]) -> Answer:
        account = NewAccount(request.body.username, request.body.password)
        return await self._opened(await self._users.set_up(request.body.token, account))

    async def register(self, request: Request[Register]) -> Answer:
        body = request.body
        account = NewAccount(body.username, body.password, body.display_name, body.email)
        return await self._opened(await self._users.register(account, body.invitation))

    async def login(self, request: Request[Login]) -> Answer:
        body = request.body
        return await self._opened(await self._users.login(body.username, body.password, body.totp))

    async def refresh(self, request: Request[Refresh]) -> Answer:
        token = request.body.refresh_token or request.raw.cookies.get(REFRESH)
        if not token:
            raise NotSignedIn("Sign in first.")
        return await self._opened(await self._sessions.refresh(token))

    async def logout(self, request: Request[None]) -> Answer:
        await self._sessions.end(request.person.session_id)
        return Answer(cookies=NO_COOKIES)

    async def me(self, request: Request[None]) -> Answer:
        user = await self._users.find(request.person.id)
        return _tagged(request, _tag(user), _profile(user))

    async def change(self, request: Request[ProfileChange]) -> Answer:
        body = request.body
        return await self._change(request, body.display_name, body.email, body.bio)

    async def replace(self, request: Request[ProfileReplacement]) -> Answer:
        body = request.body
        return await self._change(request, body.display_name, body.email or "", body.bio)

    async def leave(self, request: Request[Leaving]) -> Answer:
        body = request.body
        user = await self._users.leave(request.person, body.password, keeps_videos=body.videos == "keep")
        return Answer(LeavingView(rfc3339(user.leaves_at or 0)), cookies=NO_COOKIES)

    async def change_password(self, request: Request[PasswordChange]) -> None:
        body = request.body
        await self._users.change_password(request.person, body.current_password, body.new_password)

    async def populate(self, request: Request[Populate]) -> Populated:
        return Populated([public(user) for user in await self._users.populate(request.body.ids)])

    async def show(self, request: Request[None]) -> Answer:
        user = await self._users.find(request.path["id"])
        shown = public(user)
        return _tagged(request, etag(*msgspec.structs.astuple(shown)), shown)

    async def _change(
        self, request: Request[Any], display_name: str | None, email: str | None, bio: str | None
    ) -> Answer:
        require_match(request.raw, _tag(await self._users.find(request.person.id)))
        user = await self._users.update(request.person, display_name=display_name, email=email, bio=bio)
        return Answer(_profile(user), headers={"ETag": _tag(user)})

    async def _opened(self, session: Session) -> Answer:
        user = await self._users.find(session.person.id)
        return Answer(session_view(session, user), cookies=cookies_for(session, secure=self._secure))


def session_view(session: Session, user: User | None = None) -> SessionView:
    """A session as its holder gets it; guests have no account, so their name stands for it."""
    person = session.person
    shown = public(user) if user else PublicUser(person.id, "", person.name, person.role)
    return SessionView(session.access_token, "Bearer", session.expires_in, session.refresh_token, shown)


def _profile(user: User) -> Profile:
    return Profile(
        user.id,
        user.username,
        user.display_name,
        user.role,
        user.email,
        user.bio,
        avatar_url(user),
        rfc3339(user.created_at),
    )


def _tag(user: User) -> str:
    return etag(user.id, user.display_name, user.email, user.bio)


def _tagged(request: Request[None], tag: str, value: Any) -> Answer:
    headers = {"ETag": tag}
    return Answer(status=304, headers=headers) if is_known(request.raw, tag) else Answer(value, headers=headers)
