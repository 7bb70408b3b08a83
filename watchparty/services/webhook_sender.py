"""Sends what is due to webhooks, and tries again what did not arrive."""

import asyncio
import contextlib
import logging
import random
import sqlite3
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

from watchparty.domain.errors import Problem
from watchparty.domain.webhook import (
    GONE,
    PATIENCE,
    Delivery,
    DeliveryStatus,
    Try,
    Webhook,
    retry_delay,
    signatures,
)
from watchparty.services.clock import Clock
from watchparty.services.webhook_line import Unreached, post
from watchparty.services.webhook_metrics import WebhookMetrics
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.storage.database import Database, Tx
from watchparty.storage.webhooks import DeliveryStore, WebhookStore

log = logging.getLogger(__name__)

# Webhooks that are asked at the same moment, each about one thing at a time.
MOST_AT_ONCE = 50
# Seconds between looks for what nobody announced, and after a fault of the disk.
LOOK_EVERY = 60.0
LOOK_AGAIN = 5.0
# Seconds that the log of what was sent goes back.
REMEMBERED_FOR = 30 * 24 * 3600.0


class WebhookSender:
    """What is due stands in the database: after a crash it goes on, and what was under way is sent again."""

    def __init__(
        self,
        database: Database,
        store: WebhookStore,
        deliveries: DeliveryStore,
        secrets: WebhookSecrets,
        metrics: WebhookMetrics,
        clock: Clock,
        *,
        private_too: bool,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._database = database
        self._store = store
        self._deliveries = deliveries
        self._secrets = secrets
        self._metrics = metrics
        self._clock = clock
        self._private_too = private_too
        self._chance = chance
        self._news = asyncio.Event()
        self._busy: dict[str, asyncio.Task[None]] = {}

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["WebhookSender"]:
        """Sends until left."""
        serving = asyncio.create_task(self._serve(), name="webhooks")
        try:
            yield self
        finally:
            tasks = [serving, *self._busy.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def look(self) -> None:
        """There may be something new to send."""
        self._news.set()

    async def _serve(self) -> None:
        while True:
            self._news.clear()
            try:
                pause = await self._start_due()
            except (Problem, sqlite3.Error):
                log.exception("what is to be sent to webhooks could not be read")
                pause = LOOK_AGAIN
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._news.wait()

    async def _start_due(self) -> float:
        """Begin everything that is due; answers how many seconds there is nothing else to do."""
        while len(self._busy) < MOST_AT_ONCE:
            delivery = await self._database.read(lambda tx: self._deliveries.next_due(tx, self._busy))
            if delivery is None or delivery.due_at is None:
                return LOOK_EVERY
            wait = delivery.due_at - self._clock.time()
            if wait > 0:
                return min(wait, LOOK_EVERY)
            task = asyncio.create_task(self._send(delivery), name=f"webhook {delivery.webhook_id}")
            self._busy[delivery.webhook_id] = task
            task.add_done_callback(lambda _, webhook_id=delivery.webhook_id: self._leave(webhook_id))  # type: ignore[misc]
        return LOOK_EVERY

    def _leave(self, webhook_id: str) -> None:
        del self._busy[webhook_id]
        self._news.set()

    async def _send(self, delivery: Delivery) -> None:
        webhook = await self._database.read(lambda tx: self._store.get(tx, delivery.webhook_id))
        if webhook is None:
            return
        made = await self._ask(webhook, delivery)
        try:
            await self._database.write(lambda tx: self._keep(tx, delivery, made))
        except (Problem, sqlite3.Error) as error:
            log.warning("what came of a webhook could not be written down: %s", error)
            await asyncio.sleep(LOOK_AGAIN)  # it is sent again then

    async def _ask(self, webhook: Webhook, delivery: Delivery) -> Try:
        now, began = self._clock.time(), self._clock.monotonic()
        body, timestamp = delivery.body.encode(), int(now)
        headers = {
            "Content-Type": "application/json",
            "User-Agent": "WatchParty",
            "webhook-id": delivery.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": signatures(self._secrets.good(webhook, now), delivery.id, timestamp, body),
        }
        try:
            status, answer = await post(webhook.url, headers, body, private_too=self._private_too)
            made = Try(now, self._clock.monotonic() - began, status, answer)
            outcome = "delivered" if made.delivered else "gone" if status == GONE else "refused"
        except Unreached as unreached:
            made = Try(now, self._clock.monotonic() - began, error=str(unreached))
            outcome = unreached.outcome
        self._metrics.tries.labels(outcome).inc()
        return made

    def _keep(self, tx: Tx, sent: Delivery, made: Try) -> None:
        # Read anew: it may have been deleted, disabled or sent again by hand meanwhile.
        webhook, delivery = (
            self._store.get(tx, sent.webhook_id),
            self._deliveries.get(tx, sent.webhook_id, sent.id),
        )
        if webhook is None or delivery is None:
            return
        self._deliveries.add_try(tx, delivery.id, made)
        now = self._clock.time()
        if made.delivered:
            self._deliveries.update(tx, _ended(delivery, DeliveryStatus.DELIVERED, now))
            self._store.update(tx, replace(webhook, failing_since=None))
        elif delivery.due_at is not None:
            wait = retry_delay(delivery.tries + 1, self._chance())
            self._deliveries.update(
                tx,
                _ended(delivery, DeliveryStatus.FAILED, now)
                if wait is None
                else replace(delivery, tries=delivery.tries + 1, due_at=now + wait),
            )
            self._note_failure(tx, webhook, made, now)
        self._deliveries.prune(tx, now - REMEMBERED_FOR)

    def _note_failure(self, tx: Tx, webhook: Webhook, made: Try, now: float) -> None:
        since = webhook.failing_since or now
        notice = None
        if made.status == GONE:
            notice = "It answered that it is gone for good (410)."
        elif now - since >= PATIENCE:
            notice = f"It did not take anything for {PATIENCE / 86400:.0f} days."
        if notice is None:
            self._store.update(tx, replace(webhook, failing_since=since))
            return
        log.warning("the webhook %s was disabled: %s", webhook.id, notice)
        self._store.update(tx, replace(webhook, failing_since=since, enabled=False, notice=notice))
        self._deliveries.give_up(tx, webhook.id, now)


def _ended(delivery: Delivery, status: DeliveryStatus, now: float) -> Delivery:
    return replace(delivery, status=status, tries=delivery.tries + 1, due_at=None, finished_at=now)
