"""Accounts in the hands of administrators: made, changed, shut out, let in again and deleted, with a note of each."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from watchparty.domain.account import Account, AccountChange, WantedAccounts
from watchparty.domain.errors import Conflict, NotAllowed, NotFound, NotSignedIn
from watchparty.domain.text import person_name
from watchparty.domain.user import Person, Role
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.services.ids import new_secret
from watchparty.services.passwords import hash_password
from watchparty.services.sessions import Session, Sessions, hash_of
from watchparty.services.users import NewAccount, Users, check_strength
from watchparty.storage.accounts import AccountStore, PasswordLinkStore
from watchparty.storage.database import Database, Tx
from watchparty.storage.two_step import TwoStepStore
from watchparty.storage.users import UserStore

LINK_LIFETIME = 3 * 24 * 3600.0
DEAD_LINK = "This link is not valid any more. Ask whoever runs this server for a new one."


@dataclass(frozen=True)
class Link:
    """The secret of a link by which somebody chooses a password, once; `expires_at` in Unix seconds."""

    token: str
    expires_at: float


class Accounts:
    def __init__(
        self,
        database: Database,
        store: AccountStore,
        user_store: UserStore,
        links: PasswordLinkStore,
        two_steps: TwoStepStore,
        users: Users,
        sessions: Sessions,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._user_store = user_store
        self._links = links
        self._two_steps = two_steps
        self._users = users
        self._sessions = sessions
        self._audit = audit
        self._clock = clock
        self._changing = asyncio.Lock()

    async def page(self, wanted: WantedAccounts) -> list[Account]:
        return await self._database.read(lambda tx: self._store.page(tx, wanted))

    async def find(self, user_id: str) -> Account:
        """Raises NotFound."""
        account = await self._database.read(lambda tx: self._store.get(tx, user_id))
        if account is None:
            raise NotFound("There is no such account.")
        return account

    async def add(self, person: Person, new: NewAccount, role: Role) -> tuple[Account, Link | None]:
        """Make an account; without a password in `new`, by a link with which its owner chooses one.

        Raises Invalid, or Conflict when the username is taken.
        """
        link = None if new.password is not None else self._new_link()

        def besides(tx: Tx, user_id: str) -> None:
            self._audit.note(tx, person, "user.created", user_id, None, {"username": new.username, "role": role})
            if link is not None:
                self._links.replace(tx, user_id, hash_of(link.token), link.expires_at)

        user = await self._users.add(new, role, besides)
        return await self.find(user.id), link

    async def change(
        self,
        person: Person,
        user_id: str,
        change: AccountChange,
        seen: Callable[[Account], None] = lambda _: None,
    ) -> Account:
        """`seen` may raise on how the account stands: no other administrator changes it in between.

        Raises NotFound, Invalid, and Conflict for what would leave the server without an administrator.
        """
        name = None if change.display_name is None else person_name(change.display_name, "/display_name")
        async with self._changing:
            before = await self.find(user_id)
            seen(before)
            if change.role is not None and change.role is not before.user.role:
                noted = self._noted(person, "user.role", user_id, role=(before.user.role, change.role))
                await self._users.set_role(user_id, change.role, noted)
            if change.disabled is not None and change.disabled != before.user.disabled:
                deed = "user.disabled" if change.disabled else "user.enabled"
                act = self._users.disable if change.disabled else self._users.enable
                await act(user_id, self._noted(person, deed, user_id))
            if name is not None and name != before.user.display_name:
                await self._rename(person, before, name)
            if change.sets_quota and change.quota != before.quota:
                await self._set_quota(person, before, change.quota)
            return await self.find(user_id)

    async def delete(
        self,
        person: Person,
        user_id: str,
        *,
        keeps_videos: bool,
        seen: Callable[[Account], None] = lambda _: None,
    ) -> None:
        """`seen` is as with `change`. Raises NotFound, or Conflict for the last administrator."""
        async with self._changing:
            account = await self.find(user_id)
            seen(account)

            def besides(tx: Tx) -> None:
                facts = {"username": account.user.username, "role": account.user.role, "videos": account.videos}
                self._audit.note(tx, person, "user.deleted", user_id, facts, {"keeps_videos": keeps_videos})

            await self._users.delete(user_id, keeps_videos=keeps_videos, besides=besides)

    async def sign_out(self, person: Person, user_id: str) -> None:
        """Everywhere, and at once. Raises NotFound."""
        account = await self.find(user_id)

        def keep(tx: Tx) -> None:
            self._sessions.forget_user(tx, user_id)
            self._audit.note(tx, person, "user.signed-out", user_id, {"sessions": account.sessions}, {"sessions": 0})

        await self._database.write(keep)
        self._sessions.drop_user(user_id)

    async def end_two_step(self, person: Person, user_id: str) -> None:
        """Have a password alone do again, for somebody who lost their telephone.

        Raises NotFound, or Conflict when it does already.
        """
        account = await self.find(user_id)
        if not account.two_step:
            raise Conflict("This account has no second step.")

        def keep(tx: Tx) -> None:
            self._two_steps.end(tx, user_id)
            self._audit.note(tx, person, "user.two-step-ended", user_id)

        await self._database.write(keep)

    async def new_link(self, person: Person, user_id: str) -> Link:
        """A link by which this account's owner chooses a password; one that was given before ends. Raises NotFound."""
        await self.find(user_id)
        link = self._new_link()

        def keep(tx: Tx) -> None:
            self._links.replace(tx, user_id, hash_of(link.token), link.expires_at)
            self._audit.note(tx, person, "user.password-link", user_id)

        await self._database.write(keep)
        return link

    async def choose_password(self, token: str, password: str) -> Session:
        """Spend a link: everybody who was signed in is out, and whoever holds it is in.

        Raises Invalid for a password that is too short or long, NotAllowed for a link that is wrong, spent or over, and
        NotSignedIn when the account is disabled, or wants a code, too: then the password is chosen all the same.
        """
        check_strength(password, "/password")
        hashed, now = await hash_password(password), self._clock.time()

        def keep(tx: Tx) -> Account:
            user_id = self._links.take(tx, hash_of(token), now)
            if user_id is None:
                raise NotAllowed(DEAD_LINK)
            self._user_store.update_password(tx, user_id, hashed)
            self._sessions.forget_user(tx, user_id)
            self._audit.note(tx, None, "user.password-chosen", user_id)
            account = self._store.get(tx, user_id)
            assert account is not None  # the link goes with its account
            return account

        account = await self._database.write(keep)
        self._sessions.drop_user(account.user.id)
        if account.two_step:
            raise NotSignedIn("Your password is chosen. Sign in with it and with a code of your app.")
        return await self._sessions.open(account.user)

    async def _rename(self, person: Person, before: Account, name: str) -> None:
        user = before.user
        noted = self._noted(person, "user.renamed", user.id, display_name=(user.display_name, name))

        def keep(tx: Tx) -> None:
            self._user_store.update_profile(tx, replace(user, display_name=name))
            noted(tx)

        await self._database.write(keep)
        self._sessions.rename(user.id, name)

    async def _set_quota(self, person: Person, before: Account, quota: int | None) -> None:
        user_id = before.user.id

        def keep(tx: Tx) -> None:
            self._store.set_quota(tx, user_id, quota)
            self._audit.note(tx, person, "user.quota", user_id, {"quota": before.quota}, {"quota": quota})

        await self._database.write(keep)

    def _noted(self, person: Person, deed: str, user_id: str, **changed: tuple[Any, Any]) -> Callable[[Tx], None]:
        before = {name: old for name, (old, _) in changed.items()} or None
        after = {name: new for name, (_, new) in changed.items()} or None
        return lambda tx: self._audit.note(tx, person, deed, user_id, before, after)

    def _new_link(self) -> Link:
        return Link(new_secret(), self._clock.time() + LINK_LIFETIME)
