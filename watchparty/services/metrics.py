"""The numbers the server counts about itself, for Prometheus to fetch and for nobody to be recognised by."""

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.registry import Collector

from watchparty.services.event_metrics import EventMetrics
from watchparty.services.http_metrics import HttpMetrics
from watchparty.services.job_metrics import JobMetrics
from watchparty.services.party_metrics import PartyMetrics
from watchparty.services.storage_metrics import StorageMetrics
from watchparty.services.webhook_metrics import WebhookMetrics


class Metrics:
    """Every feature counts in a part of its own, all in one registry that belongs to this server alone.

    Names begin with `watchparty_` and carry their unit. The values of labels come from short lists that the program
    knows beforehand: never a person, an id or a path.
    """

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.http = HttpMetrics(self._registry)
        self.party = PartyMetrics(self._registry)
        self.events = EventMetrics(self._registry)
        self.webhooks = WebhookMetrics(self._registry)
        self.storage = StorageMetrics(self._registry)
        self.jobs = JobMetrics(self._registry)
        self._looks: list[Callable[[], Awaitable[None]]] = []
        # Processor, memory and descriptors, which Linux tells.
        ProcessCollector(namespace="watchparty", registry=self._registry)

    def add(self, collector: Collector) -> None:
        """Have somebody asked for their numbers whenever they are fetched."""
        self._registry.register(collector)

    def look_before(self, look: Callable[[], Awaitable[None]]) -> None:
        """Have somebody look up what has to be waited for, whenever the numbers are fetched."""
        self._looks.append(look)

    async def fetched(self) -> bytes:
        """Everything, as it is at this moment, in Prometheus' text format."""
        for look in self._looks:
            await look()
        return self.text()

    def text(self) -> bytes:
        """The same without what has to be waited for, which is as it was when somebody last fetched it."""
        return generate_latest(self._registry)
