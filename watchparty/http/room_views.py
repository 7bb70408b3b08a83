"""Rooms as they are written on the wire."""

from typing import Literal

import msgspec

from watchparty.domain.rights import RoomRole
from watchparty.domain.room import AccessRequest, ChatLine, Invite, Member, RoomCard, RoomEvent
from watchparty.http.paging import key_of
from watchparty.http.users import SessionView
from watchparty.http.views import Owner, rfc3339

# Names of people that a room in a list shows.
SHOWN_PEOPLE = 8

RoleWord = Literal["guest", "member", "cohost", "host"]


class RightsView(msgspec.Struct):
    """For each action the least role that may. `play` is pausing too, `kick` muting and banning too."""

    play: RoleWord
    seek: RoleWord
    rate: RoleWord
    queue: RoleWord
    chat: RoleWord
    invite: RoleWord
    kick: RoleWord


class FilmView(msgspec.Struct):
    """What is on in a room; `duration` in seconds."""

    id: str
    title: str
    duration: float | None
    poster_url: str | None


class RoomView(msgspec.Struct):
    """A room. `members` counts those who belong to it, `present` those who are in it now; `people` are their names.

    `role` is what the asker is there, `film` what is on, where the asker may see it.

    `control` is the shorthand of `rights`: `hosts` when nobody else may play and pause. `slow_mode` is how long, in
    seconds, somebody waits between two lines of chat; 0 is not at all.
    """

    id: str
    name: str
    admission: str
    control: str
    has_password: bool
    video_id: str | None
    host: Owner
    members: int
    present: int
    people: list[str]
    role: RoleWord | None
    film: FilmView | None
    rights: RightsView
    created_at: str
    updated_at: str
    slow_mode: int


class RoomList(msgspec.Struct):
    items: list[RoomView]
    next_cursor: str | None


class MemberView(msgspec.Struct):
    """Somebody who belongs to a room; `id` is their account's, or the guest's."""

    id: str
    room_id: str
    name: str
    role: str
    muted: bool
    joined_at: str
    present: bool


class MemberList(msgspec.Struct):
    items: list[MemberView]
    next_cursor: str | None


class BanView(msgspec.Struct):
    """Somebody who is to stay out."""

    id: str
    room_id: str
    name: str
    is_guest: bool
    banned_at: str


class BanList(msgspec.Struct):
    items: list[BanView]
    next_cursor: str | None


class GuestSessionView(SessionView):
    """A guest's session, which opens one room."""

    room_id: str


class InviteView(msgspec.Struct):
    """An invitation. Its address and PIN are shown once, when it is made: only their hashes are kept."""

    id: str
    room_id: str
    role: str
    url: str | None
    pin: str | None
    email: str | None
    uses: int
    max_uses: int | None
    created_at: str
    expires_at: str


class InviteList(msgspec.Struct):
    items: list[InviteView]
    next_cursor: str | None


class RequestView(msgspec.Struct):
    """Somebody who knocked. `session` is the guest's key, once a host has let them in."""

    request_id: str
    room_id: str
    status: str
    name: str
    message: str
    created_at: str
    session: SessionView | None = None


class RequestList(msgspec.Struct):
    items: list[RequestView]
    next_cursor: str | None


class MessageView(msgspec.Struct):
    """Something said in a room. What was taken back has no text, and `unsaid_by` says who did that."""

    id: str
    member_id: str
    name: str
    text: str
    client_id: str
    reply_to: str | None
    created_at: str
    mentions: list[str]
    unsaid_by: str | None


class MessageList(msgspec.Struct):
    items: list[MessageView]
    next_cursor: str | None


class EventView(msgspec.Struct):
    """A line of a room's log: who did what, to whom, where in which film. Names are as they were then.

    `position` and, of a jump, `from_position` are in seconds of the film. `detail` is a speed, a role, the settings
    that changed. Of `waited` and `excused` the member is whom the room waited for.
    """

    kind: str
    member_id: str | None
    name: str | None
    position: float | None
    at: str
    session_id: str | None
    video_id: str | None
    title: str | None
    from_position: float | None
    target_id: str | None
    target_name: str | None
    detail: str | None


class EventList(msgspec.Struct):
    items: list[EventView]
    next_cursor: str | None


def room_view(
    card: RoomCard, video_id: str | None, people: list[str], role: RoomRole | None, film: FilmView | None
) -> RoomView:
    room = card.room
    return RoomView(
        id=room.id,
        name=room.name,
        admission=room.admission,
        control=room.control,
        has_password=room.password_hash is not None,
        video_id=video_id,
        host=Owner(room.host_id, card.host_name),
        members=card.members,
        present=len(people),
        people=people[:SHOWN_PEOPLE],
        role=None if role is None else role.value,
        film=film,
        rights=msgspec.convert(room.rights.words, RightsView),
        created_at=rfc3339(room.created_at),
        updated_at=rfc3339(room.updated_at),
        slow_mode=room.slow_mode,
    )


def member_view(member: Member, *, present: bool) -> MemberView:
    joined_at = rfc3339(member.joined_at)
    return MemberView(member.id, member.room_id, member.name, member.role, member.muted, joined_at, present)


def ban_view(member: Member) -> BanView:
    return BanView(member.id, member.room_id, member.name, member.is_guest, rfc3339(member.banned_at or 0.0))


def invite_view(invite: Invite, *, url: str | None = None, pin: str | None = None) -> InviteView:
    return InviteView(
        id=invite.id,
        room_id=invite.room_id,
        role=invite.role,
        url=url,
        pin=pin,
        email=invite.email,
        uses=invite.uses,
        max_uses=invite.max_uses,
        created_at=rfc3339(invite.created_at),
        expires_at=rfc3339(invite.expires_at),
    )


def request_view(request: AccessRequest, session: SessionView | None = None) -> RequestView:
    return RequestView(
        request.id,
        request.room_id,
        request.status,
        request.name,
        request.message,
        rfc3339(request.created_at),
        session,
    )


def message_view(line: ChatLine) -> MessageView:
    return MessageView(
        id=line.id,
        member_id=line.member_id,
        name=line.name,
        text=line.text,
        client_id=line.client_id,
        reply_to=line.reply_to,
        created_at=rfc3339(line.created_at),
        mentions=list(line.mentions),
        unsaid_by=line.unsaid_by,
    )


def event_view(event: RoomEvent) -> EventView:
    return EventView(
        kind=event.kind,
        member_id=event.member_id,
        name=event.name,
        position=_to_a_thousandth(event.position),
        at=rfc3339(event.at),
        session_id=event.session_id,
        video_id=event.video_id,
        title=event.title,
        from_position=_to_a_thousandth(event.from_position),
        target_id=event.target_id,
        target_name=event.target_name,
        detail=event.detail,
    )


def _to_a_thousandth(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds, 3)


def number_at(cursor: str | None) -> int | None:
    """The number a page ended with. Raises Invalid for a cursor that no page gave."""
    return None if cursor is None else key_of(cursor, tuple[int])[0]


def room_at(cursor: str | None) -> tuple[float, str] | None:
    """The room a page ended with. Raises Invalid for a cursor that no page gave."""
    return None if cursor is None else key_of(cursor, tuple[float, str])
