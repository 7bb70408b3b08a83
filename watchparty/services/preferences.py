"""The settings in force that may change while the server runs: read them at the moment of use."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

from watchparty.domain.errors import Invalid
from watchparty.domain.preference import Preferred
from watchparty.domain.user import Person
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.storage.database import Database, Tx
from watchparty.storage.preferences import PreferenceStore

log = logging.getLogger(__name__)
CHANGED = "changed"
"""The source of what was changed while the server ran."""


class Preferences:
    """`configured` is what holds where nobody changed anything, `sources` where each of those comes from."""

    def __init__(
        self,
        database: Database,
        store: PreferenceStore,
        audit: Audit,
        clock: Clock,
        configured: Preferred,
        sources: Mapping[str, str],
    ) -> None:
        self._database = database
        self._store = store
        self._audit = audit
        self._clock = clock
        self.configured = configured
        self._sources = sources
        self._changes: dict[str, Any] = {}
        self.values = configured
        self._told: list[Callable[[Preferred], None]] = []
        self._changing = asyncio.Lock()

    async def load(self) -> None:
        """Remember what was changed before the last stop; what cannot hold any more does not."""
        for name, value in (await self._database.read(self._store.all)).items():
            try:
                self.values = self.values.with_changes({name: value})
            except Invalid as error:
                log.warning("the setting %s is as configured: %r was kept, but: %s", name, value, error.detail)
                continue
            self._changes[name] = value

    def on_change(self, callback: Callable[[Preferred], None]) -> None:
        """Have `callback` told at once of what holds, and whenever that changes; it must not wait."""
        self._told.append(callback)
        callback(self.values)

    @property
    def registration(self) -> str:
        return self.values.registration

    @property
    def quota(self) -> int:
        return self.values.quota

    @property
    def max_upload(self) -> int:
        return self.values.max_upload

    @property
    def public_to_all(self) -> bool:
        return self.values.public_to_all

    @property
    def segment_cache(self) -> int:
        return self.values.segment_cache

    @property
    def keep_free(self) -> int:
        return self.values.keep_free

    @property
    def background(self) -> bool:
        return self.values.background

    def source(self, name: str) -> str:
        """Where a value comes from: "default", "file", "environment", "flag", or "changed" while the server ran."""
        return CHANGED if name in self._changes else self._sources.get(name, "default")

    async def change(
        self, person: Person, changes: Mapping[str, Any], seen: Callable[[Preferred], None] = lambda _: None
    ) -> Preferred:
        """Have these hold from now on, and after a restart; None takes a change back. Returns what holds now.

        `seen` may raise on what held until now: nobody else changes anything between that and the change. Raises
        Invalid.
        """
        async with self._changing:
            before = self.values
            seen(before)
            kept = {**self._changes, **changes}
            kept = {name: value for name, value in kept.items() if value is not None}
            after = self.configured.with_changes(kept)
            await self._database.write(lambda tx: self._keep(tx, person, changes, before, after))
            self._changes, self.values = kept, after
            for callback in self._told:
                callback(after)
            return after

    def _keep(self, tx: Tx, person: Person, changes: Mapping[str, Any], before: Preferred, after: Preferred) -> None:
        now = self._clock.time()
        for name, value in changes.items():
            if value is None:
                self._store.forget(tx, name)
            else:
                self._store.set(tx, name, value, now)
        old, new = before.as_dict(), after.as_dict()
        changed = [name for name in new if old[name] != new[name]]
        if changed:
            self._audit.note(
                tx,
                person,
                "settings.changed",
                "settings",
                {name: old[name] for name in changed},
                {name: new[name] for name in changed},
            )
