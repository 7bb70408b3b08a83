"""A file that breaks the process looking at it breaks no other."""

import os
import signal
from pathlib import Path

import pytest

from tests.media.torture import film
from watchparty.domain.source import Unplayable
from watchparty.media import child
from watchparty.media.inspect import inspect


def test_a_child_finds_what_the_parent_would() -> None:
    path = str(film("two_languages.mkv"))
    assert child.inspect_in_child(path) == inspect(path)


def test_what_the_child_refuses_is_refused_in_its_words(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.touch()
    with pytest.raises(Unplayable, match=r"^The file is empty\.$"):
        child.inspect_in_child(str(path))


def _instead(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str) -> None:
    """The child runs this program, as if a decoder had done so."""
    script = tmp_path / "python"
    script.write_text(f"#!/bin/sh\n{program}\n")
    script.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(script))


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_of_the_child_is_a_sentence(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _instead(monkeypatch, tmp_path, f"kill -{int(number)} $$")
    with pytest.raises(Unplayable, match="breaks the decoder"):
        child.inspect_in_child(str(film("h264.mp4")))


def test_a_child_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    _instead(monkeypatch, tmp_path, f"echo $$ > {pid}; exec sleep 60")
    with pytest.raises(Unplayable, match="too long"):
        child.inspect_in_child(str(film("h264.mp4")), seconds=0.5)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_a_child_that_wants_too_much_memory_does_not_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "MEMORY_BYTES", 4 << 30)
    answer = os.fork()
    if not answer:
        child._limit_resources()
        try:
            bytearray(5 << 30)
        except MemoryError:
            os._exit(7)
        os._exit(0)
    _, status = os.waitpid(answer, 0)
    assert os.waitstatus_to_exitcode(status) == 7
