"""Rooms over HTTP: made, listed, changed and closed, with their members, chat and log."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.rights import Control, Rights, RoomRole
from watchparty.domain.room import Admission, RoomCard
from watchparty.domain.user import Person
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.etags import etag, is_known, require_match
from watchparty.http.paging import cursor_of, next_link
from watchparty.http.room_views import (
    EventList,
    FilmView,
    MessageList,
    MessageView,
    RoleWord,
    RoomList,
    RoomView,
    event_view,
    message_view,
    number_at,
    room_at,
    room_view,
)
from watchparty.services.parties import Parties
from watchparty.services.rooms import Rooms, Settings
from watchparty.services.streams import Streams

AdmissionWord = Literal["open", "approval", "invite"]
ControlWord = Literal["everyone", "hosts"]
SlowMode = Annotated[int, msgspec.Meta(ge=0, le=3600)]
Password = Annotated[str, msgspec.Meta(max_length=1024)]


class RightsChange(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """For each action the least role that may; what is left out stays as it is."""

    play: RoleWord | msgspec.UnsetType = msgspec.UNSET
    seek: RoleWord | msgspec.UnsetType = msgspec.UNSET
    rate: RoleWord | msgspec.UnsetType = msgspec.UNSET
    queue: RoleWord | msgspec.UnsetType = msgspec.UNSET
    chat: RoleWord | msgspec.UnsetType = msgspec.UNSET
    invite: RoleWord | msgspec.UnsetType = msgspec.UNSET
    kick: RoleWord | msgspec.UnsetType = msgspec.UNSET


class NewRoom(msgspec.Struct, forbid_unknown_fields=True):
    """A room to be made; whoever makes it is its host. `control` decides first, then `rights`, action by action."""

    name: str
    video_id: str | None = None
    admission: AdmissionWord = "open"
    control: ControlWord = "everyone"
    rights: RightsChange | None = None
    password: Password | None = None
    slow_mode: SlowMode = 0


class RoomReplacement(msgspec.Struct, forbid_unknown_fields=True):
    """All of a room's settings; without `password` it has none, without `video_id` no film, without `rights` the
    usual ones for `control`."""

    name: str
    admission: AdmissionWord
    control: ControlWord
    rights: RightsChange | None = None
    video_id: str | None = None
    password: Password | None = None
    slow_mode: SlowMode = 0


class RoomChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is. An empty or null password takes it away; a null film, the film.

    `control` sets the rights to play, seek, rate and queue; `rights` changes some after that.
    """

    name: str | msgspec.UnsetType = msgspec.UNSET
    admission: AdmissionWord | msgspec.UnsetType = msgspec.UNSET
    control: ControlWord | msgspec.UnsetType = msgspec.UNSET
    rights: RightsChange | msgspec.UnsetType = msgspec.UNSET
    video_id: str | msgspec.UnsetType | None = msgspec.UNSET
    password: Password | msgspec.UnsetType | None = msgspec.UNSET
    slow_mode: SlowMode | msgspec.UnsetType = msgspec.UNSET


class PageQuery(msgspec.Struct):
    """A page of a list, newest first."""

    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 24
    cursor: str | None = None


class RoomRoutes:
    def __init__(self, rooms: Rooms, parties: Parties, streams: Streams) -> None:
        self._rooms = rooms
        self._parties = parties
        self._streams = streams

    def endpoints(self) -> Sequence[Endpoint]:
        rooms, one, person = "/api/v1/rooms", "/api/v1/rooms/{id}", Access.PERSON
        return [
            Endpoint("POST", rooms, self.create, "Make a room.", body=NewRoom, answer=RoomView, status=201),
            Endpoint("GET", rooms, self.page, "The rooms one may come into or knock at, newest first.",
                     query=PageQuery, answer=RoomList, access=person),
            Endpoint("GET", one, self.show, "One room.", answer=RoomView, access=person),
            Endpoint("PUT", one, self.replace, "Replace a room's settings.", body=RoomReplacement, answer=RoomView),
            Endpoint("PATCH", one, self.change, "Change some of a room's settings.",
                     body=RoomChange, answer=RoomView),
            Endpoint("DELETE", one, self.delete, "Close a room for good.", status=204),
            Endpoint("GET", f"{one}/messages", self.messages, "What was said, newest first.",
                     query=PageQuery, answer=MessageList, access=person),
            Endpoint("GET", f"{one}/messages/{{message_id}}", self.message, "One line of what was said.",
                     answer=MessageView, access=person),
            Endpoint("DELETE", f"{one}/messages/{{message_id}}", self.unsay,
                     "Take back what one said oneself or, as a host, what anybody said: its text is gone for good.",
                     status=204, access=person),
            Endpoint("GET", f"{one}/events", self.events, "Who did what and when, newest first, for hosts.",
                     query=PageQuery, answer=EventList),
        ]  # fmt: skip

    async def create(self, request: Request[NewRoom]) -> Answer:
        body = request.body
        settings = _settings(body)
        card = await self._rooms.create(request.person, settings, body.video_id)
        return await self._answer(request.person, card, status=201, location=True)

    async def page(self, request: Request[None]) -> Answer:
        query: PageQuery = request.query
        cards = await self._rooms.page(request.person, room_at(query.cursor), query.limit)
        last = cards[-1].room if len(cards) == query.limit else None
        cursor = cursor_of(last.created_at, last.id) if last else None
        roles = await self._rooms.roles(request.person)
        items = [await self._view(request.person, card, roles.get(card.room.id)) for card in cards]
        return Answer(RoomList(items, cursor), headers=next_link(request.raw, cursor))

    async def show(self, request: Request[None]) -> Answer:
        card = await self._rooms.find(request.person, request.path["id"])
        if is_known(request.raw, self._tag(card)):
            return Answer(status=304, headers={"ETag": self._tag(card)})
        return await self._answer(request.person, card)

    async def replace(self, request: Request[RoomReplacement]) -> Answer:
        body = request.body
        settings = _settings(body)
        return await self._change(request, lambda _: settings, body.video_id)

    async def change(self, request: Request[RoomChange]) -> Answer:
        body = request.body

        def decide(card: RoomCard) -> Settings:
            room = card.room
            return Settings(
                name=room.name if body.name is msgspec.UNSET else body.name,
                admission=room.admission if body.admission is msgspec.UNSET else Admission(body.admission),
                rights=_rights(room.rights, body.control, body.rights),
                password=None if body.password is msgspec.UNSET else body.password or "",
                slow_mode=room.slow_mode if body.slow_mode is msgspec.UNSET else body.slow_mode,
            )

        return await self._change(request, decide, body.video_id)

    async def delete(self, request: Request[None]) -> None:
        await self._require_match(request)
        await self._rooms.delete(request.person, request.path["id"])

    async def messages(self, request: Request[None]) -> Answer:
        query: PageQuery = request.query
        before = number_at(query.cursor)
        lines = await self._rooms.messages(request.person, request.path["id"], before, query.limit)
        cursor = cursor_of(lines[-1][0]) if len(lines) == query.limit else None
        items = [message_view(line) for _, line in lines]
        return Answer(MessageList(items, cursor), headers=next_link(request.raw, cursor))

    async def message(self, request: Request[None]) -> MessageView:
        path = request.path
        return message_view(await self._rooms.message(request.person, path["id"], path["message_id"]))

    async def unsay(self, request: Request[None]) -> None:
        path = request.path
        await self._rooms.unsay(request.person, path["id"], path["message_id"])

    async def events(self, request: Request[None]) -> Answer:
        query: PageQuery = request.query
        before = number_at(query.cursor)
        events = await self._rooms.events(request.person, request.path["id"], before, query.limit)
        cursor = cursor_of(events[-1][0]) if len(events) == query.limit else None
        items = [event_view(event) for _, event in events]
        return Answer(EventList(items, cursor), headers=next_link(request.raw, cursor))

    async def _change(
        self,
        request: Request[RoomReplacement] | Request[RoomChange],
        decide: Callable[[RoomCard], Settings],
        video_id: str | msgspec.UnsetType | None,
    ) -> Answer:
        await self._require_match(request)
        person, room_id = request.person, request.path["id"]
        if video_id is not msgspec.UNSET:
            await self._rooms.show(person, room_id, video_id)
        await self._rooms.change(person, room_id, decide)
        return await self._answer(person, await self._rooms.find(person, room_id))

    async def _require_match(self, request: Request[Any]) -> None:
        card = await self._rooms.find(request.person, request.path["id"])
        require_match(request.raw, self._tag(card))

    async def _answer(self, person: Person, card: RoomCard, *, status: int = 200, location: bool = False) -> Answer:
        headers = {"ETag": self._tag(card)}
        if location:
            headers["Location"] = f"/api/v1/rooms/{card.room.id}"
        roles = await self._rooms.roles(person)
        view = await self._view(person, card, roles.get(card.room.id))
        return Answer(view, status=status, headers=headers)

    async def _view(self, person: Person, card: RoomCard, role: RoomRole | None) -> RoomView:
        room = card.room
        video = await self._rooms.film(person, room)
        film = None
        if video is not None:
            film = FilmView(video.id, video.title, video.duration, self._streams.poster_url(person, video))
        return room_view(card, self._parties.video_id(room), self._parties.people(room.id), role, film)

    def _tag(self, card: RoomCard) -> str:
        room = card.room
        video_id = self._parties.video_id(room)
        return etag(room.id, room.name, room.admission, room.rights.words, room.password_hash, room.slow_mode, video_id)


def _settings(body: NewRoom | RoomReplacement) -> Settings:
    rights = _rights(Rights(), body.control, body.rights or msgspec.UNSET)
    return Settings(body.name, Admission(body.admission), rights, body.password or "", body.slow_mode)


def _rights(
    rights: Rights, control: ControlWord | msgspec.UnsetType, changes: RightsChange | msgspec.UnsetType
) -> Rights:
    if control is not msgspec.UNSET:
        rights = rights.steered_by(Control(control))
    return rights if changes is msgspec.UNSET else rights.change(msgspec.to_builtins(changes))
