"""Films as they are written on the wire."""

from collections.abc import Sequence

import msgspec

from watchparty.domain.permission import owns
from watchparty.domain.rating import Rating
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.http.ratings import RatingWord
from watchparty.http.views import Owner, owner, rfc3339
from watchparty.services.history import History
from watchparty.services.ratings import Ratings
from watchparty.services.streams import Streams
from watchparty.services.users import Users


class VideoView(msgspec.Struct):
    """A film. Sizes in bytes and pixels, `duration` in seconds; `reason` says why it failed.

    `my_reaction` is what one has said of it oneself,
    `position` where the asker left off, in seconds; null when they have not begun it.
    """

    id: str
    title: str
    description: str
    tags: list[str]
    visibility: str
    status: str
    owner: Owner
    duration: float | None
    width: int | None
    height: int | None
    size: int | None
    mime_type: str | None
    poster_url: str | None
    views: int
    likes: int
    dislikes: int
    comments: int
    created_at: str
    updated_at: str
    mine: bool
    keep_ready: bool
    my_reaction: RatingWord | None = None
    position: float | None = None
    reason: str | msgspec.UnsetType = msgspec.UNSET


class VideoViews:
    """Adds what stands elsewhere: the owner's latest name, a signed address for the poster, where one left off."""

    def __init__(self, streams: Streams, users: Users, ratings: Ratings, history: History) -> None:
        self._streams = streams
        self._history = history
        self._users = users
        self._ratings = ratings

    async def one(self, person: Person | None, video: Video) -> VideoView:
        """As `person` sees it; None for whoever holds its upload address, which only its owner was given."""
        return (await self.many(person, [video]))[0]

    async def many(self, person: Person | None, videos: Sequence[Video]) -> list[VideoView]:
        owners = await self._users.populate([video.owner_id for video in videos])
        shown = {user.id: owner(user) for user in owners}
        mine = await self._ratings.mine(person, [video.id for video in videos]) if person else {}
        places = await self._history.positions(person, [video.id for video in videos]) if person else {}
        nobody = Owner("", "")
        return [
            self._shown(person, one, shown.get(one.owner_id, nobody), mine.get(one.id), places.get(one.id))
            for one in videos
        ]

    def _shown(
        self, person: Person | None, video: Video, owner: Owner, rating: Rating | None, position: float | None
    ) -> VideoView:
        return VideoView(
            id=video.id,
            title=video.title,
            description=video.description,
            tags=[*video.tags],
            visibility=video.visibility,
            status=video.status,
            owner=owner,
            duration=video.duration,
            width=video.width,
            height=video.height,
            size=video.size,
            mime_type=video.mime_type,
            poster_url=self._streams.poster_url(person, video) if person else None,
            views=video.views,
            likes=video.likes,
            dislikes=video.dislikes,
            comments=video.comments,
            created_at=rfc3339(video.created_at),
            updated_at=rfc3339(video.updated_at),
            mine=person is None or owns(person, video),
            keep_ready=video.keep_ready,
            my_reaction=None if rating is None else rating.value,
            position=position,
            reason=video.reason or msgspec.UNSET,
        )
