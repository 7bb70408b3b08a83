"""Following one piece of work through all floors, where somebody wants that."""

import contextlib
from collections.abc import Iterator
from typing import Protocol

from watchparty.domain.job import Job
from watchparty.storage.gauge import Gauge


class Tracing(Protocol):
    """Spans, each a part of the one that is open in its task. Whoever does not trace has None instead."""

    def span(
        self, name: str, *, parent: str | None = None, **attributes: str | int
    ) -> contextlib.AbstractContextManager[None]:
        """Work under this name begins and ends; `parent` is a traceparent (W3C) that came from elsewhere."""

    def carried(self) -> str | None:
        """The span that is open in this task, as a traceparent to be kept with what goes on later."""

    def close(self) -> None:
        """Send what has not been sent; blocks."""


class TracedGauge:
    """A gauge of storage that opens a span for every operation, too."""

    def __init__(self, gauge: Gauge, tracing: Tracing) -> None:
        self._gauge = gauge
        self._tracing = tracing
        self.committed = gauge.committed
        self.moved = gauge.moved

    @contextlib.contextmanager
    def doing(self, what: str) -> Iterator[None]:
        with self._tracing.span(what), self._gauge.doing(what):
            yield


def job_span(tracing: Tracing | None, job: Job) -> contextlib.AbstractContextManager[None]:
    """An attempt at a job, in the trace of whatever queued it."""
    if tracing is None:
        return contextlib.nullcontext()
    return tracing.span(f"job {job.kind}", parent=job.trace, job=job.id)
