"""What somebody thinks of a film: they like it, they do not, or they have not said."""

from dataclasses import dataclass
from enum import StrEnum


class Rating(StrEnum):
    LIKE = "like"
    DISLIKE = "dislike"


@dataclass(frozen=True)
class Tally:
    """How many like a film and how many do not; `mine` is one person's own word."""

    likes: int
    dislikes: int
    mine: Rating | None


def pressed(mine: Rating | None, button: Rating, on: bool | None) -> Rating | None:
    """What somebody's word is after pressing a button: the other way round, or as `on` says.

    Switching off what one has not said leaves the other word as it is.
    """
    if on is None:
        on = mine is not button
    if on:
        return button
    return None if mine is button else mine
