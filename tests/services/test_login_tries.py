from collections.abc import Callable

import pytest

from tests.services.hall import HandClock
from watchparty.domain.errors import TooMany
from watchparty.services import origin
from watchparty.services.login_tries import LoginTries


def let_through(tries: LoginTries, times: int, address: str, account: Callable[[int], str]) -> int:
    origin.begin(origin.Origin("id", address))
    through = 0
    for number in range(times):
        try:
            tries.begin(account(number))
        except TooMany:
            continue
        through += 1
    return through


def test_guessing_at_one_account_stops_at_once_and_its_owner_elsewhere_does_not_notice() -> None:
    tries = LoginTries(HandClock())
    assert let_through(tries, 1_000, "203.0.113.7", lambda _: "ada") == 5
    assert let_through(tries, 1, "198.51.100.1", lambda _: "ada") == 1


def test_one_password_at_a_thousand_accounts_stops_too() -> None:
    tries = LoginTries(HandClock())
    assert let_through(tries, 1_000, "203.0.113.7", lambda number: f"user{number}") == 10
    assert let_through(tries, 1, "203.0.113.8", lambda _: "user1") == 1


def test_neither_another_address_of_a_household_nor_an_account_of_ones_own_gives_more_tries() -> None:
    tries = LoginTries(HandClock())
    assert let_through(tries, 5, "2001:db8::1", lambda _: "ada") == 5
    assert let_through(tries, 1, "2001:db8::2", lambda _: "ada") == 0
    for _ in range(3):
        origin.begin(origin.Origin("id", "2001:db8::1"))
        tries.begin("eve")
        tries.passed("eve")
    assert let_through(tries, 100, "2001:db8::1", lambda number: f"user{number}") == 5


def test_who_remembers_the_password_at_last_starts_anew() -> None:
    tries = LoginTries(HandClock())
    origin.begin(origin.Origin("id", "203.0.113.7"))
    for _ in range(2):
        for _ in range(4):
            tries.begin("ada")
        tries.begin("ada")
        tries.passed("ada")


def test_it_says_how_long_to_wait() -> None:
    clock = HandClock()
    tries = LoginTries(clock)
    let_through(tries, 5, "203.0.113.7", lambda _: "ada")
    clock.now += 0.25
    with pytest.raises(TooMany) as refused:
        tries.begin("ada")
    assert refused.value.retry_after == 0.75


def test_names_made_up_by_the_million_take_no_memory() -> None:
    tries = LoginTries(HandClock(), most=100)
    for number in range(1_000):
        let_through(tries, 1, f"10.0.{number // 250}.{number % 250}", lambda _: "x" * 10_000)
    assert len(tries._at_account._tries) == len(tries._from_address._tries) == 100
    assert all(len(str(key)) < 100 for key in tries._at_account._tries)
