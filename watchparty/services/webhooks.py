"""Where other programs are told of events: kept by administrators, and given what they asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from watchparty.domain.errors import Conflict, NotFound
from watchparty.domain.event import Event
from watchparty.domain.text import printable
from watchparty.domain.user import Person
from watchparty.domain.webhook import (
    ANNOUNCED,
    OVERLAP,
    TEST,
    Delivery,
    DeliveryStatus,
    Try,
    Webhook,
    body_of,
    clean_kinds,
    clean_url,
    message,
    secret_words,
)
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.storage.database import Database, Tx
from watchparty.storage.webhooks import NEWEST, DeliveryStore, WebhookStore

NO_WEBHOOK = "There is no such webhook."
MOST_WEBHOOKS = 100


@dataclass(frozen=True)
class Wish:
    """What is said about a webhook; what is None stays."""

    url: str | None = None
    description: str | None = None
    kinds: Sequence[str] | None = None
    enabled: bool | None = None


class Webhooks:
    """`private_too`: whether addresses of this machine and of private networks may be asked."""

    def __init__(
        self,
        database: Database,
        store: WebhookStore,
        deliveries: DeliveryStore,
        secrets: WebhookSecrets,
        audit: Audit,
        clock: Clock,
        *,
        private_too: bool,
    ) -> None:
        self._database = database
        self._store = store
        self._deliveries = deliveries
        self._secrets = secrets
        self._audit = audit
        self._clock = clock
        self.private_too = private_too
        self._on_due: list[Callable[[], None]] = []

    def on_due(self, callback: Callable[[], None]) -> None:
        """Have `callback` called whenever there is something new to send."""
        self._on_due.append(callback)

    async def hear(self, event: Event) -> None:
        """Have an event sent to those who want it; durable when it returns. The same event twice is sent once."""
        if event.kind not in ANNOUNCED:
            return

        def keep(tx: Tx) -> None:
            wanting = [webhook for webhook in self._store.enabled(tx) if webhook.wants(event.kind)]
            for webhook in wanting:
                self._deliveries.add(tx, self._new(webhook, event.kind, body_of(event), event.seq))

        # Most events are wanted by nobody: that is found out without holding up the writer.
        if any(webhook.wants(event.kind) for webhook in await self._database.read(self._store.enabled)):
            await self._database.write(keep)
            self._due()

    async def page(self, after: tuple[float, str] | None, limit: int) -> list[Webhook]:
        return await self._database.read(lambda tx: self._store.page(tx, after or NEWEST, limit))

    async def find(self, webhook_id: str) -> Webhook:
        """Raises NotFound."""
        return await self._database.read(lambda tx: self._get(tx, webhook_id))

    async def create(self, person: Person, wish: Wish) -> tuple[Webhook, str]:
        """A new one, and its secret, which is not shown again. Raises Invalid, or Conflict when there are too many."""
        now = self._clock.time()
        blank = Webhook(new_id(), "", "", (), True, new_id(), person.id, now, now)
        webhook = self._wished(blank, Wish(wish.url or "", wish.description, wish.kinds, wish.enabled))

        def keep(tx: Tx) -> None:
            if len(self._store.page(tx, NEWEST, MOST_WEBHOOKS)) >= MOST_WEBHOOKS:
                raise Conflict(f"There are {MOST_WEBHOOKS} webhooks already.")
            self._store.add(tx, webhook)
            self._audit.note(tx, person, "webhook.created", webhook.id, None, _noted(webhook))

        await self._database.write(keep)
        return webhook, secret_words(self._secrets.of(webhook.secret_id))

    async def change(self, person: Person, webhook_id: str, wish: Wish) -> Webhook:
        """Enabled anew, it begins with a clean slate; disabled, it is sent nothing more. Raises NotFound, Invalid."""
        now = self._clock.time()

        def keep(tx: Tx) -> Webhook:
            before = self._get(tx, webhook_id)
            after = replace(self._wished(before, wish), updated_at=now)
            if after.enabled and not before.enabled:
                after = replace(after, notice=None, failing_since=None)
            if not after.enabled:
                self._deliveries.give_up(tx, webhook_id, now)
            self._store.update(tx, after)
            self._audit.note(tx, person, "webhook.changed", webhook_id, _noted(before), _noted(after))
            return after

        return await self._database.write(keep)

    async def delete(self, person: Person, webhook_id: str) -> None:
        """With its deliveries. Raises NotFound."""

        def keep(tx: Tx) -> None:
            before = self._get(tx, webhook_id)
            self._store.delete(tx, webhook_id)
            self._audit.note(tx, person, "webhook.deleted", webhook_id, _noted(before), None)

        await self._database.write(keep)

    async def rotate(self, person: Person, webhook_id: str) -> tuple[Webhook, str]:
        """A new secret, not shown again; the one before signs too for a day. Raises NotFound."""
        now = self._clock.time()

        def keep(tx: Tx) -> Webhook:
            before = self._get(tx, webhook_id)
            after = replace(
                before,
                secret_id=new_id(),
                former_secret_id=before.secret_id,
                former_until=now + OVERLAP,
                updated_at=now,
            )
            self._store.update(tx, after)
            self._audit.note(tx, person, "webhook.secret_changed", webhook_id)
            return after

        webhook = await self._database.write(keep)
        return webhook, secret_words(self._secrets.of(webhook.secret_id))

    async def test(self, webhook_id: str) -> Delivery:
        """Send an event that means nothing. Raises NotFound, or Conflict while it is disabled."""
        now = self._clock.time()

        def keep(tx: Tx) -> Delivery:
            webhook = self._ready(tx, webhook_id)
            delivery = self._new(webhook, TEST, message(TEST, now, {"webhook_id": webhook_id}), None)
            self._deliveries.add(tx, delivery)
            return delivery

        delivery = await self._database.write(keep)
        self._due()
        return delivery

    async def replay(self, webhook_id: str, delivery_id: str) -> Delivery:
        """Send a delivery once more, under its own id. Raises NotFound, or Conflict while the webhook is disabled."""
        now = self._clock.time()

        def keep(tx: Tx) -> Delivery:
            self._ready(tx, webhook_id)
            delivery = self._delivery(tx, webhook_id, delivery_id)
            again = replace(delivery, status=DeliveryStatus.PENDING, tries=0, due_at=now, finished_at=None)
            self._deliveries.update(tx, again)
            return again

        again = await self._database.write(keep)
        self._due()
        return again

    async def deliveries(
        self, webhook_id: str, after: tuple[float, str] | None, limit: int
    ) -> list[tuple[Delivery, Sequence[Try]]]:
        """What was sent or is to be, newest first, each with its tries. Raises NotFound."""

        def read(tx: Tx) -> list[tuple[Delivery, Sequence[Try]]]:
            self._get(tx, webhook_id)
            found = self._deliveries.page(tx, webhook_id, after or NEWEST, limit)
            return [(delivery, self._deliveries.tries(tx, delivery.id)) for delivery in found]

        return await self._database.read(read)

    async def delivery(self, webhook_id: str, delivery_id: str) -> tuple[Delivery, Sequence[Try]]:
        """Raises NotFound."""
        return await self._database.read(
            lambda tx: (self._delivery(tx, webhook_id, delivery_id), self._deliveries.tries(tx, delivery_id))
        )

    def _new(self, webhook: Webhook, kind: str, body: str, event_seq: int | None) -> Delivery:
        now = self._clock.time()
        return Delivery(new_id(), webhook.id, kind, body, now, event_seq=event_seq, due_at=now)

    def _wished(self, webhook: Webhook, wish: Wish) -> Webhook:
        return replace(
            webhook,
            url=webhook.url if wish.url is None else clean_url(wish.url, private_too=self.private_too),
            description=webhook.description
            if wish.description is None
            else printable(wish.description, "/description", longest=200),
            kinds=webhook.kinds if wish.kinds is None else clean_kinds(wish.kinds),
            enabled=webhook.enabled if wish.enabled is None else wish.enabled,
        )

    def _get(self, tx: Tx, webhook_id: str) -> Webhook:
        webhook = self._store.get(tx, webhook_id)
        if webhook is None:
            raise NotFound(NO_WEBHOOK)
        return webhook

    def _ready(self, tx: Tx, webhook_id: str) -> Webhook:
        webhook = self._get(tx, webhook_id)
        if not webhook.enabled:
            raise Conflict("This webhook is disabled. Enable it first.")
        return webhook

    def _delivery(self, tx: Tx, webhook_id: str, delivery_id: str) -> Delivery:
        delivery = self._deliveries.get(tx, webhook_id, delivery_id)
        if delivery is None:
            raise NotFound("There is no such delivery.")
        return delivery

    def _due(self) -> None:
        for callback in self._on_due:
            callback()


def _noted(webhook: Webhook) -> dict[str, Any]:
    return {
        "url": webhook.url,
        "description": webhook.description,
        "events": list(webhook.kinds),
        "enabled": webhook.enabled,
    }
