from watchparty.domain.tries import QUIET, Tries


def guessed(seconds: float, free: int = 5) -> int:
    """How many tries somebody gets who tries ten times a second."""
    tries, made = Tries(free), 0
    for tenth in range(int(seconds * 10)):
        if tries.wait(tenth / 10) == 0:
            tries, made = tries.tried(tenth / 10), made + 1
    return made


def test_ten_in_the_first_minute_and_about_one_in_each_after_it() -> None:
    assert guessed(60) == 10
    assert guessed(3600) <= 10 + 60


def test_of_many_at_once_only_the_free_ones_are_let_through() -> None:
    tries = Tries(5)
    for _ in range(5):
        assert tries.wait(7.0) == 0
        tries = tries.tried(7.0)
    assert tries.wait(7.0) == 1.0


def test_what_turned_out_right_is_not_held_against_anybody() -> None:
    tries = Tries(5)
    for second in range(100):
        assert tries.wait(second) == 0
        tries = tries.tried(second).turned_out_right()


def test_after_a_quarter_of_an_hour_it_is_forgotten() -> None:
    tries = Tries(1).tried(0.0).tried(10.0).tried(20.0)
    assert tries.tried(30.0).wrong == 4
    assert tries.tried(20.0 + QUIET).wrong == 1
