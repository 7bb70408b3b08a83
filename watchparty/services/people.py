"""Everything that has to do with accounts, put together: who there is, who is signed in, and by what."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchparty.services.account_invitations import AccountInvitations
from watchparty.services.accounts import Accounts
from watchparty.services.api_keys import ApiKeys
from watchparty.services.audit import Audit
from watchparty.services.avatars import Avatars
from watchparty.services.clock import Clock
from watchparty.services.devices import Devices
from watchparty.services.events import Events
from watchparty.services.keys import derived_key
from watchparty.services.login_tries import LoginTries
from watchparty.services.preferences import Preferences
from watchparty.services.sessions import Sessions
from watchparty.services.tokens import AccessTokens
from watchparty.services.two_steps import TwoSteps
from watchparty.services.users import Users
from watchparty.storage.account_invitations import AccountInvitationStore
from watchparty.storage.accounts import AccountStore, PasswordLinkStore
from watchparty.storage.api_keys import ApiKeyStore
from watchparty.storage.database import Database
from watchparty.storage.sessions import SessionStore
from watchparty.storage.two_step import TwoStepStore
from watchparty.storage.users import SetupTokenStore, UserStore


@dataclass(frozen=True)
class People:
    """Accounts, and who is signed in. The command line needs no more, whether a server is running or not."""

    users: Users
    sessions: Sessions
    devices: Devices
    two_steps: TwoSteps
    api_keys: ApiKeys
    invitations: AccountInvitations
    avatars: Avatars
    accounts: Accounts

    @classmethod
    def of(
        cls,
        database: Database,
        events: Events,
        audit: Audit,
        clock: Clock,
        key: bytes,
        preferences: Preferences,
        tries: LoginTries,
        *,
        invites: str,
    ) -> "People":
        """`key` is the server's signing key, `invites` the setting of this name."""
        store = UserStore()
        sessions = Sessions(database, SessionStore(), AccessTokens(derived_key(key, "access tokens")), clock)
        two_steps = TwoSteps(database, TwoStepStore(), clock, derived_key(key, "two-step sign-in"))
        invitations = AccountInvitations(database, AccountInvitationStore(), clock, by_everyone=invites == "everyone")
        setup_tokens = SetupTokenStore()
        users = Users(
            database, store, setup_tokens, sessions, two_steps, invitations, events, clock, tries, preferences
        )
        account_store, links = AccountStore(), PasswordLinkStore()
        return cls(
            users,
            sessions,
            Devices(database, sessions),
            two_steps,
            ApiKeys(database, ApiKeyStore(), sessions, clock),
            invitations,
            Avatars(database, store, users),
            Accounts(database, account_store, store, links, TwoStepStore(), users, sessions, audit, clock),
        )

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["People"]:
        """Recognise those who were signed in before the last stop; until left, keep what is seen of them."""
        await self.sessions.load()
        await self.api_keys.load()
        async with self.devices.open():
            yield self
