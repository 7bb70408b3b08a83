"""Likes and dislikes over HTTP."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from watchparty.domain.rating import Rating
from watchparty.http.endpoint import Endpoint, Request
from watchparty.services.ratings import Ratings

RatingWord = Literal["like", "dislike"]


class Press(msgspec.Struct, forbid_unknown_fields=True):
    """Without `on` the button toggles; with it, the same request again changes nothing."""

    on: bool | None = None


class TallyView(msgspec.Struct):
    """How many like the film and how many do not, and what one has said oneself."""

    likes: int
    dislikes: int
    mine: RatingWord | None


class RatingRoutes:
    def __init__(self, ratings: Ratings) -> None:
        self._ratings = ratings

    def endpoints(self) -> Sequence[Endpoint]:
        one = "/api/v1/videos/{id}"
        return [
            Endpoint("POST", f"{one}/like", self.like, "Like a film, or no longer.", body=Press, answer=TallyView),
            Endpoint("POST", f"{one}/dislike", self.dislike, "Dislike a film, or no longer.",
                     body=Press, answer=TallyView),
        ]  # fmt: skip

    async def like(self, request: Request[Press]) -> TallyView:
        return await self._press(request, Rating.LIKE)

    async def dislike(self, request: Request[Press]) -> TallyView:
        return await self._press(request, Rating.DISLIKE)

    async def _press(self, request: Request[Press], button: Rating) -> TallyView:
        tally = await self._ratings.press(request.person, request.path["id"], button, request.body.on)
        return TallyView(tally.likes, tally.dislikes, None if tally.mine is None else tally.mine.value)
