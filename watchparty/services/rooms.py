"""Rooms: made, found, changed and closed, and who belongs to them."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from watchparty.domain.deeds import settings_deed
from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.event import RoomCreated, RoomEnded
from watchparty.domain.rights import HOSTS, Action, Rights, RoomRole
from watchparty.domain.room import Admission, ChatLine, Member, Room, RoomCard, RoomEvent, owns
from watchparty.domain.text import person_name
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.clock import Clock
from watchparty.services.events import Events
from watchparty.services.ids import new_id
from watchparty.services.parties import Library, Parties
from watchparty.services.passwords import hash_password
from watchparty.services.sessions import Session, Sessions
from watchparty.storage.database import Database, Tx
from watchparty.storage.messages import NEWEST as NEWEST_LINE
from watchparty.storage.messages import MessageStore
from watchparty.storage.room_sessions import RoomEventStore
from watchparty.storage.rooms import NEWEST as NEWEST_ROOM
from watchparty.storage.rooms import MemberStore, RoomStore

NO_ROOM = "There is no such room."
SHOWN_OUT = "You were shown out of this room. Ask a host for an invitation."
BANNED = "You have been banned from this room. Only its hosts can let you back in."


@dataclass(frozen=True)
class Settings:
    """What a host decides about a room. An empty password takes it away; None leaves it as it is."""

    name: str
    admission: Admission
    rights: Rights
    password: str | None = None
    slow_mode: int = 0


@dataclass(frozen=True)
class Admitted:
    """Somebody came in; a new guest gets a session with it."""

    member: Member
    session: Session | None


class Rooms:
    def __init__(
        self,
        database: Database,
        store: RoomStore,
        members: MemberStore,
        messages: MessageStore,
        events: RoomEventStore,
        library: Library,
        parties: Parties,
        sessions: Sessions,
        domain_events: Events,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._members = members
        self._messages = messages
        self._events = events
        self._library = library
        self._parties = parties
        self._sessions = sessions
        self._domain_events = domain_events
        self._clock = clock

    async def create(self, person: Person, settings: Settings, video_id: str | None) -> RoomCard:
        """A new room, whose host is whoever makes it. Raises NotFound for a film they may not see."""
        if video_id is not None:
            await self._film(person, video_id, None)
        now = self._clock.time()
        room = Room(
            id=new_id(),
            name=person_name(settings.name),
            host_id=person.id,
            admission=settings.admission,
            rights=settings.rights,
            password_hash=await hash_password(settings.password) if settings.password else None,
            video_id=video_id,
            created_at=now,
            updated_at=now,
            slow_mode=settings.slow_mode,
        )
        host = Member(room.id, person.id, person.name, RoomRole.HOST, joined_at=now)

        def keep(tx: Tx) -> None:
            self._store.add(tx, room)
            self._members.put(tx, host)
            self._domain_events.tell(tx, RoomCreated.of(room))

        await self._database.write(keep)
        return RoomCard(room, person.name, 1)

    async def find(self, person: Person, room_id: str) -> RoomCard:
        """Raises NotFound unless this person may know of it: it is open to knocking, or they belong to it."""
        card, member = await self._read(person, room_id)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        return card

    async def find_as_host(self, person: Person, room_id: str) -> RoomCard:
        """The same for running it: raises NotAllowed for everybody but its hosts and administrators.

        Whoever sits in an absent host's chair runs it too.
        """
        card, member = await self._read(person, room_id)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        if not person.is_admin and (member is None or not member.is_in or self._role(member) not in HOSTS):
            raise NotAllowed("Only the hosts of this room can do this.")
        return card

    async def find_as_member(self, person: Person, room_id: str) -> RoomCard:
        """The same for what only people in the room see. Raises NotAllowed."""
        card, member = await self._read(person, room_id)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        if not person.is_admin and (member is None or not member.is_in):
            raise NotAllowed("Join this room first.")
        return card

    async def find_allowed(self, person: Person, room_id: str, action: Action) -> tuple[RoomCard, RoomRole]:
        """The same for one of the actions that the host gives and takes, and the role it is done in.

        Raises NotAllowed.
        """
        card, member = await self._read(person, room_id)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        if owns(person, card.room):
            return card, RoomRole.HOST
        if member is None or not member.is_in:
            raise NotAllowed("Join this room first.")
        role = self._role(member)
        why_not = card.room.rights.why_not(role, action)
        if why_not is not None:
            raise NotAllowed(why_not)
        return card, role

    async def page(self, person: Person, after: tuple[float, str] | None, limit: int) -> list[RoomCard]:
        """The newest rooms after `after` that this person may know of; guests know their own."""
        if person.is_guest:
            return [await self.find(person, person.room_id)] if person.room_id else []
        viewer = None if person.is_admin else person.id
        return await self._database.read(lambda tx: self._store.page(tx, viewer, after or NEWEST_ROOM, limit))

    async def change(self, person: Person, room_id: str, decide: Callable[[RoomCard], Settings]) -> RoomCard:
        """Give a room the settings that `decide` makes of the present ones, and tell everybody in it.

        Raises NotAllowed, also for a co-host who would change what people may do.
        """
        card = await self.find_as_host(person, room_id)
        password = decide(card).password
        password_hash = await hash_password(password) if password else None

        def keep(tx: Tx) -> RoomCard:
            # Decided anew on what stands there now: two hosts may be changing different things at once.
            card = self._store.get(tx, room_id)
            if card is None:
                raise NotFound(NO_ROOM)
            settings = decide(card)
            if settings.rights != card.room.rights and not owns(person, card.room):
                raise NotAllowed("Only the host decides what people may do here.")
            room = replace(
                card.room,
                name=person_name(settings.name),
                admission=settings.admission,
                rights=settings.rights,
                password_hash=card.room.password_hash if password is None else password_hash,
                updated_at=self._clock.time(),
                slow_mode=settings.slow_mode,
            )
            self._store.update(tx, room)
            return replace(card, room=room)

        changed = await self._database.write(keep)
        self._parties.change(changed)
        self._parties.note(room_id, settings_deed(card.room, changed.room, person.id))
        return changed

    async def show(self, person: Person, room_id: str, video_id: str | None) -> None:
        """Have this film in the room, or none, which stops what is playing."""
        card = await self.find_as_host(person, room_id)
        now_showing = self._parties.video_id(card.room)
        if video_id == now_showing:
            return
        video = await self._film(person, video_id, now_showing) if video_id is not None else None
        await self._parties.put(room_id, video, person.id)

    async def delete(self, person: Person, room_id: str) -> None:
        """Close a room for good: everybody in it is told, its guests' sessions end."""
        card, member = await self._read(person, room_id)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        if not owns(person, card.room):
            raise NotAllowed("Only the host of this room can delete it.")

        def keep(tx: Tx) -> None:
            people = tuple(member.id for member in self._members.list(tx, room_id) if not member.is_guest)
            self._store.delete(tx, room_id)
            self._domain_events.tell(tx, RoomEnded.of(card.room, people))

        await self._database.write(keep)
        self._parties.end_room(room_id)
        await self._sessions.end_room(room_id)

    async def enter(self, person: Person, room_id: str) -> Member:
        """Take a seat, as a member from now on where the door is open. Raises NotAllowed, saying what it takes."""
        card, member = await self._read(person, room_id)
        if member is not None and member.is_in:
            return await self._named(person, member)
        if not _may_know(person, card.room, member):
            raise NotFound(NO_ROOM)
        if member is not None and not person.is_admin:
            raise NotAllowed(BANNED if member.banned_at is not None else SHOWN_OUT)
        if not person.is_admin:
            if card.room.admission is not Admission.OPEN:
                raise NotAllowed("A host has to let you into this room. Ask for it first.")
            if card.room.password_hash is not None:
                raise NotAllowed("This room has a password.")
        return await self.admit(card.room, person.id, person.name, RoomRole.MEMBER)

    async def admit(self, room: Room, person_id: str, name: str, role: RoomRole) -> Member:
        """Make somebody a member, or a member again; whoever is more stays so. Raises NotAllowed for the banned."""

        def keep(tx: Tx) -> Member:
            before = self._members.get(tx, room.id, person_id)
            if before is not None and before.banned_at is not None:
                raise NotAllowed(BANNED)
            if before is not None and before.is_in and before.role is not RoomRole.MEMBER:
                return before
            joined_at = before.joined_at if before else self._clock.time()
            muted = before.muted if before else False
            member = Member(room.id, person_id, name, role, joined_at, muted)
            self._members.put(tx, member)
            return member

        return await self._database.write(keep)

    async def admit_guest(
        self, room: Room, name: str, guest_id: str | None = None, *, formerly: str | None = None
    ) -> Admitted:
        """Let somebody without an account in under this name. Raises Invalid for a name that cannot be shown.

        `formerly` is the guest they were before, where their browser still knows. Raises NotAllowed when banned.
        """
        await self.check_not_banned(room.id, formerly)
        guest = Member(room.id, guest_id or new_id(), person_name(name), RoomRole.GUEST, self._clock.time())
        await self._database.write(lambda tx: self._members.put(tx, guest))
        return Admitted(guest, await self._sessions.open_guest(room.id, guest.name, guest.id))

    async def roles(self, person: Person) -> dict[str, RoomRole]:
        """The rooms that this person belongs to, and as what."""
        if person.is_guest:
            return {person.room_id: RoomRole.GUEST} if person.room_id else {}
        return await self._database.read(lambda tx: self._members.roles(tx, person.id))

    async def film(self, person: Person, room: Room) -> Video | None:
        """What is on in a room, for somebody who may see it."""
        video_id = self._parties.video_id(room)
        if video_id is None:
            return None
        try:
            return await self._library.find(person, video_id)
        except NotFound:
            return None

    async def membership(self, person: Person, room_id: str) -> Member | None:
        """Their place in the room, also when they were shown out."""
        return await self._database.read(lambda tx: self._members.get(tx, room_id, person.id))

    async def check_not_banned(self, room_id: str, member_id: str | None) -> None:
        """Raises NotAllowed for somebody who is to stay out, by whatever door they come."""
        if member_id is None:
            return
        member = await self._database.read(lambda tx: self._members.get(tx, room_id, member_id))
        if member is not None and member.banned_at is not None:
            raise NotAllowed(BANNED)

    async def knows(self, room_id: str, member_id: str) -> bool:
        """Whether somebody has ever been a member of this room."""
        return await self._database.read(lambda tx: self._members.get(tx, room_id, member_id)) is not None

    async def messages(
        self, person: Person, room_id: str, before: int | None, limit: int
    ) -> list[tuple[int, ChatLine]]:
        """What was said before line `before`, newest first."""
        await self.find_as_member(person, room_id)
        start = NEWEST_LINE if before is None else before
        return await self._database.read(lambda tx: self._messages.before(tx, room_id, start, limit))

    async def message(self, person: Person, room_id: str, message_id: str) -> ChatLine:
        """One line of what was said. Raises NotFound."""
        await self.find_as_member(person, room_id)
        line = await self._database.read(lambda tx: self._messages.get(tx, room_id, message_id))
        if line is None:
            raise NotFound("There is no such message.")
        return line

    async def unsay(self, person: Person, room_id: str, message_id: str) -> None:
        """Take back a line: one's own, or, for those who may, anybody's. Its text is gone. Raises NotAllowed."""
        line = await self.message(person, room_id, message_id)
        if line.member_id != person.id:
            await self.find_allowed(person, room_id, Action.KICK)
        if line.unsaid_by is None:
            await self._database.write(lambda tx: self._messages.unsay(tx, line.id, person.id))
            self._parties.unsaid(line, person.id)

    async def events(self, person: Person, room_id: str, before: int | None, limit: int) -> list[tuple[int, RoomEvent]]:
        """The log of who did what, newest first, for hosts."""
        await self.find_as_host(person, room_id)
        start = NEWEST_LINE if before is None else before
        return await self._database.read(lambda tx: self._events.before(tx, room_id, start, limit))

    def _role(self, member: Member) -> RoomRole:
        return self._parties.role(member.room_id, member.id) or member.role

    async def _read(self, person: Person, room_id: str) -> tuple[RoomCard, Member | None]:
        def read(tx: Tx) -> tuple[RoomCard | None, Member | None]:
            return self._store.get(tx, room_id), self._members.get(tx, room_id, person.id)

        card, member = await self._database.read(read)
        if card is None:
            raise NotFound(NO_ROOM)
        return card, member

    async def _film(self, person: Person, video_id: str, now_showing: str | None) -> Video:
        video = await self._library.find(person, video_id)
        if self._library.needs_room(person, video) and video_id != now_showing:
            raise NotFound("There is no such video.")
        return video

    async def _named(self, person: Person, member: Member) -> Member:
        """The member under the name their account has now."""
        if member.name == person.name:
            return member
        renamed = replace(member, name=person.name)
        await self._database.write(lambda tx: self._members.put(tx, renamed))
        return renamed


def _may_know(person: Person, room: Room, member: Member | None) -> bool:
    if person.is_guest:
        return person.room_id == room.id and member is not None and member.is_in
    return person.is_admin or room.admission is not Admission.INVITE or (member is not None and member.is_in)
