import pytest

from tests.services.hall import HandClock
from watchparty.domain.errors import TooMany
from watchparty.services.pin_tries import PinTries


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def tries(clock: HandClock) -> PinTries:
    return PinTries(clock)


def miss(tries: PinTries, clock: HandClock, times: int, address: str = "eve") -> None:
    """Wrong PINs, as slowly as one address may."""
    for _ in range(times):
        clock.now += 13
        tries.check(address)
        tries.missed(address)


def test_five_tries_a_minute_from_one_address_and_others_are_not_held_up(tries: PinTries, clock: HandClock) -> None:
    for _ in range(5):
        tries.check("eve")
    with pytest.raises(TooMany) as refused:
        tries.check("eve")
    assert refused.value.retry_after == 12
    tries.check("ann")
    clock.now += 12
    tries.check("eve")


def test_right_pins_do_not_count_for_the_hour(tries: PinTries, clock: HandClock) -> None:
    for _ in range(100):
        clock.now += 13
        tries.check("ann")


def test_one_address_alone_cannot_shut_the_others_out(tries: PinTries, clock: HandClock) -> None:
    miss(tries, clock, 20)
    clock.now += 13
    with pytest.raises(TooMany, match="from here") as refused:
        tries.check("eve")
    assert refused.value.retry_after == pytest.approx(3600 - 20 * 13)
    tries.check("ann")


def test_fifty_wrong_ones_an_hour_from_wherever_they_come_and_then_none_is_taken(
    tries: PinTries, clock: HandClock
) -> None:
    for address in ("eve", "mallory", "trudy"):
        miss(tries, clock, 20 if address != "trudy" else 10, address)
    with pytest.raises(TooMany, match="lately") as refused:
        tries.check("ann")
    assert refused.value.retry_after == pytest.approx(3600 - 49 * 13)
    clock.now += 3600 - 49 * 13
    tries.check("ann")
