"""What people think of films and say below them, put together."""

from dataclasses import dataclass

from watchparty.services.clock import Clock
from watchparty.services.ratings import Ratings
from watchparty.services.videos import Videos
from watchparty.storage.database import Database
from watchparty.storage.ratings import RatingStore


@dataclass(frozen=True)
class Community:
    ratings: Ratings


def community(database: Database, videos: Videos, clock: Clock) -> Community:
    return Community(Ratings(database, RatingStore(), videos, clock))
