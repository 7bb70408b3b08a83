"""Encoders other than libx264, stood for by some made of it: no driver is needed, and none is tested."""

import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.media.broken import Broken, Losing, Unkeyed, another
from tests.media.seen import difference, pictures
from tests.media.test_encode import RUNGS, head
from tests.media.torture import film
from tests.media.written import complaints, init
from watchparty.domain.ladder import Rendition
from watchparty.media import encoders, trial
from watchparty.media.encode import Made
from watchparty.media.encoders import Encoder
from watchparty.media.inspect import inspect

RUNG = RUNGS[1]


@pytest.fixture(autouse=True)
def registry(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(encoders, "_given_up", set())
    kept = dict(encoders.KNOWN)
    encoders.KNOWN["steady"] = Broken("steady", another, at=1 << 40)
    yield
    encoders.KNOWN.clear()
    encoders.KNOWN.update(kept)


def _cells(rung: Rendition, encoder: str) -> list[Made]:
    return [made for made in head(film("h264.mkv"), [rung], encoder=encoder) if made is not None]


def _joined(rung: Rendition, cells: list[Made], path: Path) -> Path:
    path.write_bytes(init(film("h264.mkv"), rung) + b"".join(made.data for made in cells))
    return path


def test_cells_of_two_encoders_make_one_stream(tmp_path: Path) -> None:
    theirs, ours = _cells(RUNG, "steady"), _cells(RUNG, "libx264")
    assert not encoders._given_up
    mixed = [(theirs, ours)[number % 2][number] for number in range(len(ours))]
    assert mixed[0].data != ours[0].data
    whole = _joined(RUNG, mixed, tmp_path / "mixed.mp4")
    assert complaints(whole) == ""
    source = pictures(film("h264.mkv"), (160, 90))
    seen = pictures(whole, (160, 90))
    assert len(seen) == len(source)
    assert max(difference(one, other) for one, other in zip(seen, source, strict=True)) < 8


@pytest.mark.parametrize("kind", [Broken, Losing, Unkeyed])
@pytest.mark.parametrize("at", [1, 50, 120])
def test_an_encoder_that_fails_in_mid_job_is_noticed_by_nobody(kind: type[Broken], at: int, tmp_path: Path) -> None:
    encoders.KNOWN["broken"] = kind("broken", another, at=at)
    before = threading.active_count()
    found = _cells(RUNG, "broken")
    count = len(inspect(str(film("h264.mkv"))).grid.encode) - 1
    assert [made.index for made in found] == list(range(count))
    assert threading.active_count() == before
    whole = _joined(RUNG, found, tmp_path / "whole.mp4")
    assert complaints(whole) == ""
    source, seen = pictures(film("h264.mkv"), (160, 90)), pictures(whole, (160, 90))
    assert len(seen) == len(source)
    assert max(difference(one, other) for one, other in zip(seen, source, strict=True)) < 8


def test_one_that_failed_is_not_asked_again_and_the_log_says_why(caplog: pytest.LogCaptureFixture) -> None:
    broken = encoders.KNOWN["broken"] = Broken("broken", another)
    assert encoders.trusted("broken")
    _cells(RUNG, "broken")
    assert "The device was lost." in caplog.text
    assert not encoders.trusted("broken")
    asked = len(broken.frames)
    assert asked >= 50
    _cells(RUNG, "broken")
    assert len(broken.frames) == asked


def test_cells_finished_before_the_failure_are_kept() -> None:
    encoders.KNOWN["broken"] = Broken("broken", another, at=120)
    assert _cells(RUNG, "broken")[0].data == _cells(RUNG, "steady")[0].data


def test_rungs_that_are_ahead_when_one_fails_give_each_cell_once() -> None:
    encoders.KNOWN["broken"] = Broken("broken", another, at=500)
    found = [made for made in head(film("h264.mkv"), RUNGS, encoder="broken") if made is not None]
    count = len(inspect(str(film("h264.mkv"))).grid.encode) - 1
    for rung in RUNGS:
        assert [made.index for made in found if made.rendition == rung.name] == list(range(count))
    assert not encoders.trusted("broken")


def test_an_encoder_nobody_knows_is_libx264() -> None:
    # It signs its name. The bytes themselves may differ between two runs, where the rate is at its limit.
    assert b"x264 - core" in _cells(RUNG, "h264_of_tomorrow")[0].data


def test_a_trial_times_an_encoder_that_works_and_refuses_one_that_does_not() -> None:
    assert trial.tried("steady") > 1
    encoders.KNOWN["broken"] = Broken("broken", another)
    with pytest.raises(encoders.EncoderFailed, match="device was lost"):
        trial.tried("broken")


@pytest.mark.parametrize("encoder", encoders._BY_SYSTEM["linux"], ids=lambda each: each.name)
def test_a_trial_of_hardware_ends_with_a_figure_or_a_reason(encoder: Encoder) -> None:
    done = subprocess.run(trial.command(encoder.name), capture_output=True, timeout=60)
    if trial.understood(done.stdout) is None:
        assert done.returncode == 1
        assert done.stderr


def test_no_device_no_try(tmp_path: Path) -> None:
    assert not Encoder("x", another, devices=("dev/no-such-thing*",)).present()
    assert Encoder("x", another, devices=("dev/nul*",)).present()
