from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.services.hall import Hall
from watchparty.services.metrics import Metrics


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    async with Hall.open(tmp_path) as hall:
        yield hall


def number(metrics: Metrics, name: str, **labels: str) -> float:
    """A sample as Prometheus would read it; 0 while nothing was counted under these labels."""
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name == name and sample.labels == labels:
                return float(sample.value)
    return 0.0


def does(hall: Hall, seat: Any, ear: Any, state: str, **fields: Any) -> None:
    revision = ear.timeline["revision"]
    hall.says(seat, "status", revision=revision, position=0, buffered=9, state=state, **fields)


async def test_the_spread_of_those_who_play_is_counted_once_a_second_while_the_film_runs(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    hall.later(1.0)
    for seat, drift in ((ann, 4.0), (bob, -26.0)):
        does(hall, seat, ear, "playing", drift_ms=drift)
    for _ in range(4):
        hall.later(0.5)
    assert number(hall.metrics, "watchparty_room_spread_seconds_count") == 2
    assert number(hall.metrics, "watchparty_room_spread_seconds_sum") == pytest.approx(0.06)
    hall.says(ann, "pause", seen=ear.timeline["revision"])
    hall.later(1.0)
    hall.later(1.0)
    assert number(hall.metrics, "watchparty_room_spread_seconds_count") == 2


async def test_the_spread_is_looked_at_without_anybody_asking(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    room = hall.parties._live["room"]
    assert room._deadline() <= hall.clock.now + 1.0


async def test_a_wait_is_counted_with_its_length_and_whether_it_was_in_vain(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    bob, _ = await hall.enters("bob")
    for seat in (ann, bob):
        does(hall, seat, ear, "ready")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    hall.later(1.0)
    for seat in (ann, bob):
        does(hall, seat, ear, "playing", drift_ms=0)
    hall.later(1.0)
    does(hall, bob, ear, "starving")
    hall.later(1.0)
    assert ear.timeline["waiting_for"] == ["bob"]
    does(hall, ann, ear, "ready")
    hall.later(10.0)
    assert ear.timeline["playing"]
    assert number(hall.metrics, "watchparty_room_wait_seconds_count") == 1
    assert number(hall.metrics, "watchparty_room_wait_seconds_sum") == pytest.approx(10.0)
    assert number(hall.metrics, "watchparty_room_waits_given_up_total") == 1


async def test_a_start_that_waits_for_nobody_is_no_wait(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    does(hall, ann, ear, "starving")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    assert ear.timeline["starting"]
    does(hall, ann, ear, "ready")
    assert ear.timeline["playing"]
    assert number(hall.metrics, "watchparty_room_wait_seconds_count") == 0


async def test_what_goes_over_the_sockets_is_counted_by_kind(hall: Hall) -> None:
    ann, ear = await hall.enters("ann")
    await hall.enters("bob")
    before = number(hall.metrics, "watchparty_messages_sent_total", type="timeline")
    hall.says(ann, "play", seen=ear.timeline["revision"])
    hall.says(ann, "play", seen=ear.timeline["revision"])
    hall.says(ann, "chat", text="hello", client_id="1")
    assert number(hall.metrics, "watchparty_messages_sent_total", type="timeline") == before + 2
    assert number(hall.metrics, "watchparty_messages_refused_total", code="already_playing") == 1
    assert number(hall.metrics, "watchparty_chat_messages_total") == 1
    assert number(hall.metrics, "watchparty_fan_out_seconds_count") > 0


async def test_only_whoever_comes_back_on_a_new_line_has_reconnected(hall: Hall) -> None:
    ann, _ = await hall.enters("ann")
    second, _ = await hall.enters("ann")
    assert number(hall.metrics, "watchparty_reconnects_total") == 0
    hall.parties.leave(second, 1000)
    hall.parties.leave(ann, None)
    hall.later(5.0)
    ann, _ = await hall.enters("ann")
    assert number(hall.metrics, "watchparty_reconnects_total") == 1
    await hall.enters("ann", resume=ann.resume)
    assert number(hall.metrics, "watchparty_reconnects_total") == 2
