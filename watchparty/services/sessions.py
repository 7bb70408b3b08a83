"""Who is signed in: opened, recognised on every request, prolonged, and ended at once everywhere."""

import asyncio
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from watchparty.domain.api_key import MARK
from watchparty.domain.device import LONGEST
from watchparty.domain.errors import NotSignedIn
from watchparty.domain.user import Person, Role, User
from watchparty.services import origin
from watchparty.services.clock import Clock, SteadyTime
from watchparty.services.ids import new_id, new_secret
from watchparty.services.tokens import AccessTokens
from watchparty.storage.database import Database, Tx
from watchparty.storage.sessions import KeptDevice, SessionStore

ACCESS_LIFETIME = 15 * 60.0
REFRESH_LIFETIME = 30 * 24 * 3600.0
GUEST_LIFETIME = 12 * 3600.0
# Two tabs that refresh with the same token within this time are one person, not a thief.
RACE = 10.0


@dataclass(frozen=True)
class Session:
    """What somebody gets on signing in. `expires_in` is in seconds; guests have no refresh token."""

    person: Person
    access_token: str
    expires_in: int
    refresh_token: str | None = None


@dataclass(frozen=True)
class _Rotation:
    """A refresh token being exchanged, or just exchanged, for its successor."""

    task: asyncio.Task[Session]
    started: float


@dataclass(frozen=True)
class Seen:
    """When a session or key was last used, in Unix seconds, and from which address."""

    at: float
    address: str | None


@dataclass(frozen=True)
class _Key:
    """An API key in force; `expires_at` in Unix seconds."""

    id: str
    expires_at: float | None


class Sessions:
    """Live sessions are all in memory, so that recognising somebody never waits for the database."""

    def __init__(self, database: Database, store: SessionStore, tokens: AccessTokens, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._tokens = tokens
        self._clock = clock
        self._steady = SteadyTime(clock)
        # By the id of a session, or of the API key that stands in for one.
        self._live: dict[str, Person] = {}
        self._keys: dict[str, _Key] = {}
        self._seen: dict[str, Seen] = {}
        self._rotations: dict[str, _Rotation] = {}
        self._on_end: list[Callable[[str], None]] = []

    async def load(self) -> None:
        """Remember the sessions of before the last stop, and drop those that ran out."""
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.forget_expired(tx, now))
        for kept in await self._database.read(lambda tx: self._store.live(tx, now)):
            self._live[kept.person.session_id] = kept.person

    def on_end(self, callback: Callable[[str], None]) -> None:
        """Have `callback` told the id of every session that ends, in the moment it ends."""
        self._on_end.append(callback)

    async def open(self, user: User) -> Session:
        """Sign somebody in on one device. Raises NotSignedIn when the account was disabled meanwhile."""
        person = Person(user.id, user.display_name, user.role, new_id())
        refresh_token, now = new_secret(), self._clock.time()
        device = _device(person.session_id, now)

        def keep(tx: Tx) -> None:
            if not self._store.add_user(tx, device, user.id, now + REFRESH_LIFETIME):
                raise NotSignedIn("This account is disabled.")
            self._store.add_token(tx, hash_of(refresh_token), person.session_id, now + REFRESH_LIFETIME)

        await self._database.write(keep)
        self._live[person.session_id] = person
        return self._session(person, refresh_token)

    async def open_guest(self, room_id: str, name: str, guest_id: str | None = None) -> Session:
        """Let somebody without an account into one room."""
        guest = Person(guest_id or new_id(), name, Role.GUEST, new_id(), room_id)
        now = self._clock.time()
        await self._database.write(lambda tx: self._store.add_guest(tx, guest, now, now + GUEST_LIFETIME))
        self._live[guest.session_id] = guest
        return self._session(guest, None)

    def identify(self, token: str) -> Person:
        """Who holds this access or guest token, or this API key.

        Raises NotSignedIn when it is forged, expired or its session over.
        """
        is_key = token.startswith(MARK)
        session_id = self._key_id(token) if is_key else self._tokens.session_of(token, self._steady.now())
        person = self._live.get(session_id)
        if person is None:
            raise NotSignedIn("This session has ended. Sign in again.")
        came = origin.current()
        self._seen[session_id] = Seen(self._clock.time(), came.address if came else None)
        return person

    def adopt(self, person: Person, key_hash: str, expires_at: float | None) -> None:
        """Recognise an API key from now on; `person.session_id` is its id."""
        self._keys[key_hash] = _Key(person.session_id, expires_at)
        self._live[person.session_id] = person

    def last_seen(self, session_id: str) -> Seen | None:
        """When it was used since that was last written down."""
        return self._seen.get(session_id)

    async def write_down(self) -> None:
        """Keep when sessions were last used, and drop those that ended without this process knowing of it.

        The command line disables accounts and changes passwords while the server runs.
        """
        seen, self._seen = self._seen, {}
        if seen:
            await self._database.write(lambda tx: self._keep_seen(tx, seen))
        live = list(self._live)
        self.drop(await self._database.read(lambda tx: self._store.ended(tx, live)))

    def drop(self, session_ids: Iterable[str]) -> None:
        """Have those end at once that the database knows nothing of any more."""
        for session_id in session_ids:
            self._seen.pop(session_id, None)
            if self._live.pop(session_id, None) is not None:
                for callback in self._on_end:
                    callback(session_id)
        self._keys = {key_hash: key for key_hash, key in self._keys.items() if key.id in self._live}

    def guest_of(self, token: str) -> str | None:
        """The guest whom this token was given to, also when their session is over; None for any other token."""
        try:
            return self._tokens.guest_of(token)
        except NotSignedIn:
            return None

    def expiry(self, token: str) -> float:
        """When this access or guest token ends, in Unix seconds. Raises NotSignedIn."""
        return self._tokens.expiry(token, self._steady.now())

    def as_now(self, person: Person) -> Person:
        """The same as their session knows them by now; somebody who was recognised a while ago may have changed."""
        return self._live.get(person.session_id, person)

    def is_live(self, session_id: str) -> bool:
        """Whether this session has not ended, for whoever recognised it a moment ago and waited since."""
        return session_id in self._live

    async def refresh(self, token: str) -> Session:
        """A new session token pair for a refresh token, which is spent by this.

        Raises NotSignedIn; when the token had been spent before, its whole session ends, since one of the two who
        used it is a thief. Tabs racing within RACE seconds all get the same successor.
        """
        spent, now = hash_of(token), self._clock.monotonic()
        self._rotations = {key: kept for key, kept in self._rotations.items() if now - kept.started < RACE}
        rotation = self._rotations.get(spent)
        if rotation is None:
            rotation = _Rotation(asyncio.create_task(self._rotate(spent)), now)
            self._rotations[spent] = rotation
        return await asyncio.shield(rotation.task)

    async def _rotate(self, spent: str) -> Session:
        successor, now = new_secret(), self._clock.time()

        def exchange(tx: Tx) -> tuple[str | None, bool]:
            kept = self._store.token(tx, spent)
            if kept is None or kept.expires_at <= now:
                return None, False
            if kept.superseded_at is not None:
                return kept.session_id, True
            self._store.supersede(tx, spent, now)
            self._store.add_token(tx, hash_of(successor), kept.session_id, now + REFRESH_LIFETIME)
            self._store.prolong(tx, kept.session_id, now + REFRESH_LIFETIME)
            return kept.session_id, False

        session_id, stolen = await self._database.write(exchange)
        if session_id is None or session_id not in self._live:
            raise NotSignedIn("This session has ended. Sign in again.")
        if stolen:
            await self.end(session_id)
            raise NotSignedIn("This session was ended for safety: its key had been used twice. Sign in again.")
        self._forget_predecessor_of(spent)
        return self._session(self._live[session_id], successor)

    def _forget_predecessor_of(self, spent: str) -> None:
        # Only the token immediately before the newest one is forgiven.
        for key, rotation in list(self._rotations.items()):
            task = rotation.task
            if task.done() and not task.cancelled() and task.exception() is None:
                successor = task.result().refresh_token
                if successor is not None and hash_of(successor) == spent:
                    del self._rotations[key]

    async def end(self, session_id: str) -> None:
        """Sign out: its tokens, grants and sockets die with it."""
        self.drop([session_id])
        await self._database.write(lambda tx: self._store.end(tx, session_id))

    async def end_others(self, person: Person) -> None:
        """Sign somebody out everywhere but here; the keys of their programs stay good."""
        await self._database.write(lambda tx: self._store.end_others(tx, person.id, person.session_id))
        self.drop([other.session_id for other in self._of(person.id) if other.session_id != person.session_id])

    def forget_user(self, tx: Tx, user_id: str) -> None:
        """Within the transaction that shuts somebody out; `drop_user` follows once it is durable."""
        self._store.end_user(tx, user_id)

    def drop_user(self, user_id: str) -> None:
        """Have all their sessions end at once, and all their keys."""
        self.drop([person.session_id for person in self._live.values() if person.id == user_id])

    def devices(self, tx: Tx, user_id: str) -> list[KeptDevice]:
        """Where somebody is signed in, as it was last written down."""
        return self._store.devices(tx, user_id)

    async def end_room(self, room_id: str) -> None:
        """Sign out every guest of a room."""
        for session_id, person in list(self._live.items()):
            if person.room_id == room_id:
                await self.end(session_id)

    async def end_guest(self, guest_id: str) -> None:
        """Sign out one guest, wherever they are seated."""
        for session_id, person in list(self._live.items()):
            if person.is_guest and person.id == guest_id:
                await self.end(session_id)

    def rename(self, person_id: str, name: str) -> None:
        """Have live sessions show somebody's new name."""
        for session_id, person in self._live.items():
            if person.id == person_id:
                self._live[session_id] = replace(person, name=name)

    def set_role(self, user_id: str, role: Role) -> None:
        """Have live sessions know what somebody may do from now on."""
        for person in self._of(user_id):
            self._live[person.session_id] = replace(person, role=role)

    def _keep_seen(self, tx: Tx, seen: Mapping[str, Seen]) -> None:
        for session_id, each in seen.items():
            self._store.seen(tx, session_id, each.at, each.address)

    def _of(self, user_id: str) -> list[Person]:
        """Somebody's sessions, keys left out."""
        return [person for person in self._live.values() if person.id == user_id and not person.is_key]

    def _key_id(self, token: str) -> str:
        key = self._keys.get(hash_of(token))
        if key is None or (key.expires_at is not None and key.expires_at <= self._steady.now()):
            raise NotSignedIn("This API key is not valid, or not any more.")
        return key.id

    def _session(self, person: Person, refresh_token: str | None) -> Session:
        lifetime = GUEST_LIFETIME if person.is_guest else ACCESS_LIFETIME
        token = self._tokens.issue(person, self._steady.now(), lifetime)
        return Session(person, token, int(lifetime), refresh_token)


def _device(session_id: str, now: float) -> KeptDevice:
    came = origin.current()
    agent = came.agent[:LONGEST] if came and came.agent else None
    return KeptDevice(session_id, agent, came.address if came else None, now, now)


def hash_of(secret: str) -> str:
    """What is kept of a random secret: its SHA-256, hexadecimal. Enough, since it cannot be guessed."""
    return hashlib.sha256(secret.encode()).hexdigest()
