import pytest

from tests.services.hall import HandClock
from watchparty.domain.errors import TooMany
from watchparty.domain.user import Person, Role
from watchparty.services.rates import Rates, client_of, neighbourhood


def test_each_client_and_class_has_an_allowance_of_its_own() -> None:
    clock = HandClock()
    rates = Rates(clock)
    for _ in range(10):
        rates.take("auth", "eve")
    with pytest.raises(TooMany) as refused:
        rates.take("auth", "eve")
    assert refused.value.retry_after == 6
    rates.take("auth", "ann")
    rates.take("read", "eve")
    clock.now += 6
    rates.take("auth", "eve")


def test_a_flood_of_addresses_is_forgotten_again_and_who_keeps_asking_is_not() -> None:
    rates = Rates(HandClock(), most_clients=100)
    for number in range(1_000):
        rates.take("read", f"stranger {number}")
        if number % 50 == 0:
            rates.take("write", "eve")
    assert len(rates) == 100
    assert rates.take("write", "eve").level == pytest.approx(120 - 21)


def test_a_person_is_one_client_wherever_they_are() -> None:
    ann = Person("ann", "Ann", Role.USER, "s1")
    assert client_of(ann, "203.0.113.7") == client_of(ann, "2001:db8::1") != client_of(None, "203.0.113.7")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
    ],
)
def test_a_household_is_one_client_although_ipv6_gives_it_many_addresses(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same
