"""The events of a database, as the app makes them."""

from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.metrics import Metrics
from watchparty.storage.database import Database
from watchparty.storage.events import EventStore


def events(database: Database, clock: Clock) -> Events:
    return Events(database, EventStore(), Metrics().events, clock)
