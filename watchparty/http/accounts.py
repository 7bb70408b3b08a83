"""Accounts as administrators look after them, over HTTP, and the links by which their owners choose a password."""

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from aiohttp import web

from watchparty.domain.account import Account, AccountChange, WantedAccounts
from watchparty.domain.preference import MOST_BYTES
from watchparty.domain.user import Role
from watchparty.http.cookies import cookies_for
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.http.paging import cursor_of, key_of, next_link
from watchparty.http.users import SessionView, session_view
from watchparty.http.views import rfc3339
from watchparty.services.accounts import Accounts, Link
from watchparty.services.addresses import for_others
from watchparty.services.users import NewAccount, Users

RoleName = Literal["admin", "user"]
PLACE = "/api/v1/admin/users/{id}"


class AccountQuery(msgspec.Struct):
    """`q` is in the username or in the name that others see."""

    q: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    role: RoleName | None = None
    disabled: bool | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class NewPerson(msgspec.Struct, forbid_unknown_fields=True):
    """Without a password, the answer holds a link by which the new person chooses one."""

    username: str
    display_name: str | None = None
    email: str | None = None
    role: RoleName = "user"
    password: str | None = None


class PersonChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out, or null, stays as it is. A disabled person is signed out at once, everywhere.

    `quota` is how many bytes their films may take, 0 for no bound; null has the server's setting hold for them again.
    """

    role: RoleName | None = None
    disabled: bool | None = None
    display_name: str | None = None
    quota: Annotated[int, msgspec.Meta(ge=0, le=MOST_BYTES)] | msgspec.UnsetType | None = msgspec.UNSET


class DeletionQuery(msgspec.Struct):
    """What becomes of the person's films: kept by an administrator, or deleted."""

    videos: Literal["keep", "delete"]


class ChosenPassword(msgspec.Struct, forbid_unknown_fields=True):
    """`token` is the link's."""

    token: str
    password: str


class LinkView(msgspec.Struct):
    """Works once, and is shown once."""

    url: str
    expires_at: str


class AccountView(msgspec.Struct):
    """`stored_bytes` are what counts against their quota: the originals of their films, those in the trash too, and
    uploads under way. `quota` is what was set for them alone, 0 for no bound; null: the server's setting holds.

    `videos` are films that are not in the trash, `sessions` the devices they are signed in on.
    A deleted one is gone for good at `leaves_at`; until then it can be opened again.
    """

    id: str
    username: str
    display_name: str
    email: str | None
    role: str
    disabled: bool
    created_at: str
    last_seen: str | None
    sessions: int
    videos: int
    stored_bytes: int
    quota: int | None
    two_step: bool
    leaves_at: str | None


class AccountList(msgspec.Struct):
    items: list[AccountView]
    next_cursor: str | None


class NewPersonView(msgspec.Struct):
    """`link` is null when a password was given."""

    user: AccountView
    link: LinkView | None


class AccountRoutes:
    """`addresses` are those this server has on the network; `secure` says whether it speaks TLS itself."""

    def __init__(self, accounts: Accounts, users: Users, addresses: Sequence[str], *, secure: bool) -> None:
        self._accounts = accounts
        self._users = users
        self._addresses = addresses
        self._secure = secure

    def endpoints(self) -> Sequence[Endpoint]:
        all_of_them, admin = "/api/v1/admin/users", Access.ADMIN
        return [
            Endpoint("GET", all_of_them, self.page, "The accounts by username, with what each takes.",
                     query=AccountQuery, answer=AccountList, access=admin),
            Endpoint("POST", all_of_them, self.add, "Make an account.",
                     body=NewPerson, answer=NewPersonView, status=201, access=admin),
            Endpoint("GET", PLACE, self.show, "One account.", answer=AccountView, access=admin),
            Endpoint("PATCH", PLACE, self.change, "Change an account's role, name or quota, shut it or open it.",
                     body=PersonChange, answer=AccountView, access=admin),
            Endpoint("DELETE", PLACE, self.delete, "Delete an account; `videos` says what becomes of its films.",
                     query=DeletionQuery, status=204, access=admin),
            Endpoint("POST", f"{PLACE}/sign-out", self.sign_out, "Sign somebody out, everywhere and at once.",
                     status=204, access=admin),
            Endpoint("DELETE", f"{PLACE}/totp", self.end_two_step, "Have somebody sign in by password alone again.",
                     status=204, access=admin),
            Endpoint("POST", f"{PLACE}/password-link", self.new_link, "A link by which somebody chooses a password.",
                     answer=LinkView, status=201, access=admin),
            Endpoint("POST", "/api/v1/auth/password", self.choose, "Choose a password by a link, and sign in.",
                     body=ChosenPassword, answer=SessionView, access=Access.ANYONE),
        ]  # fmt: skip

    async def page(self, request: Request[None]) -> Answer:
        query: AccountQuery = request.query
        after = None if query.cursor is None else key_of(query.cursor, tuple[str])[0]
        role = None if query.role is None else Role(query.role)
        accounts = await self._accounts.page(WantedAccounts(query.limit, query.q or None, role, query.disabled, after))
        cursor = cursor_of(accounts[-1].user.username) if len(accounts) == query.limit else None
        items = [_view(account) for account in accounts]
        return Answer(AccountList(items, cursor), headers=next_link(request.raw, cursor))

    async def add(self, request: Request[NewPerson]) -> Answer:
        body = request.body
        new = NewAccount(body.username, body.password, body.display_name, body.email)
        account, link = await self._accounts.add(request.person, new, Role(body.role))
        view = NewPersonView(_view(account), None if link is None else self._link(request.raw, link))
        return Answer(view, headers={"Location": f"/api/v1/admin/users/{account.user.id}"})

    async def show(self, request: Request[None]) -> Answer:
        return _answer(request.raw, await self._accounts.find(request.path["id"]))

    async def change(self, request: Request[PersonChange]) -> Answer:
        body = request.body
        change = AccountChange(
            None if body.role is None else Role(body.role),
            body.disabled,
            body.display_name,
            None if isinstance(body.quota, msgspec.UnsetType) else body.quota,
            sets_quota=body.quota is not msgspec.UNSET,
        )
        account = await self._accounts.change(
            request.person, request.path["id"], change, lambda seen: require_match(request.raw, _tag(seen))
        )
        return Answer(_view(account), headers=_headers(account))

    async def delete(self, request: Request[None]) -> None:
        query: DeletionQuery = request.query
        await self._accounts.delete(
            request.person,
            request.path["id"],
            keeps_videos=query.videos == "keep",
            seen=lambda seen: require_match(request.raw, _tag(seen)),
        )

    async def sign_out(self, request: Request[None]) -> None:
        await self._accounts.sign_out(request.person, request.path["id"])

    async def end_two_step(self, request: Request[None]) -> None:
        await self._accounts.end_two_step(request.person, request.path["id"])

    async def new_link(self, request: Request[None]) -> LinkView:
        return self._link(request.raw, await self._accounts.new_link(request.person, request.path["id"]))

    async def choose(self, request: Request[ChosenPassword]) -> Answer:
        session = await self._accounts.choose_password(request.body.token, request.body.password)
        user = await self._users.find(session.person.id)
        return Answer(session_view(session, user), cookies=cookies_for(session, secure=self._secure))

    def _link(self, request: web.Request, link: Link) -> LinkView:
        origin = for_others(str(request.url.origin()), self._addresses)
        return LinkView(f"{origin}/password?token={link.token}", rfc3339(link.expires_at))


def _answer(request: web.Request, account: Account) -> Answer:
    headers = _headers(account)
    if is_known(request, headers["ETag"]):
        return Answer(status=304, headers=headers)
    return Answer(_view(account), headers=headers)


def _headers(account: Account) -> dict[str, str]:
    return {"ETag": _tag(account), "Cache-Control": "private, no-cache"}


def _tag(account: Account) -> str:
    """Of what can be changed; that somebody signs in makes no new version."""
    return etag(account.user.role, account.user.disabled, account.user.display_name, account.quota)


def _view(account: Account) -> AccountView:
    user = account.user
    return AccountView(
        id=user.id,
        username=user.username,
        display_name=user.display_name,
        email=user.email,
        role=user.role,
        disabled=user.disabled,
        created_at=rfc3339(user.created_at),
        last_seen=None if account.last_seen is None else rfc3339(account.last_seen),
        sessions=account.sessions,
        videos=account.videos,
        stored_bytes=account.stored,
        quota=account.quota,
        two_step=account.two_step,
        leaves_at=None if account.leaves_at is None else rfc3339(account.leaves_at),
    )
