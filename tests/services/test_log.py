import asyncio
import contextvars
import json
import logging

import pytest

from watchparty.services import origin
from watchparty.services.log import written

log = logging.getLogger("watchparty.test")


@pytest.fixture(autouse=True)
def _roots_handlers() -> object:
    """Pytest's own go on listening afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level


async def speak() -> None:
    origin.begin(origin.Origin("request-1", None))
    log.info("hello %s", "world", extra={"status": 200, "note": "Bearer abcdefghijkl"})
    try:
        raise RuntimeError("could not open /u/abcdefghijkl")
    except RuntimeError:
        log.exception("it failed with password=hunter22")


def test_a_line_of_json_has_its_request_and_its_traceback_and_no_secret(capfd: pytest.CaptureFixture[str]) -> None:
    with written("json", "info"):
        log.debug("not this")
        asyncio.run(speak())
        contextvars.Context().run(log.warning, "nobody asked")
    told, failed, unasked = [json.loads(line) for line in capfd.readouterr().err.splitlines()]
    assert (told["message"], told["level"], told["logger"]) == ("hello world", "INFO", "watchparty.test")
    assert (told["request_id"], told["status"], told["note"]) == ("request-1", 200, "Bearer ***")
    assert failed["request_id"] == "request-1"
    assert failed["message"] == "it failed with password=***"
    assert "RuntimeError: could not open /u/***" in failed["traceback"]
    assert unasked["request_id"] == "-"


def test_a_line_of_text_names_its_request_too(capfd: pytest.CaptureFixture[str]) -> None:
    with written("text", "info"):
        asyncio.run(speak())
    told = capfd.readouterr().err
    assert " INFO watchparty.test [request-1]: hello world\n" in told
    assert "hunter22" not in told and "abcdefghijkl" not in told and "Traceback" in told
