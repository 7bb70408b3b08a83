"""How others hear of what happens here, and we of what happens there, put together."""

import contextlib
from dataclasses import dataclass

from watchparty.app.ground import Ground
from watchparty.app.library import Library
from watchparty.domain.event import Event
from watchparty.services.event_stream import EventStream
from watchparty.services.incoming_webhooks import IncomingWebhooks
from watchparty.services.keys import derived_key
from watchparty.services.people import People
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.services.webhook_sender import WebhookSender
from watchparty.services.webhooks import Webhooks
from watchparty.storage.events import EventStore
from watchparty.storage.rooms import RoomStore
from watchparty.storage.videos import VideoStore
from watchparty.storage.webhooks import DeliveryStore, IncomingStore, WebhookStore


@dataclass(frozen=True)
class News:
    """How others hear of what happens here, and we of what happens there."""

    stream: EventStream
    webhooks: Webhooks
    incoming: IncomingWebhooks


async def opened_news(stack: contextlib.AsyncExitStack, ground: Ground, people: People, library: Library) -> News:
    database, audit, clock, private = ground.database, ground.audit, ground.clock, ground.settings.webhook_private
    stores = EventStore(), VideoStore(), RoomStore()
    stream = EventStream(database, *stores, people.sessions, ground.metrics.events)
    await stack.enter_async_context(stream.open())
    secrets = WebhookSecrets(derived_key(ground.key, "webhooks"))
    kept = WebhookStore(), DeliveryStore(), secrets
    webhooks = Webhooks(database, *kept, audit, clock, private_too=private)
    sender = WebhookSender(database, *kept, ground.metrics.webhooks, clock, private_too=private)
    await stack.enter_async_context(sender.open())
    incoming = IncomingWebhooks(database, IncomingStore(), secrets, library.videos, library.transcoding, audit, clock)
    webhooks.on_due(sender.look)
    ground.events.follow(stream.hear)
    ground.events.listen(Event, webhooks.hear)
    return News(stream, webhooks, incoming)
