"""What is counted of requests: by method, route template and class of status, never by path."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# Upper bounds in seconds. Answers from memory take under a millisecond, an encoded segment some seconds.
DURATIONS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
UNKNOWN = "other"


class HttpMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self._requests = Counter(
            "watchparty_http_requests", "Requests answered.", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "watchparty_http_request_duration_seconds",
            "From a request's headers to the last byte of its answer; without sockets and event streams, which stay.",
            ["method", "route"],
            buckets=DURATIONS,
            registry=registry,
        )
        self._under_way = Gauge(
            "watchparty_http_requests_in_flight", "Requests being answered.", ["method", "route"], registry=registry
        )
        self._sent = Counter("watchparty_http_sent_bytes", "Bytes of answers, without headers.", registry=registry)
        self.limited = Counter(
            "watchparty_http_requests_limited", "Requests that came too often, by class.", ["rate"], registry=registry
        )

    def begun(self, method: str, route: str) -> None:
        self._under_way.labels(_known(method), route).inc()

    def ended(self, method: str, route: str) -> None:
        self._under_way.labels(_known(method), route).dec()

    def answered(self, method: str, route: str, status: int, seconds: float, sent: int, *, stays: bool) -> None:
        """An answer has gone out whole, or its client has. `stays`: it was a socket or an event stream."""
        method = _known(method)
        self._requests.labels(method, route, f"{status // 100}xx").inc()
        self._sent.inc(sent)
        if not stays:
            self._seconds.labels(method, route).observe(seconds)


def _known(method: str) -> str:
    return method if method in METHODS else UNKNOWN
