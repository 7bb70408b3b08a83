"""What is counted of events: how many there are, and whether anybody waits to hear of them."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from watchparty.domain.event import KINDS


class EventMetrics(Collector):
    def __init__(self, registry: CollectorRegistry) -> None:
        self._pending: Callable[[], tuple[int, float]] = lambda: (0, 0.0)
        self.published = Counter(
            "watchparty_events_published", "Events that happened, by what they are.", ["kind"], registry=registry
        )
        for kind in KINDS:
            self.published.labels(kind)
        self.delivered = Counter(
            "watchparty_events_delivered", "Events that every listener has taken.", registry=registry
        )
        self.streams = Gauge("watchparty_event_streams", "Pages and programs that listen.", registry=registry)
        self.streams_dropped = Counter(
            "watchparty_slow_streams_dropped", "Listeners that did not keep up and were cut.", registry=registry
        )
        registry.register(self)

    def watch(self, pending: Callable[[], tuple[int, float]]) -> None:
        """Have `pending` asked whenever the numbers are fetched: how many events, and the age of the oldest."""
        self._pending = pending

    def collect(self) -> Iterable[Metric]:
        number, age = self._pending()
        yield GaugeMetricFamily("watchparty_events_pending", "Events somebody has still to hear of.", value=number)
        yield GaugeMetricFamily(
            "watchparty_events_oldest_pending_seconds", "How long the oldest of them has waited.", value=age
        )
