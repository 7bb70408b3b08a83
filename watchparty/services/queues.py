"""Rooms' queues for those who have no seat at hand: programs, and pages that want pictures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from watchparty.domain.conflict import Refusal
from watchparty.domain.errors import Conflict, NotAllowed, NotFound, Problem
from watchparty.domain.message import Queue as Wish
from watchparty.domain.message import QueueOp
from watchparty.domain.queue import Item
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import Member
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.live_room import LiveRoom
from watchparty.services.parties import Library, Parties, item_of
from watchparty.services.rooms import Rooms
from watchparty.storage.database import Database, Tx
from watchparty.storage.videos import VideoStore

T = TypeVar("T")
# What a refusal on the socket is called elsewhere; all others are conflicts.
_PROBLEMS: dict[str, type[Problem]] = {"not_allowed": NotAllowed, "no_such_item": NotFound}


@dataclass(frozen=True)
class Queued:
    """One place of a queue, with the film as the library knows it."""

    item: Item
    video: Video


class Queues:
    """Everybody in the room hears of each change at once, as if somebody there had made it."""

    def __init__(
        self,
        database: Database,
        videos: VideoStore,
        library: Library,
        rooms: Rooms,
        parties: Parties,
    ) -> None:
        self._database = database
        self._videos = videos
        self._library = library
        self._rooms = rooms
        self._parties = parties

    async def list(self, person: Person, room_id: str) -> list[Queued]:
        """What comes next, in order. Raises NotFound, NotAllowed."""
        await self._rooms.find_as_member(person, room_id)
        items = await self._visit(room_id, lambda room: room.queue)

        def read(tx: Tx) -> list[Queued]:
            found = [(item, self._videos.get(tx, item.video_id)) for item in items]
            return [Queued(item, video) for item, video in found if video is not None]

        return await self._database.read(read)

    async def add(self, person: Person, room_id: str, video_id: str) -> Queued:
        """One more film, at the end. Raises NotFound for one they may not see, or see only because of the room."""
        member = await self._member(person, room_id)
        video = await self._library.find(person, video_id)
        if self._library.needs_room(person, video):
            raise NotFound("There is no such video.")
        item = item_of(video, member)
        await self._visit(room_id, lambda room: room.change_queue(member, item))
        return Queued(item, video)

    async def remove(self, person: Person, room_id: str, item_id: str) -> None:
        await self._change(person, room_id, Wish(QueueOp.REMOVE, item_id=item_id))

    async def move(self, person: Person, room_id: str, item_id: str, index: int) -> None:
        """To this index, counted from 0; past the end is at the end."""
        await self._change(person, room_id, Wish(QueueOp.MOVE, item_id=item_id, index=index))

    async def next(self, person: Person, room_id: str, item_id: str | None) -> None:
        """Go on to this film, or to the first of the queue; it plays as soon as everybody is ready."""
        await self._change(person, room_id, Wish(QueueOp.NEXT, item_id=item_id))

    async def _change(self, person: Person, room_id: str, wish: Wish) -> None:
        member = await self._member(person, room_id)
        await self._visit(room_id, lambda room: room.change_queue(member, wish))

    async def _visit(self, room_id: str, act: Callable[[LiveRoom], T]) -> T:
        try:
            return await self._parties.visit(room_id, act)
        except Refusal as refusal:
            raise _PROBLEMS.get(refusal.code, Conflict)(refusal.detail) from refusal

    async def _member(self, person: Person, room_id: str) -> Member:
        """Their place in the room; administrators run every room."""
        await self._rooms.find_as_member(person, room_id)
        member = await self._rooms.membership(person, room_id)
        if member is None or not member.is_in:
            return Member(room_id, person.id, person.name, RoomRole.HOST, joined_at=0.0)
        return member


class Upcoming:
    """The beginnings of what rooms watch next, for `Foresight`: made while there is time, and not evicted."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties

    def playheads(self) -> list[tuple[str, float, bool]]:
        return self._parties.upcoming()
