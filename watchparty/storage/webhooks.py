"""Webhooks as they are kept, what is still to be sent to each, and what came of every try."""

import json
import sqlite3
from collections.abc import Collection

from watchparty.domain.webhook import Delivery, DeliveryStatus, Try, Webhook
from watchparty.storage.database import Tx

# After every time there is: where a list of the newest begins.
NEWEST = (1e300, "")


class WebhookStore:
    def add(self, tx: Tx, webhook: Webhook) -> None:
        tx.execute(
            "INSERT INTO webhooks (id, url, description, kinds, enabled, secret_id, created_by, created_at, updated_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                webhook.id,
                webhook.url,
                webhook.description,
                json.dumps(webhook.kinds),
                webhook.enabled,
                webhook.secret_id,
                webhook.created_by,
                webhook.created_at,
                webhook.updated_at,
            ),
        )

    def get(self, tx: Tx, webhook_id: str) -> Webhook | None:
        row = tx.execute("SELECT * FROM webhooks WHERE id = ?", (webhook_id,)).fetchone()
        return _webhook(row) if row else None

    def page(self, tx: Tx, after: tuple[float, str], limit: int) -> list[Webhook]:
        rows = tx.execute(
            "SELECT * FROM webhooks WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?",
            (*after, limit),
        )
        return [_webhook(row) for row in rows]

    def enabled(self, tx: Tx) -> list[Webhook]:
        return [_webhook(row) for row in tx.execute("SELECT * FROM webhooks WHERE enabled = 1")]

    def update(self, tx: Tx, webhook: Webhook) -> None:
        tx.execute(
            "UPDATE webhooks SET url = ?, description = ?, kinds = ?, enabled = ?, notice = ?, failing_since = ?,"
            " secret_id = ?, former_secret_id = ?, former_until = ?, updated_at = ? WHERE id = ?",
            (
                webhook.url,
                webhook.description,
                json.dumps(webhook.kinds),
                webhook.enabled,
                webhook.notice,
                webhook.failing_since,
                webhook.secret_id,
                webhook.former_secret_id,
                webhook.former_until,
                webhook.updated_at,
                webhook.id,
            ),
        )

    def delete(self, tx: Tx, webhook_id: str) -> None:
        tx.execute("DELETE FROM webhooks WHERE id = ?", (webhook_id,))


class DeliveryStore:
    def add(self, tx: Tx, delivery: Delivery) -> None:
        """Keep a message to be sent. An event that a webhook has been given already is not given again."""
        tx.execute(
            "INSERT OR IGNORE INTO webhook_deliveries"
            " (id, webhook_id, event_seq, kind, body, status, due_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                delivery.id,
                delivery.webhook_id,
                delivery.event_seq,
                delivery.kind,
                delivery.body,
                delivery.status,
                delivery.due_at,
                delivery.created_at,
            ),
        )

    def get(self, tx: Tx, webhook_id: str, delivery_id: str) -> Delivery | None:
        row = tx.execute(
            "SELECT * FROM webhook_deliveries WHERE id = ? AND webhook_id = ?", (delivery_id, webhook_id)
        ).fetchone()
        return _delivery(row) if row else None

    def page(self, tx: Tx, webhook_id: str, after: tuple[float, str], limit: int) -> list[Delivery]:
        rows = tx.execute(
            "SELECT * FROM webhook_deliveries WHERE webhook_id = ? AND (created_at, id) < (?, ?)"
            " ORDER BY created_at DESC, id DESC LIMIT ?",
            (webhook_id, *after, limit),
        )
        return [_delivery(row) for row in rows]

    def next_due(self, tx: Tx, busy: Collection[str]) -> Delivery | None:
        """What is to be sent first, now or later, to webhooks other than these."""
        row = tx.execute(
            "SELECT * FROM webhook_deliveries WHERE due_at IS NOT NULL"
            " AND webhook_id NOT IN (SELECT value FROM json_each(?)) ORDER BY due_at LIMIT 1",
            (json.dumps(list(busy)),),
        ).fetchone()
        return _delivery(row) if row else None

    def update(self, tx: Tx, delivery: Delivery) -> None:
        tx.execute(
            "UPDATE webhook_deliveries SET status = ?, tries = ?, due_at = ?, finished_at = ? WHERE id = ?",
            (delivery.status, delivery.tries, delivery.due_at, delivery.finished_at, delivery.id),
        )

    def give_up(self, tx: Tx, webhook_id: str, now: float) -> None:
        """Nothing more is sent to a webhook that was disabled."""
        tx.execute(
            "UPDATE webhook_deliveries SET status = 'failed', due_at = NULL, finished_at = ?"
            " WHERE webhook_id = ? AND due_at IS NOT NULL",
            (now, webhook_id),
        )

    def add_try(self, tx: Tx, delivery_id: str, made: Try) -> None:
        tx.execute(
            "INSERT INTO webhook_tries (delivery_id, number, at, seconds, status, answer, error)"
            " SELECT ?, 1 + coalesce(MAX(number), 0), ?, ?, ?, ?, ? FROM webhook_tries WHERE delivery_id = ?",
            (delivery_id, made.at, made.seconds, made.status, made.answer, made.error, delivery_id),
        )

    def tries(self, tx: Tx, delivery_id: str) -> list[Try]:
        """The latest first."""
        rows = tx.execute("SELECT * FROM webhook_tries WHERE delivery_id = ? ORDER BY number DESC", (delivery_id,))
        return [_try(row) for row in rows]

    def prune(self, tx: Tx, before: float) -> None:
        """Forget what came to its end before then."""
        tx.execute("DELETE FROM webhook_deliveries WHERE finished_at < ?", (before,))


class IncomingStore:
    """What external encoders sign with, and which of their reports were carried out."""

    def secret(self, tx: Tx) -> tuple[str, float] | None:
        """What the secret is made of, and since when it is good."""
        row = tx.execute("SELECT secret_id, created_at FROM incoming_secret WHERE only_one = 1").fetchone()
        return (row["secret_id"], row["created_at"]) if row else None

    def set_secret(self, tx: Tx, secret_id: str, now: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO incoming_secret (only_one, secret_id, created_at) VALUES (1, ?, ?)",
            (secret_id, now),
        )

    def knows(self, tx: Tx, message_id: str) -> bool:
        return tx.execute("SELECT 1 FROM incoming_webhooks WHERE id = ?", (message_id,)).fetchone() is not None

    def add(self, tx: Tx, message_id: str, now: float, before: float) -> None:
        """Remember a report; those of before then are forgotten."""
        tx.execute("INSERT OR IGNORE INTO incoming_webhooks (id, received_at) VALUES (?, ?)", (message_id, now))
        tx.execute("DELETE FROM incoming_webhooks WHERE received_at < ?", (before,))


def _webhook(row: sqlite3.Row) -> Webhook:
    return Webhook(
        id=row["id"],
        url=row["url"],
        description=row["description"],
        kinds=tuple(json.loads(row["kinds"])),
        enabled=bool(row["enabled"]),
        secret_id=row["secret_id"],
        created_by=row["created_by"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        notice=row["notice"],
        failing_since=row["failing_since"],
        former_secret_id=row["former_secret_id"],
        former_until=row["former_until"],
    )


def _delivery(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        webhook_id=row["webhook_id"],
        kind=row["kind"],
        body=row["body"],
        created_at=row["created_at"],
        event_seq=row["event_seq"],
        status=DeliveryStatus(row["status"]),
        tries=row["tries"],
        due_at=row["due_at"],
        finished_at=row["finished_at"],
    )


def _try(row: sqlite3.Row) -> Try:
    return Try(row["at"], row["seconds"], row["status"], row["answer"], row["error"], row["number"])
