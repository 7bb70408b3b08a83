import pytest

from watchparty.domain.rating import Rating, pressed

LIKE, DISLIKE = Rating.LIKE, Rating.DISLIKE


@pytest.mark.parametrize(
    ("mine", "button", "on", "after"),
    [
        (None, LIKE, None, LIKE),
        (LIKE, LIKE, None, None),
        (DISLIKE, LIKE, None, LIKE),
        (LIKE, DISLIKE, None, DISLIKE),
        (DISLIKE, DISLIKE, None, None),
        (None, LIKE, True, LIKE),
        (LIKE, LIKE, True, LIKE),
        (DISLIKE, LIKE, True, LIKE),
        (LIKE, LIKE, False, None),
        (None, LIKE, False, None),
        (DISLIKE, LIKE, False, DISLIKE),
    ],
)
def test_a_button_toggles_unless_it_is_said_how_it_shall_stand(
    mine: Rating | None, button: Rating, on: bool | None, after: Rating | None
) -> None:
    assert pressed(mine, button, on) is after
