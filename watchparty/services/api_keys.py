"""Keys for programs: made, listed and taken back by those in whose name they speak."""

from watchparty.domain.api_key import MARK, ApiKey, clean_scopes
from watchparty.domain.errors import Conflict, Invalid, NotFound
from watchparty.domain.text import printable
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id, new_secret
from watchparty.services.sessions import Sessions, hash_of
from watchparty.storage.api_keys import ApiKeyStore
from watchparty.storage.database import Database, Tx

MOST_KEYS = 50
LONGEST_LIFE = 10 * 366 * 24 * 3600.0


class ApiKeys:
    def __init__(self, database: Database, store: ApiKeyStore, sessions: Sessions, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._sessions = sessions
        self._clock = clock

    async def load(self) -> None:
        """Recognise the keys that were made before the last stop."""
        now = self._clock.time()
        for kept in await self._database.read(lambda tx: self._store.live(tx, now)):
            person = kept.key.person(kept.owner_name, kept.owner_role)
            self._sessions.adopt(person, kept.hash, kept.key.expires_at)

    async def add(self, person: Person, name: str, scopes: list[str], expires_in: float | None) -> tuple[ApiKey, str]:
        """A new key, and the key itself, which is shown this once. `expires_in` in seconds.

        Raises Invalid, NotAllowed, or Conflict when there are too many.
        """
        if expires_in is not None and not 0 < expires_in <= LONGEST_LIFE:
            raise Invalid("Choose an end within ten years, or none.", pointer="/expires_in")
        secret, now = MARK + new_secret(), self._clock.time()
        key = ApiKey(
            new_id(),
            person.id,
            printable(name, "/name", shortest=1, longest=60),
            clean_scopes(person, scopes),
            now,
            None if expires_in is None else now + expires_in,
        )

        def keep(tx: Tx) -> None:
            if len(self._store.of(tx, person.id)) >= MOST_KEYS:
                raise Conflict(f"You have {MOST_KEYS} keys already. Delete those that are not needed any more.")
            self._store.add(tx, key, hash_of(secret))

        await self._database.write(keep)
        # The session that asked may have been ended while this was written down, its account with it.
        if self._sessions.is_live(person.session_id):
            self._sessions.adopt(key.person(person.name, person.role), hash_of(secret), key.expires_at)
        return key, secret

    async def list(self, person: Person) -> list[ApiKey]:
        """Somebody's keys, newest first."""
        return await self._database.read(lambda tx: self._store.of(tx, person.id))

    def last_seen(self, key: ApiKey) -> float | None:
        """When it was last used, in Unix seconds."""
        seen = self._sessions.last_seen(key.id)
        return seen.at if seen else key.last_seen

    async def delete(self, person: Person, key_id: str) -> None:
        """It opens nothing from this moment on. Raises NotFound."""
        if not await self._database.write(lambda tx: self._store.delete(tx, person.id, key_id)):
            raise NotFound("There is no such key.")
        self._sessions.drop([key_id])
