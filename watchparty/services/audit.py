"""Noting who changed what, in the same transaction as the deed itself."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from watchparty.domain.audit import AuditEntry, WantedEntries, without_secrets
from watchparty.domain.user import Person
from watchparty.services import origin
from watchparty.services.clock import Clock
from watchparty.storage.audit import AuditStore
from watchparty.storage.database import Database, Tx

# Entries read at once for a file of all of them.
BATCH = 500


class Audit:
    def __init__(self, database: Database, store: AuditStore, clock: Clock) -> None:
        self._database = database
        self._store = store
        self._clock = clock

    def note(
        self,
        tx: Tx,
        person: Person | None,
        action: str,
        subject: str,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep that `person` (None: the server) did this to `subject`, an id; a secret among the values is left out.

        To be called inside the deed's own transaction, so that there is never one without the other. `action` is
        noun.deed, such as "user.disabled".
        """
        source = origin.current()
        entry = AuditEntry(
            number=0,
            at=self._clock.time(),
            actor_id=None if person is None else person.id,
            actor_name=None if person is None else person.name,
            action=action,
            subject=subject,
            address=None if source is None else source.address,
            request_id=None if source is None else source.request_id,
            before=without_secrets(before),
            after=without_secrets(after),
        )
        self._store.add(tx, entry)

    async def page(self, wanted: WantedEntries) -> list[AuditEntry]:
        """Newest first."""
        return await self._database.read(lambda tx: self._store.page(tx, wanted))

    async def all(self, wanted: WantedEntries) -> AsyncIterator[list[AuditEntry]]:
        """Every entry that is wanted, batch by batch, newest first."""
        wanted = replace(wanted, limit=BATCH)
        while batch := await self.page(wanted):
            yield batch
            wanted = replace(wanted, before=batch[-1].number)
