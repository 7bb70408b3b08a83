"""Accounts: made, recognised by password, and changed."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from watchparty.domain.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from watchparty.domain.event import UserRegistered
from watchparty.domain.text import person_name, printable, username
from watchparty.domain.user import Person, Role, User
from watchparty.services.account_invitations import CLOSED, AccountInvitations
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.ids import new_id, new_secret
from watchparty.services.login_tries import LoginTries
from watchparty.services.passwords import check_password, hash_password
from watchparty.services.preferences import Preferences
from watchparty.services.sessions import Session, Sessions, hash_of
from watchparty.services.two_steps import Beginning, TwoSteps
from watchparty.storage.database import Database, Tx
from watchparty.storage.users import SetupTokenStore, UserStore

SETUP_LIFETIME = 30 * 60.0
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 1024
LONGEST_BIO = 1_000
# How long a deleted account can be had back, in seconds.
GRACE = 7 * 24 * 3600.0
Besides = Callable[[Tx], None]
"""What else belongs to the transaction of a deed: a line of the audit log."""


@dataclass(frozen=True)
class NewAccount:
    """Without a password nobody can sign in until one is chosen."""

    username: str
    password: str | None
    display_name: str | None = None
    email: str | None = None


class Users:
    """`preferences` say who makes accounts by themselves: everybody, whoever has an invitation, or nobody."""

    def __init__(
        self,
        database: Database,
        store: UserStore,
        setup_tokens: SetupTokenStore,
        sessions: Sessions,
        two_steps: TwoSteps,
        invitations: AccountInvitations,
        events: Events,
        clock: Clock,
        tries: LoginTries,
        preferences: Preferences,
    ) -> None:
        self._database = database
        self._store = store
        self._setup_tokens = setup_tokens
        self._sessions = sessions
        self._two_steps = two_steps
        self._invitations = invitations
        self._events = events
        self._clock = clock
        self._tries = tries
        self._preferences = preferences
        self._exist = False

    async def any_exist(self) -> bool:
        """Whether there is an account yet; until then only the set-up link opens anything."""
        self._exist = self._exist or await self._database.read(self._store.any)
        return self._exist

    async def new_setup_token(self) -> str | None:
        """The secret of a new set-up link, the older one being dead from now on; None once an account exists."""
        token, expires_at = new_secret(), self._clock.time() + SETUP_LIFETIME

        def keep(tx: Tx) -> bool:
            if self._store.any(tx):
                return False
            self._setup_tokens.replace(tx, hash_of(token), expires_at)
            return True

        return token if await self._database.write(keep) else None

    async def set_up(self, token: str, account: NewAccount) -> Session:
        """Make the first administrator. Raises NotAllowed for a wrong or old token, Conflict once there is one."""
        if await self.any_exist():
            raise Conflict("This server has been set up already. Sign in instead.")
        now = self._clock.time()
        if not await self._database.read(lambda tx: self._setup_tokens.is_valid(tx, hash_of(token), now)):
            raise NotAllowed("This set-up link is not valid any more. Restart the server for a new one.")
        user, hashed = await self._new(account, Role.ADMIN)

        def keep(tx: Tx) -> None:
            # Asked again inside the transaction: two people may hold the link.
            if self._store.any(tx) or not self._setup_tokens.is_valid(tx, hash_of(token), now):
                raise Conflict("This server has been set up already. Sign in instead.")
            self._store.add(tx, user, hashed)
            self._events.tell(tx, UserRegistered.of(user))
            self._setup_tokens.forget(tx)

        await self._database.write(keep)
        return await self._sessions.open(user)

    @property
    def registration_open(self) -> bool:
        """Whether visitors may make accounts by themselves."""
        return self._preferences.registration == "open"

    @property
    def registration(self) -> str:
        """Who makes accounts at this moment: "open", "invitation" or "closed"."""
        return self._preferences.registration

    def may_invite(self, person: Person) -> bool:
        """Whether they hand out invitations to this server."""
        return self._invitations.may_invite(person)

    async def why_not_register(self, invitation: str | None) -> str | None:
        """A sentence for somebody who may not make an account, with this invitation where they have one."""
        if self.registration == "closed" or not await self.any_exist():
            return "This server does not take registrations. Ask whoever runs it for an account."
        if self.registration_open:
            return None
        if not invitation:
            return "This server takes people by invitation. Ask whoever runs it for a link."
        return None if await self._invitations.is_open(invitation) else CLOSED

    async def register(self, account: NewAccount, invitation: str | None = None) -> Session:
        """Make an account and sign it in. Raises NotAllowed while registration is closed, or for an old invitation."""
        why_not = await self.why_not_register(invitation)
        if why_not is not None:  # before a password is hashed for a guess
            raise NotAllowed(why_not)

        def spend(tx: Tx, user_id: str) -> None:
            if invitation and not self.registration_open:
                self._invitations.use(tx, invitation)

        return await self._sessions.open(await self.add(account, Role.USER, spend))

    async def add(
        self, account: NewAccount, role: Role, besides: Callable[[Tx, str], None] = lambda tx, user_id: None
    ) -> User:
        """Make an account; `besides` belongs to the same transaction, and is told its id.

        Raises Invalid, or Conflict when the username is taken.
        """
        user, hashed = await self._new(account, role)

        def keep(tx: Tx) -> None:
            self._store.add(tx, user, hashed)
            self._events.tell(tx, UserRegistered.of(user))
            besides(tx, user.id)

        await self._database.write(keep)
        return user

    async def login(self, name: str, password: str, totp: str | None = None) -> Session:
        """Sign somebody in, with a code where they have set that up; a deleted account comes back within its time.

        Raises NotSignedIn, with the same words and after the same work whether the account exists or not, and
        TotpRequired when the password is right and the code is missing or wrong. TooMany where somebody is guessing.
        """
        name = name.strip().lower()
        self._tries.begin(name)  # before anything is computed, or guessing would take the server's cores
        found = await self._database.read(lambda tx: self._store.named(tx, name))
        user, hashed = found if found else (None, _NOBODY)
        if not await check_password(password, hashed) or user is None:
            raise NotSignedIn("The username or the password is wrong.")
        self._tries.passed(name)
        if user.disabled and not user.may_come_back(self._clock.time()):
            raise NotSignedIn("This account is disabled.")
        await self._two_steps.check(user.id, totp)
        if user.disabled:
            await self._come_back(user.id)
        return await self._sessions.open(user)

    async def find(self, user_id: str) -> User:
        """Raises NotFound."""
        user = await self._database.read(lambda tx: self._store.get(tx, user_id))
        if user is None:
            raise NotFound("There is no such user.")
        return user

    async def populate(self, ids: list[str]) -> list[User]:
        """The accounts with these ids, those that exist, in the order asked for."""
        found = {user.id: user for user in await self._database.read(lambda tx: self._store.many(tx, ids))}
        return [found[user_id] for user_id in dict.fromkeys(ids) if user_id in found]

    async def everybody(self) -> list[User]:
        """Every account, by username."""
        return await self._database.read(self._store.everybody)

    async def named(self, name: str) -> User:
        """Raises NotFound."""
        found = await self._database.read(lambda tx: self._store.named(tx, name.strip().lower()))
        if found is None:
            raise NotFound(f"There is no user {name}.")
        return found[0]

    async def update(
        self, person: Person, *, display_name: str | None, email: str | None, bio: str | None = None
    ) -> User:
        """Change what others see of somebody; what is None stays, an empty e-mail is forgotten."""
        user = await self.find(person.id)
        changed = replace(
            user,
            display_name=user.display_name if display_name is None else person_name(display_name, "/display_name"),
            email=user.email if email is None else _email(email),
            bio=user.bio if bio is None else printable(bio, "/bio", longest=LONGEST_BIO, lines=True),
        )
        await self._database.write(lambda tx: self._store.update_profile(tx, changed))
        self._sessions.rename(user.id, changed.display_name)
        return changed

    async def change_password(self, person: Person, current: str, new: str) -> None:
        """Everywhere else, the person is signed out. Raises Invalid when `current` is wrong, TooMany after a few."""
        await self._require_password(person, current, "/current_password")
        check_strength(new, "/new_password")
        hashed = await hash_password(new)
        await self._database.write(lambda tx: self._store.update_password(tx, person.id, hashed))
        await self._sessions.end_others(person)

    async def set_password(self, user_id: str, new: str, besides: Besides | None = None) -> None:
        """For somebody who forgot theirs: they are signed out everywhere. Raises NotFound or Invalid."""
        check_strength(new, "/password")
        hashed = await hash_password(new)

        def keep(tx: Tx, user: User) -> None:
            self._store.update_password(tx, user.id, hashed)
            self._sessions.forget_user(tx, user.id)

        await self._change(user_id, keep, besides)
        self._sessions.drop_user(user_id)

    async def begin_two_step(self, person: Person, password: str) -> Beginning:
        """A secret for an app that makes codes. Raises Invalid for a wrong password, Conflict when it is on already."""
        await self._require_password(person, password, "/password")
        return await self._two_steps.begin(person, (await self.find(person.id)).username)

    async def end_two_step(self, person: Person, password: str, code: str) -> None:
        """Sign in by password alone from now on. Raises Invalid for a wrong password or code."""
        await self._require_password(person, password, "/password")
        await self._two_steps.end(person.id, code)

    async def disable(self, user_id: str, besides: Besides | None = None) -> User:
        """Sign somebody out everywhere at once, their programs too, and do not let them in any more.

        Raises NotFound, or Conflict for the last administrator.
        """

        def keep(tx: Tx, user: User) -> None:
            self._spare_the_last_admin(tx, user)
            self._store.disable(tx, user.id)
            self._sessions.forget_user(tx, user.id)

        user = await self._change(user_id, keep, besides)
        self._sessions.drop_user(user_id)
        return user

    async def enable(self, user_id: str, besides: Besides | None = None) -> User:
        """Let somebody in again, also one whose account was to be deleted. Raises NotFound."""
        return await self._change(user_id, lambda tx, user: self._store.enable(tx, user.id), besides)

    async def set_role(self, user_id: str, role: Role, besides: Besides | None = None) -> User:
        """Who loses the administrators' role is signed out everywhere, so that nothing they opened stays open.

        Raises NotFound, or Conflict for the last administrator.
        """
        demoted = role is not Role.ADMIN

        def keep(tx: Tx, user: User) -> None:
            if demoted and user.role is Role.ADMIN:
                self._spare_the_last_admin(tx, user)
                self._sessions.forget_user(tx, user.id)
            self._store.set_role(tx, user.id, role)

        before = await self.find(user_id)
        user = await self._change(user_id, keep, besides)
        if demoted and before.role is Role.ADMIN:
            self._sessions.drop_user(user_id)
        else:
            self._sessions.set_role(user_id, role)
        return user

    async def delete(
        self, user_id: str, *, keeps_videos: bool, may_return: bool = False, besides: Besides | None = None
    ) -> User:
        """Disable an account, and delete it for good after GRACE seconds.

        `keeps_videos`: its films become the first administrator's instead of going with it; `may_return`: signing in
        until then brings it back; `enable` does so in any case. Raises NotFound, or Conflict for the last
        administrator.
        """
        leaves_at = self._clock.time() + GRACE

        def keep(tx: Tx, user: User) -> None:
            self._spare_the_last_admin(tx, user)
            self._store.leave(tx, user.id, leaves_at, keeps_videos=keeps_videos, may_return=may_return)
            self._sessions.forget_user(tx, user.id)

        user = await self._change(user_id, keep, besides)
        self._sessions.drop_user(user_id)
        return user

    async def leave(self, person: Person, password: str, *, keeps_videos: bool) -> User:
        """Delete one's own account. Raises Invalid for a wrong password, Conflict for the last administrator."""
        await self._require_password(person, password, "/password")
        return await self.delete(person.id, keeps_videos=keeps_videos, may_return=True)

    async def _change(self, user_id: str, keep: Callable[[Tx, User], None], besides: Besides | None) -> User:
        """Carry out `keep` on an account that exists; answers the account as it is then."""

        def carry_out(tx: Tx) -> User:
            user = self._store.get(tx, user_id)
            if user is None:
                raise NotFound("There is no such user.")
            keep(tx, user)
            if besides is not None:
                besides(tx)
            return self._store.get(tx, user_id) or user

        return await self._database.write(carry_out)

    def _spare_the_last_admin(self, tx: Tx, user: User) -> None:
        if user.role is Role.ADMIN and not user.disabled and self._store.other_admin(tx, user.id) is None:
            raise Conflict("This is the only administrator. Make somebody else one first.")

    async def _come_back(self, user_id: str) -> None:
        def keep(tx: Tx, user: User) -> None:
            if not user.may_come_back(self._clock.time()):
                raise NotSignedIn("This account is disabled.")
            self._store.enable(tx, user.id)

        await self._change(user_id, keep, None)

    async def _require_password(self, person: Person, password: str, pointer: str) -> None:
        self._tries.begin(person.id)
        hashed = await self._database.read(lambda tx: self._store.password_hash(tx, person.id))
        if not await check_password(password, hashed):
            raise Invalid("This is not your current password.", pointer=pointer)
        self._tries.passed(person.id)

    async def _new(self, account: NewAccount, role: Role) -> tuple[User, str]:
        name = username(account.username)
        display_name = person_name(account.display_name or name, "/display_name")
        user = User(new_id(), name, display_name, role, _email(account.email or ""), self._clock.time())
        if account.password is None:
            return user, _NOBODY
        check_strength(account.password, "/password")
        return user, await hash_password(account.password)


def check_strength(password: str, pointer: str) -> None:
    """Raises Invalid for a password that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(f"{SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,} characters.", pointer=pointer)


def _email(text: str) -> str | None:
    text = text.strip()
    if not text:
        return None
    # Nothing is ever sent to it, so its shape is all that can be asked for.
    name, _, host = text.partition("@")
    if not name or not host or len(text) > 254 or not text.isprintable() or " " in text:
        raise Invalid("This does not look like an e-mail address.", pointer="/email")
    return text


# The hash of a password nobody has, checked when there is no such account so that guessing names takes as long.
_NOBODY = "$2b$12$" + "." * 22 + "." * 31
