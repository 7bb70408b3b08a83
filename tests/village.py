"""People with accounts, signed in, and films that are ready, put straight into a data directory before a server starts.

No password is hashed and no film encoded, so that a test about fifty people costs no more than one about two.
"""

import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.client import Client
from tests.http.conftest import started
from watchparty.app import opened_accounts
from watchparty.domain.user import Role, User
from watchparty.settings import Settings
from watchparty.storage.database import connect
from watchparty.storage.users import UserStore

DURATION = 600.0


@dataclass(frozen=True)
class Village:
    """Who lives there, by username: each signed in. An account's id is its username, a film's id its title."""

    url: str
    people: Mapping[str, Client]

    def __getitem__(self, name: str) -> Client:
        return self.people[name]


async def settle(
    folder: Path, people: Sequence[str], films: Mapping[str, str], names: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Access tokens by name. The first of `people` is the administrator; `films` are titles, with who owns each.

    Films are public, and ten minutes long. `names` are how people are called, by username.
    """
    async with opened_accounts(Settings(data=str(folder))) as accounts:
        users = [
            User(name, name, (names or {}).get(name, name.title()), Role.USER if i else Role.ADMIN, None, 1.0 + i)
            for i, name in enumerate(people)
        ]
        with contextlib.closing(connect(folder / "watchparty.db")) as database:
            database.execute("BEGIN")
            for user in users:
                UserStore().add(database, user, "nobody knows the password")
            for title, owner in films.items():
                database.execute(
                    "INSERT INTO videos (id, owner_id, title, description, tags, visibility, status, duration,"
                    " created_at, updated_at) VALUES (?, ?, ?, '', '[]', 'public', 'ready', ?, 1, 1)",
                    (title, owner, title, DURATION),
                )
            database.execute("COMMIT")
        return {user.id: (await accounts.sessions.open(user)).access_token for user in users}


@contextlib.asynccontextmanager
async def village(folder: Path, people: Sequence[str], films: Mapping[str, str]) -> AsyncIterator[Village]:
    """The real server with them, answering."""
    tokens = await settle(folder, people, films)
    async with started(folder) as running, contextlib.AsyncExitStack() as stack:
        url = f"http://127.0.0.1:{running.port}"
        clients = {name: await stack.enter_async_context(Client(url, token)) for name, token in tokens.items()}
        yield Village(url, clients)
