"""The numbers the server counts about itself, for Prometheus to fetch and for nobody to be recognised by."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.registry import Collector

from watchparty.services.event_metrics import EventMetrics
from watchparty.services.http_metrics import HttpMetrics
from watchparty.services.party_metrics import PartyMetrics


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

    def add(self, collector: Collector) -> None:
        """Have somebody asked for their numbers whenever they are fetched."""
        self._registry.register(collector)

    def text(self) -> bytes:
        """Everything, in Prometheus' text format."""
        return generate_latest(self._registry)
