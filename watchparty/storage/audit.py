"""The audit log as it is kept: a table that can only be added to, which the database itself sees to."""

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from watchparty.domain.audit import AuditEntry, WantedEntries
from watchparty.storage.database import Tx

# Larger than any number there is.
_END = 1 << 62


class AuditStore:
    def add(self, tx: Tx, entry: AuditEntry) -> None:
        """Its number is given here."""
        tx.execute(
            "INSERT INTO audit (at, actor_id, actor_name, action, subject, address, request_id, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                entry.at,
                entry.actor_id,
                entry.actor_name,
                entry.action,
                entry.subject,
                entry.address,
                entry.request_id,
                _json(entry.before),
                _json(entry.after),
            ),
        )

    def page(self, tx: Tx, wanted: WantedEntries) -> list[AuditEntry]:
        """Newest first."""
        rows = tx.execute(
            "SELECT * FROM audit WHERE number < :before"
            " AND (:actor IS NULL OR actor_id = :actor OR actor_name = :actor)"
            " AND (:action IS NULL OR action = :action OR substr(action, 1, length(:action) + 1) = :action || '.')"
            " AND (:subject IS NULL OR subject = :subject)"
            " AND (:since IS NULL OR at >= :since) AND (:until IS NULL OR at < :until)"
            " ORDER BY number DESC LIMIT :limit",
            {
                "before": _END if wanted.before is None else wanted.before,
                "actor": wanted.actor,
                "action": wanted.action,
                "subject": wanted.subject,
                "since": wanted.since,
                "until": wanted.until,
                "limit": wanted.limit,
            },
        )
        return [_entry(row) for row in rows]


def _json(values: Mapping[str, Any] | None) -> str | None:
    return None if values is None else json.dumps(values, ensure_ascii=False)


def _entry(row: sqlite3.Row) -> AuditEntry:
    return AuditEntry(
        number=row["number"],
        at=row["at"],
        actor_id=row["actor_id"],
        actor_name=row["actor_name"],
        action=row["action"],
        subject=row["subject"],
        address=row["address"],
        request_id=row["request_id"],
        before=None if row["before"] is None else json.loads(row["before"]),
        after=None if row["after"] is None else json.loads(row["after"]),
    )
