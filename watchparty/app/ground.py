"""What every other part stands on: opened first, closed last."""

import asyncio
import contextlib
import importlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchparty.domain.preference import NAMES, Preferred
from watchparty.services.audit import Audit
from watchparty.services.backups import Backups
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.keys import signing_key
from watchparty.services.log_ring import LogRing
from watchparty.services.login_tries import LoginTries
from watchparty.services.metrics import Metrics
from watchparty.services.people import People
from watchparty.services.preferences import Preferences
from watchparty.services.tracing import TracedGauge, Tracing
from watchparty.settings import BadSetting, Settings
from watchparty.storage.audit import AuditStore
from watchparty.storage.backups import BackupFolder, put_staged_in_place
from watchparty.storage.database import Database
from watchparty.storage.events import EventStore
from watchparty.storage.gauge import Gauge
from watchparty.storage.migrations import migrate
from watchparty.storage.preferences import PreferenceStore


@dataclass(frozen=True)
class Ground:
    """What every other part stands on."""

    settings: Settings
    clock: Clock
    key: bytes
    database: Database
    metrics: Metrics
    events: Events
    audit: Audit
    preferences: Preferences
    tries: LoginTries
    backups: Backups
    restart: asyncio.Event
    ring: LogRing
    # What storage tells of its work, and where its spans go; None where nobody follows them.
    gauge: Gauge
    tracing: Tracing | None


@contextlib.asynccontextmanager
async def opened_ground(settings: Settings, clock: Clock, *, serves: bool = False) -> AsyncIterator[Ground]:
    """Only a server `serves`: the command line, beside which one may run, does not take its database away."""
    folder = settings.folder
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    key = await asyncio.to_thread(signing_key, folder / "secret.key")
    path = folder / "watchparty.db"
    restored = serves and await asyncio.to_thread(put_staged_in_place, path, folder / "backups")
    await asyncio.to_thread(migrate, path, folder / "backups")
    metrics = Metrics()
    async with _traced(settings) as tracing, contextlib.AsyncExitStack() as stack:
        gauge = TracedGauge(metrics.storage, tracing) if tracing else metrics.storage
        database = await stack.enter_async_context(Database.open(path, gauge))
        events = Events(database, EventStore(), metrics.events, clock)
        audit = Audit(database, AuditStore(), clock)
        configured = Preferred(**{name: getattr(settings, name) for name in NAMES})
        preferences = Preferences(database, PreferenceStore(), audit, clock, configured, settings.sources)
        await preferences.load()
        tries = LoginTries(clock, is_on=settings.rates == "on")
        restart, ring = asyncio.Event(), LogRing()
        backups = Backups(BackupFolder(folder / "backups", path), database, audit, clock, restart.set)
        if restored:
            await backups.noted(None, "backup.in-place", "database")
        with ring.listening():
            yield Ground(
                settings,
                clock,
                key,
                database,
                metrics,
                events,
                audit,
                preferences,
                tries,
                backups,
                restart,
                ring,
                gauge,
                tracing,
            )


@contextlib.asynccontextmanager
async def _traced(settings: Settings) -> AsyncIterator[Tracing | None]:
    """Where spans go, if anywhere: what sends them is loaded only then. Raises BadSetting where it is missing."""
    if settings.otel is None:
        yield None
        return
    try:
        telemetry = await asyncio.to_thread(importlib.import_module, "watchparty.services.telemetry")
    except ImportError as error:
        raise BadSetting("The setting otel needs more packages: pip install 'watchparty[otel]'.") from error
    tracing: Tracing = telemetry.to_collector(settings.otel)
    try:
        yield tracing
    finally:
        await asyncio.to_thread(tracing.close)


def people_on(ground: Ground) -> People:
    database, events, audit, clock = ground.database, ground.events, ground.audit, ground.clock
    preferences, tries, invites = ground.preferences, ground.tries, ground.settings.invites
    return People.of(database, events, audit, clock, ground.key, preferences, tries, invites=invites)
