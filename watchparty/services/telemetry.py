"""Spans for OpenTelemetry, sent to a collector by OTLP over HTTP. Needs the extra `watchparty[otel]`."""

import contextlib
from collections.abc import Iterator

from opentelemetry import context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from watchparty import __version__

_PROPAGATOR = TraceContextTextMapPropagator()


class Telemetry:
    """services/tracing.py's Tracing. Nothing global is set: two servers in one process are traced apart."""

    def __init__(self, exporter: SpanExporter) -> None:
        resource = Resource.create({"service.name": "watchparty", "service.version": __version__})
        self._provider = TracerProvider(resource=resource, shutdown_on_exit=False)
        self._provider.add_span_processor(BatchSpanProcessor(exporter))  # sends from a thread of its own
        self._tracer = self._provider.get_tracer("watchparty", __version__)

    @contextlib.contextmanager
    def span(self, name: str, *, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
        before = _PROPAGATOR.extract({"traceparent": parent}) if parent else None
        span = self._tracer.start_span(name, context=before, attributes=attributes)
        token = context.attach(set_span_in_context(span, before))
        try:
            yield
        except Exception as error:
            span.record_exception(error)
            raise
        finally:
            context.detach(token)
            span.end()

    def carried(self) -> str | None:
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get("traceparent")

    def close(self) -> None:
        self._provider.shutdown()


def to_collector(endpoint: str) -> Telemetry:
    """`endpoint` is a collector's, such as http://localhost:4318."""
    return Telemetry(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces"))
