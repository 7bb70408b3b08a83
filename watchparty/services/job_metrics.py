"""What is counted of jobs and of encoders."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from watchparty.domain.job import Queue

DURATIONS = (0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0, 36_000.0)


class JobMetrics:
    """`registry` is None where nobody will fetch them."""

    def __init__(self, registry: CollectorRegistry | None) -> None:
        self._outcomes = Counter(
            "watchparty_jobs", "Attempts at jobs, by what they are and what came of them.", ["kind", "outcome"],
            registry=registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "watchparty_job_duration_seconds", "How long attempts took.", ["kind"], buckets=DURATIONS, registry=registry
        )

    def ended(self, kind: str, outcome: str) -> None:
        """`outcome` is done, failed, cancelled, or retried for an attempt after which there will be another."""
        self._outcomes.labels(kind, outcome).inc()

    def took(self, kind: str, seconds: float) -> None:
        self._seconds.labels(kind).observe(seconds)


class WorkCollector(Collector):
    """The queue, as it was when somebody last `looked`, and how much encoders have done: seconds they ran, of film."""

    def __init__(self, encoded: Callable[[], tuple[float, float]]) -> None:
        self._encoded = encoded
        self._queue = Queue(0, 0, 0, 0, 0, 0.0)

    def looked(self, queue: Queue) -> None:
        self._queue = queue

    def collect(self) -> Iterable[Metric]:
        queue, (ran, made) = self._queue, self._encoded()
        jobs = GaugeMetricFamily("watchparty_job_queue", "Jobs that run, wait, or wait for a time.", labels=["state"])
        for state, number in (("active", queue.active), ("waiting", queue.waiting), ("delayed", queue.delayed)):
            jobs.add_metric([state], number)
        yield jobs
        oldest = queue.oldest_waiting_seconds
        yield GaugeMetricFamily("watchparty_job_queue_oldest_seconds", "How long the longest has waited.", value=oldest)
        yield CounterMetricFamily("watchparty_encoding_seconds", "How long encoders ran.", value=ran)
        yield CounterMetricFamily(
            "watchparty_encoded_film_seconds", "Film they made, each size for itself: by seconds run, their speed.",
            value=made,
        )  # fmt: skip
