"""A room's queue over HTTP: what comes next, for programs without a socket."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from watchparty.domain.user import Person
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.services.queues import Queued, Queues
from watchparty.services.streams import Streams


class NewItem(msgspec.Struct, forbid_unknown_fields=True):
    """A film to be added at the end."""

    video_id: str


class Place(msgspec.Struct, forbid_unknown_fields=True):
    """Where a film is to stand, counted from 0; past the end is at the end."""

    index: Annotated[int, msgspec.Meta(ge=0)]


class NextItem(msgspec.Struct, forbid_unknown_fields=True):
    """Which film to go on to; the first, when it is left out."""

    item_id: str | None = None


class QueueItemView(msgspec.Struct):
    """One place in a room's queue. `status` is ready, preparing or failed; `by` is who added it, by their id."""

    id: str
    video_id: str
    title: str
    duration: float | None
    status: str
    by: str
    by_name: str
    poster_url: str | None


class QueueView(msgspec.Struct):
    items: list[QueueItemView]
    next_cursor: str | None


class RoomQueueRoutes:
    def __init__(self, queues: Queues, streams: Streams) -> None:
        self._queues = queues
        self._streams = streams

    def endpoints(self) -> Sequence[Endpoint]:
        queue, one, person = "/api/v1/rooms/{id}/queue", "/api/v1/rooms/{id}/queue/{item_id}", Access.PERSON
        return [
            Endpoint("GET", queue, self.list, "What a room watches next, in order.", answer=QueueView, access=person),
            Endpoint("POST", queue, self.add, "Add a film to a room's queue.",
                     body=NewItem, answer=QueueItemView, status=201, access=person),
            Endpoint("POST", f"{queue}/next", self.next, "Go on to the first film of the queue, or to another of it.",
                     body=NextItem, answer=QueueView, access=person),
            Endpoint("PATCH", one, self.move, "Move a film within the queue.",
                     body=Place, answer=QueueView, access=person),
            Endpoint("DELETE", one, self.remove, "Take a film out of the queue; the room does not open it any more.",
                     status=204, access=person),
        ]  # fmt: skip

    async def list(self, request: Request[None]) -> QueueView:
        return await self._view(request.person, request.path["id"])

    async def add(self, request: Request[NewItem]) -> Answer:
        queued = await self._queues.add(request.person, request.path["id"], request.body.video_id)
        return Answer(self._item(request.person, queued), status=201)

    async def next(self, request: Request[NextItem]) -> QueueView:
        await self._queues.next(request.person, request.path["id"], request.body.item_id)
        return await self._view(request.person, request.path["id"])

    async def move(self, request: Request[Place]) -> QueueView:
        path = request.path
        await self._queues.move(request.person, path["id"], path["item_id"], request.body.index)
        return await self._view(request.person, path["id"])

    async def remove(self, request: Request[None]) -> None:
        await self._queues.remove(request.person, request.path["id"], request.path["item_id"])

    async def _view(self, person: Person, room_id: str) -> QueueView:
        return QueueView([self._item(person, queued) for queued in await self._queues.list(person, room_id)], None)

    def _item(self, person: Person, queued: Queued) -> QueueItemView:
        item = queued.item
        return QueueItemView(
            id=item.id,
            video_id=item.video_id,
            title=item.title,
            duration=item.duration,
            status=item.status,
            by=item.by,
            by_name=item.by_name,
            poster_url=self._streams.poster_url(person, queued.video),
        )
