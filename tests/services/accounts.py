"""Accounts on a real database, with a clock that is set by hand."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from watchparty.domain.preference import NAMES, Preferred
from watchparty.domain.user import Person, Role, User
from watchparty.services import passwords
from watchparty.services.audit import Audit
from watchparty.services.events import Events
from watchparty.services.login_tries import LoginTries
from watchparty.services.metrics import Metrics
from watchparty.services.people import People
from watchparty.services.preferences import Preferences
from watchparty.services.users import NewAccount
from watchparty.settings import Settings
from watchparty.storage.audit import AuditStore
from watchparty.storage.database import Database
from watchparty.storage.events import EventStore
from watchparty.storage.migrations import migrate
from watchparty.storage.preferences import PreferenceStore

Registration = Literal["open", "invitation", "closed"]
PASSWORD = "correct horse battery"


class SetClock:
    """Both clocks stand still until they are moved."""

    def __init__(self) -> None:
        self.at = 1_700_000_000.0
        self.mono = 1000.0

    def time(self) -> float:
        return self.at

    def monotonic(self) -> float:
        return self.mono


@dataclass(frozen=True)
class House:
    people: People
    clock: SetClock
    database: Database

    async def add(self, name: str, role: Role = Role.USER) -> User:
        return await self.people.users.add(NewAccount(name, PASSWORD), role)

    async def sign_in(self, name: str, totp: str | None = None) -> Person:
        return (await self.people.users.login(name, PASSWORD, totp)).person


@contextlib.asynccontextmanager
async def house(folder: Path, *, registration: Registration = "open", invites: str = "admins") -> AsyncIterator[House]:
    """Nothing runs by itself in it, and passwords are hashed quickly."""
    path, clock = folder / "watchparty.db", SetClock()
    migrate(path, folder / "backups")
    async with Database.open(path) as database:
        audit, events = Audit(database, AuditStore(), clock), Events(database, EventStore(), Metrics().events, clock)
        configured = Preferred(
            **{name: getattr(Settings(str(folder), registration=registration), name) for name in NAMES}
        )
        preferences = Preferences(database, PreferenceStore(), audit, clock, configured, {})
        people = People.of(database, events, audit, clock, b"k" * 32, preferences, LoginTries(clock), invites=invites)
        await people.sessions.load()
        await people.api_keys.load()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(passwords, "ROUNDS", 4)
            yield House(people, clock, database)
