import asyncio

from watchparty.services.alarm import Alarm
from watchparty.services.clock import SystemClock


async def test_an_alarm_rings_at_the_earliest_time_it_was_set_for() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    alarm = Alarm(rung.set, clock)
    alarm.set(clock.monotonic() + 60)
    alarm.set(clock.monotonic() + 0.02)
    alarm.set(clock.monotonic() + 60)
    await asyncio.wait_for(rung.wait(), 5)


async def test_a_stopped_alarm_does_not_ring() -> None:
    clock, rung = SystemClock(), asyncio.Event()
    alarm = Alarm(rung.set, clock)
    alarm.set(clock.monotonic() + 0.01)
    alarm.stop()
    await asyncio.sleep(0.05)
    assert not rung.is_set()
