"""Ways into a room that a host hands out: a link, or six digits."""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from watchparty.domain.errors import Conflict, NotAllowed, NotFound
from watchparty.domain.rights import Action, RoomRole
from watchparty.domain.room import Invite, RoomCard
from watchparty.domain.text import person_name
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id, new_secret
from watchparty.services.pin_tries import PinTries
from watchparty.services.rooms import Admitted, Rooms
from watchparty.services.sessions import hash_of
from watchparty.storage.database import Database, Tx
from watchparty.storage.invites import InviteStore
from watchparty.storage.rooms import RoomStore

DEFAULT_LIFETIME = 7 * 24 * 3600.0
CLOSED = "This invitation is not valid, or not any more. Ask for a new one."


@dataclass(frozen=True)
class Invited:
    """A fresh invitation with its secrets, which are shown once."""

    invite: Invite
    token: str
    pin: str


class Invitations:
    """`key` makes the hashes of PINs, which are too short to be kept any other way."""

    def __init__(
        self, database: Database, store: InviteStore, room_store: RoomStore, rooms: Rooms, clock: Clock, key: bytes
    ) -> None:
        self._database = database
        self._store = store
        self._room_store = room_store
        self._rooms = rooms
        self._clock = clock
        self._key = key
        self._tries = PinTries(clock)

    async def invite(
        self,
        person: Person,
        room_id: str,
        *,
        role: RoomRole = RoomRole.MEMBER,
        expires_in: float = DEFAULT_LIFETIME,
        max_uses: int | None = None,
        email: str | None = None,
    ) -> Invited:
        """A new way in. `expires_in` in seconds. Raises NotAllowed for those whom the room does not let invite."""
        card, _ = await self._rooms.find_allowed(person, room_id, Action.INVITE)
        if role is RoomRole.COHOST and person.id != card.room.host_id and not person.is_admin:
            raise NotAllowed("Only the host invites co-hosts.")
        now = self._clock.time()
        # A guest has no account that an invitation could belong to.
        creator_id = card.room.host_id if person.is_guest else person.id
        invite = Invite(new_id(), room_id, role, creator_id, now, now + expires_in, max_uses, 0, email)
        for _ in range(20):
            invited = Invited(invite, new_secret(), f"{secrets.randbelow(1_000_000):06}")
            if await self._keep(invited):
                return invited
        raise Conflict("No PIN is free at the moment. Delete invitations that are not needed any more.")

    async def list(self, person: Person, room_id: str) -> list[Invite]:
        """The invitations of a room: all for its hosts, their own for others who may invite."""
        creator_id = await self._creator(person, room_id)
        return await self._database.read(lambda tx: self._store.list(tx, room_id, creator_id))

    async def revoke(self, person: Person, room_id: str, invite_id: str | None) -> None:
        """Take one invitation back, or all that `list` shows; whoever came by it stays."""
        creator_id = await self._creator(person, room_id)
        if invite_id is None:
            await self._database.write(lambda tx: self._store.delete_all(tx, room_id, creator_id))
        elif not await self._database.write(lambda tx: self._store.delete(tx, room_id, invite_id, creator_id)):
            raise NotFound("There is no such invitation.")

    async def look(self, token: str) -> tuple[Invite, RoomCard]:
        """What a link opens. Raises NotFound when it opens nothing, or nothing any more."""
        invite, card = await self._database.read(lambda tx: self._find(tx, token, None))
        if not invite.is_open(self._clock.time()):
            raise NotFound(CLOSED)
        return invite, card

    async def join(
        self,
        person: Person | None,
        address: str,
        *,
        token: str | None,
        pin: str | None,
        name: str | None,
        formerly: str | None = None,
    ) -> Admitted:
        """Come in: with an account as a member, without one as a guest under `name`.

        Raises NotFound for what opens nothing, TooMany for guessing PINs, Invalid for a name that cannot be shown.
        """
        if pin is not None:
            self._tries.check(address)
        try:
            invite, card = await self._database.read(lambda tx: self._find(tx, token, pin))
        except NotFound:
            if pin is not None:
                self._tries.missed(address)
            raise
        if person is not None:
            member = await self._rooms.membership(person, card.room.id)
            if member is not None and member.is_in:
                return Admitted(member, None)  # following a link again, even one used up, leads back in
        guest_name = person_name(name or "") if person is None or person.is_guest else None
        # Before a use is spent on somebody who is not let in.
        await self._rooms.check_not_banned(
            card.room.id, formerly if guest_name is not None or person is None else person.id
        )
        if not await self._database.write(lambda tx: self._store.use(tx, invite.id, self._clock.time())):
            raise NotFound(CLOSED)
        if person is None or guest_name is not None:
            return await self._rooms.admit_guest(card.room, guest_name or "", formerly=formerly)
        role = RoomRole.COHOST if invite.role is RoomRole.COHOST else RoomRole.MEMBER
        return Admitted(await self._rooms.admit(card.room, person.id, person.name, role), None)

    async def _creator(self, person: Person, room_id: str) -> str | None:
        """Whose invitations this person has to do with; None for everybody's."""
        try:
            await self._rooms.find_as_host(person, room_id)
        except NotAllowed:
            await self._rooms.find_allowed(person, room_id, Action.INVITE)
            return person.id
        return None

    async def _keep(self, invited: Invited) -> bool:
        hashes = hash_of(invited.token), self._pin_hash(invited.pin)
        return await self._database.write(lambda tx: self._store.add(tx, invited.invite, *hashes))

    def _find(self, tx: Tx, token: str | None, pin: str | None) -> tuple[Invite, RoomCard]:
        if token is not None:
            invite = self._store.by_token(tx, hash_of(token))
        else:
            invite = self._store.by_pin(tx, self._pin_hash(pin or ""))
        card = self._room_store.get(tx, invite.room_id) if invite else None
        if invite is None or card is None:
            raise NotFound(CLOSED)
        return invite, card

    def _pin_hash(self, pin: str) -> str:
        return hmac.digest(self._key, pin.encode(), hashlib.sha256).hex()
