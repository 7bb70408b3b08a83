"""What people think of films and say below them, and what they are told of, put together."""

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass

from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.services.comments import Comments
from watchparty.services.events import Events
from watchparty.services.film_notices import FilmNotices
from watchparty.services.notifications import Notifications
from watchparty.services.ratings import Ratings
from watchparty.services.videos import Videos
from watchparty.storage.comments import CommentStore
from watchparty.storage.database import Database
from watchparty.storage.notifications import NotificationStore
from watchparty.storage.ratings import RatingStore
from watchparty.storage.search import SearchStore
from watchparty.storage.users import UserStore


@dataclass(frozen=True)
class Community:
    ratings: Ratings
    comments: Comments
    notifications: Notifications


@contextlib.asynccontextmanager
async def opened_community(
    database: Database, videos: Videos, events: Events, audit: Audit, clock: Clock
) -> AsyncIterator[Community]:
    """To be opened before `events`, of which it hears."""
    notifications = Notifications(database, NotificationStore(), videos, clock)
    FilmNotices(database, videos, notifications).listen(events)
    comments = Comments(database, CommentStore(), SearchStore(), UserStore(), videos, notifications, audit, clock)
    async with comments.open():
        yield Community(Ratings(database, RatingStore(), videos, clock), comments, notifications)
