"""What is counted of the database, the object store and the cache of segments."""

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from watchparty.storage.cells import Usage

# Upper bounds in seconds: a commit takes a fraction of a millisecond on a good disk, a second on one that is failing.
LATENCIES = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
GROUPS = (1, 2, 4, 8, 16, 32, 64, 128, 256)
OPERATIONS = ("put", "adopt", "open", "stat", "delete", "list")


class StorageMetrics:
    """A gauge of storage (storage/gauge.py)."""

    def __init__(self, registry: CollectorRegistry) -> None:
        database = Histogram(
            "watchparty_database_duration_seconds",
            "From asking to an answer; of a write, until it is on disk.",
            ["operation"],
            buckets=LATENCIES,
            registry=registry,
        )
        objects = Histogram(
            "watchparty_object_duration_seconds",
            "Operations of the object store.",
            ["operation"],
            buckets=LATENCIES,
            registry=registry,
        )
        self._durations = {f"database.{name}": database.labels(name) for name in ("read", "write")}
        self._durations |= {f"objects.{name}": objects.labels(name) for name in OPERATIONS}
        faults = Counter(
            "watchparty_storage_errors", "Operations that a fault of the disk ended.", ["operation"], registry=registry
        )
        self._faults = {name: faults.labels(name) for name in self._durations}
        self._group = Histogram(
            "watchparty_database_group_size", "Writes that shared a commit.", buckets=GROUPS, registry=registry
        )
        moved = Counter(
            "watchparty_object_bytes", "Bytes of objects read and written.", ["direction"], registry=registry
        )
        self._moved = {direction: moved.labels(direction) for direction in ("read", "written")}

    @contextlib.contextmanager
    def doing(self, what: str) -> Iterator[None]:
        begun = time.perf_counter()
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError:
            self._faults[what].inc()
            raise
        finally:
            self._durations[what].observe(time.perf_counter() - begun)

    def committed(self, writes: int) -> None:
        self._group.observe(writes)

    def moved(self, direction: str, size: int) -> None:
        self._moved[direction].inc(size)


class CacheCollector(Collector):
    """The cache of segments and the disk it is on, as they were when somebody last `looked`."""

    def __init__(self, tally: Callable[[], Mapping[str, int]]) -> None:
        self._tally = tally
        self._usage = Usage(0, 0, 0, 0, 0)

    def looked(self, usage: Usage) -> None:
        self._usage = usage

    def collect(self) -> Iterable[Metric]:
        usage, tally = self._usage, self._tally()
        cached = GaugeMetricFamily("watchparty_segment_cache_bytes", "Bytes of made segments.", labels=["part"])
        cached.add_metric(["evictable"], usage.bytes)
        cached.add_metric(["kept"], usage.kept_bytes)
        yield cached
        yield GaugeMetricFamily("watchparty_segment_cache_limit_bytes", "The most it takes.", value=usage.cap_bytes)
        for name, text in _TALLIED.items():
            yield CounterMetricFamily(f"watchparty_segment_cache_{name}", text, value=tally.get(name, 0))
        yield GaugeMetricFamily("watchparty_disk_free_bytes", "What the disk has left.", value=usage.free_bytes)


_TALLIED = {
    "hits": "Segments that were there when asked for.",
    "misses": "Segments that had to be made.",
    "evictions": "Segments that had to go for others.",
}
