"""Which encoder is offered."""

import logging
import time
from pathlib import Path

import pytest

from tests.media.broken import another
from watchparty.media import encoders
from watchparty.media.encoders import Encoder
from watchparty.services.encoders import Encoders

ANSWERS = {"libx264": 100, "fast": 300, "faster": 500, "slow": 50}


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Children that say these figures of encoders with these names, and hang or crash for others."""
    monkeypatch.setattr(encoders, "_given_up", set())
    for name in (*ANSWERS, "hanging", "crashing"):
        monkeypatch.setitem(encoders.KNOWN, name, Encoder(name, another))
    answers = "\n".join(f"""{name}) echo '{{"frames_per_second": {speed}}}' ;;""" for name, speed in ANSWERS.items())
    script = tmp_path / "python"
    # As called: python -m watchparty _encode NAME
    script.write_text(f"#!/bin/sh\ncase $4 in\n{answers}\nhanging) exec sleep 60 ;;\n*) kill -SEGV $$ ;;\nesac\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))


async def _best(*candidates: str) -> str:
    async with Encoders(candidates, seconds=1) as tried:
        assert tried.best == "libx264"
        await tried.settled()
        return tried.best


async def test_the_fastest_that_is_faster_than_libx264_is_offered(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert await _best("slow", "fast", "faster") == "faster"
    assert "encoding with faster" in caplog.text


async def test_one_slower_than_libx264_is_not() -> None:
    assert await _best("slow") == "libx264"


async def test_one_that_hangs_or_crashes_is_not_and_keeps_nobody_from_the_next() -> None:
    assert await _best("hanging", "crashing", "fast") == "fast"


async def test_one_that_failed_at_work_gives_way_to_the_next() -> None:
    async with Encoders(("fast", "faster")) as tried:
        await tried.settled()
        encoders.give_up("faster")
        assert tried.best == "fast"
        encoders.give_up("fast")
        assert tried.best == "libx264"


async def test_leaving_ends_a_trial_that_is_under_way() -> None:
    begun = time.monotonic()
    async with Encoders(("hanging",), seconds=60):
        pass
    assert time.monotonic() - begun < 10
