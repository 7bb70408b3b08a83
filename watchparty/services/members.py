"""Who belongs to a room, what they are in it, and who is to stay out."""

from dataclasses import replace

from watchparty.domain.deeds import member_deed
from watchparty.domain.errors import Conflict, NotAllowed, NotFound
from watchparty.domain.message import MemberOp
from watchparty.domain.rights import Action, RoomRole
from watchparty.domain.room import Member, RoomCard, owns
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.parties import Parties
from watchparty.services.rooms import Rooms
from watchparty.services.sessions import Sessions
from watchparty.storage.database import Database
from watchparty.storage.rooms import MemberStore

NO_MEMBER = "There is no such member in this room."


class Members:
    """Whoever may show people out may do so with those below them in rank; the host alone chooses co-hosts.

    Shown out is out now: by an invitation, or by knocking where one knocks, one may come back. Banned is out until
    somebody takes it back, whatever the door. A guest is known again by what their browser kept, for half a day.
    """

    def __init__(
        self,
        database: Database,
        store: MemberStore,
        rooms: Rooms,
        parties: Parties,
        sessions: Sessions,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._rooms = rooms
        self._parties = parties
        self._sessions = sessions
        self._clock = clock

    async def banned(self, person: Person, room_id: str) -> list[Member]:
        """Who is to stay out, latest first, for those who could let them back in."""
        await self._rooms.find_allowed(person, room_id, Action.KICK)
        return await self._database.read(lambda tx: self._store.banned(tx, room_id))

    async def list(self, person: Person, room_id: str) -> list[tuple[Member, bool]]:
        """Everybody who belongs to the room, and whether they are here."""
        await self._rooms.find_as_member(person, room_id)
        members = await self._database.read(lambda tx: self._store.list(tx, room_id))
        return [(member, self.is_here(member)) for member in members]

    def is_here(self, member: Member) -> bool:
        return self._parties.is_here(member.room_id, member.id)

    async def carry_out(self, person: Person, room_id: str, op: MemberOp, member_id: str) -> None:
        """What is asked on the socket. Raises NotAllowed, NotFound, Conflict."""
        match op:
            case MemberOp.PROMOTE | MemberOp.DEMOTE:
                role = RoomRole.COHOST if op is MemberOp.PROMOTE else RoomRole.MEMBER
                await self.change(person, room_id, member_id, role=role)
            case MemberOp.MUTE:
                _, member = await self._below(person, room_id, member_id)
                await self._keep(member, replace(member, muted=not member.muted), person)
            case MemberOp.KICK:
                await self.show_out(person, room_id, member_id)
            case MemberOp.BAN:
                await self.ban(person, room_id, member_id)
            case MemberOp.UNBAN:
                await self.let_back(person, room_id, member_id)

    async def change(
        self,
        person: Person,
        room_id: str,
        member_id: str,
        *,
        role: RoomRole | None = None,
        muted: bool | None = None,
    ) -> Member:
        """Give a member another role, or take or give the right to speak. Raises NotAllowed, NotFound, Conflict."""
        card, member = await self._below(person, room_id, member_id)
        if role is not None and role is not member.role:
            if member.is_guest:
                raise Conflict("A guest cannot be a host. They would need an account.")
            if not owns(person, card.room):
                raise NotAllowed("Only the host chooses co-hosts.")
        muted = member.muted if muted is None else muted
        return await self._keep(member, replace(member, role=role or member.role, muted=muted), person)

    async def show_out(self, person: Person, room_id: str, member_id: str) -> None:
        """Their seat, their session as a guest and their film end at once. Raises NotAllowed, NotFound, Conflict."""
        _, member = await self._below(person, room_id, member_id)
        await self._out(member, replace(member, removed_at=self._clock.time()), person)

    async def ban(self, person: Person, room_id: str, member_id: str) -> Member:
        """The same for good; also for somebody who was shown out before. Raises NotAllowed, NotFound, Conflict."""
        _, member = await self._below(person, room_id, member_id, gone=True)
        now = self._clock.time()
        banned = replace(member, removed_at=member.removed_at or now, banned_at=member.banned_at or now)
        return await self._out(member, banned, person)

    async def let_back(self, person: Person, room_id: str, member_id: str) -> None:
        """Take a ban back: somebody with an account belongs to the room again, a guest may come in anew.

        Raises NotAllowed, NotFound, and Conflict for somebody who is not banned.
        """
        _, member = await self._below(person, room_id, member_id, gone=True)
        if member.banned_at is None:
            raise Conflict("This member is not banned.")
        # A guest's session has ended with the ban, and cannot be given back to them.
        removed_at = member.removed_at if member.is_guest else None
        back = replace(member, removed_at=removed_at, banned_at=None)
        await self._database.write(lambda tx: self._store.put(tx, back))
        self._parties.note(room_id, member_deed(member, back, person.id))

    async def _below(
        self, person: Person, room_id: str, member_id: str, *, gone: bool = False
    ) -> tuple[RoomCard, Member]:
        """A member of a lower rank than this person's own; `gone` finds former ones too."""
        card, role = await self._rooms.find_allowed(person, room_id, Action.KICK)
        member = await self._database.read(lambda tx: self._store.get(tx, room_id, member_id))
        if member is None or not (member.is_in or gone):
            raise NotFound(NO_MEMBER)
        if member.role is RoomRole.HOST:
            raise Conflict("The host cannot be changed, muted or shown out in their own room.")
        if member.role is RoomRole.COHOST and not owns(person, card.room):
            raise NotAllowed("Only the host decides about co-hosts.")
        if role.rank <= member.role.rank:
            raise NotAllowed("Only somebody with a higher role can do this.")
        return card, member

    async def _keep(self, before: Member, member: Member, person: Person) -> Member:
        await self._database.write(lambda tx: self._store.put(tx, member))
        self._parties.change_member(member)
        self._parties.note(member.room_id, member_deed(before, member, person.id))
        return member

    async def _out(self, before: Member, member: Member, person: Person) -> Member:
        await self._database.write(lambda tx: self._store.put(tx, member))
        self._parties.note(member.room_id, member_deed(before, member, person.id))
        self._parties.show_out(member.room_id, member.id, banned=member.banned_at is not None)
        if member.is_guest:
            await self._sessions.end_guest(member.id)
        return member
