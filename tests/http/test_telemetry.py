"""One upload, followed through all floors: a single trace from the request to the job that prepares the film."""

import asyncio
import sys
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from tests.client import Client
from tests.films import Films
from tests.http.conftest import setup_token, started
from watchparty.services import telemetry
from watchparty.settings import BadSetting

CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


async def uploaded(folder: Path, films: Films) -> None:
    """A film is uploaded and prepared; returns when the server has stopped, and so sent all that it had."""
    async with started(folder, otel="http://127.0.0.1:9") as server, Client(f"http://127.0.0.1:{server.port}") as ada:
        await ada.setup(setup_token(server))
        made = await ada.post("/api/v1/videos", {"filename": "a.mp4", "size": films.h264.stat().st_size}, 201)
        with films.h264.open("rb") as film:
            url = ada.absolute(made["upload"]["url"])
            async with ada.session.put(url, data=film, headers={"traceparent": CALLER}) as answer:
                assert answer.status == 200
        await ada.until_settled(made["video"]["id"])
        while (await ada.get("/api/v1/queue/stats"))["completed"] < 2:
            await asyncio.sleep(0.05)
        for job in (await ada.get(f"/api/v1/jobs?video_id={made['video']['id']}"))["items"]:
            assert "traceparent" not in str(job)


async def test_the_spans_of_one_upload_join_into_one_trace(
    tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    exporter = InMemorySpanExporter()
    monkeypatch.setattr(telemetry, "to_collector", lambda endpoint: telemetry.Telemetry(exporter))
    await uploaded(tmp_path / "data", films)
    spans = exporter.get_finished_spans()
    put = next(span for span in spans if span.name == "PUT /u/{address}")
    trace = [span for span in spans if trace_of(span) == trace_of(put)]
    names = {span.name for span in trace}
    assert {"database.read", "database.write", "objects.put", "job prepare"} <= names
    assert format(trace_of(put), "032x") == CALLER.split("-")[1]
    prepare = next(span for span in trace if span.name == "job prepare")
    below = [span.name for span in trace if span.parent and span.parent.span_id == prepare.context.span_id]
    assert "database.write" in below
    assert {"job poster"} <= names, "what preparing queues is part of it, too"
    others = [span for span in spans if span.name.startswith("GET ") and trace_of(span) == trace_of(put)]
    assert not others
    told = " ".join(f"{span.name} {dict(span.attributes or {})}" for span in spans)
    assert "/u/{address}" in told and "?" not in told


def trace_of(span: ReadableSpan) -> Any:
    assert span.context
    return span.context.trace_id


async def test_without_the_extra_a_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "watchparty.services.telemetry", None)
    with pytest.raises(BadSetting, match=r"watchparty\[otel\]"):
        async with started(tmp_path / "data", otel="http://127.0.0.1:9"):
            pass
