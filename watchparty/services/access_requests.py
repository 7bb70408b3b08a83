"""Knocking at a room's door, and being let in."""

import asyncio
import contextlib
from dataclasses import replace

from watchparty.domain.errors import Conflict, NotAllowed, NotFound
from watchparty.domain.notification import Kind
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import AccessRequest, Admission, RequestStatus, Room, RoomCard
from watchparty.domain.text import person_name, printable
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.login_tries import LoginTries
from watchparty.services.notifications import Notifications
from watchparty.services.parties import Parties
from watchparty.services.passwords import check_password
from watchparty.services.rooms import NO_ROOM, SHOWN_OUT, Admitted, Rooms
from watchparty.services.sessions import Session
from watchparty.storage.database import Database, Tx
from watchparty.storage.invites import AccessRequestStore
from watchparty.storage.rooms import RoomStore

# Seconds an approved guest has to come back for the key.
KEY_WAITS = 24 * 3600.0
KEYS_REMEMBERED = 1000
LONGEST_MESSAGE = 500
NO_REQUEST = "There is no such request."


class AccessRequests:
    """A request's id is a secret its guest alone knows: whoever shows it collects the key."""

    def __init__(
        self,
        database: Database,
        store: AccessRequestStore,
        room_store: RoomStore,
        rooms: Rooms,
        parties: Parties,
        notifications: Notifications,
        clock: Clock,
        tries: LoginTries,
    ) -> None:
        self._tries = tries
        self._database = database
        self._store = store
        self._room_store = room_store
        self._rooms = rooms
        self._parties = parties
        self._notifications = notifications
        self._clock = clock
        # Those who wait for the answer to a request.
        self._listening: dict[str, set[asyncio.Event]] = {}
        # Keys handed out, so that a guest whose answer was lost on the way gets the same one again.
        self._handed_out: dict[str, Session] = {}

    async def knock(
        self,
        person: Person | None,
        room_id: str,
        *,
        name: str | None,
        message: str,
        password: str | None,
        formerly: str | None = None,
    ) -> Admitted | AccessRequest:
        """Come in where the door is open, else ask a host. Raises NotAllowed, saying what it takes."""
        card = await self._database.read(lambda tx: self._room_store.get(tx, room_id))
        if card is None:
            raise NotFound(NO_ROOM)
        member = await self._rooms.membership(person, room_id) if person is not None else None
        if member is not None and member.is_in:
            return Admitted(member, None)
        await self._rooms.check_not_banned(room_id, formerly if person is None else person.id)
        if card.room.admission is Admission.INVITE:
            raise NotAllowed("One comes into this room by invitation only.")
        await self._check_password(card.room, password)
        account = None if person is None or person.is_guest else person
        if card.room.admission is Admission.APPROVAL:
            return await self._ask(account, card.room, name, message)
        if account is None:
            return await self._rooms.admit_guest(card.room, name or "")
        if member is not None:
            raise NotAllowed(SHOWN_OUT)
        return Admitted(await self._rooms.admit(card.room, account.id, account.name, RoomRole.MEMBER), None)

    async def door(self, person: Person | None, room_id: str) -> tuple[RoomCard, bool]:
        """What somebody before the door may know of the room, and whether it is open for them.

        Raises NotFound for a room one comes into by invitation only, except for those who belong to it.
        """
        card = await self._database.read(lambda tx: self._room_store.get(tx, room_id))
        member = await self._rooms.membership(person, room_id) if person is not None else None
        belongs = member is not None and member.is_in
        if card is None or (card.room.admission is Admission.INVITE and not belongs):
            raise NotFound(NO_ROOM)
        is_open = card.room.admission is Admission.OPEN and card.room.password_hash is None
        is_admin = person is not None and person.is_admin
        return card, belongs or is_admin or (is_open and member is None)

    async def find(self, person: Person | None, request_id: str) -> tuple[AccessRequest, Session | None]:
        """How a request stands, with the key once a guest is approved. Raises NotFound."""
        request = await self._own(person, request_id)
        if not request.is_guest or request.status is not RequestStatus.APPROVED:
            return request, None
        return request, await self._key(request)

    async def find_decided(
        self, person: Person | None, request_id: str, seconds: float
    ) -> tuple[AccessRequest, Session | None]:
        """The same once it has been answered, or after that many seconds. Raises NotFound."""
        heard = asyncio.Event()
        self._listening.setdefault(request_id, set()).add(heard)
        try:
            # Looked at after one has begun to listen, so that no answer falls between.
            request = await self._own(person, request_id)
            if request.status is RequestStatus.PENDING:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(heard.wait(), seconds)
        finally:
            self._listening[request_id].discard(heard)
            if not self._listening[request_id]:
                del self._listening[request_id]
        return await self.find(person, request_id)

    async def withdraw(self, person: Person | None, request_id: str) -> None:
        """Not to be let in after all. Raises NotFound, and Conflict when it has been answered."""
        request = await self._own(person, request_id)
        if not await self._database.write(lambda tx: self._store.withdraw(tx, request_id)):
            raise Conflict("This request has been answered already.")
        self._answered(request.id)
        self._parties.tell_hosts(request.room_id, "access_withdrawn", f"{request.name} has gone away from the door.")

    async def pending(self, person: Person, room_id: str) -> list[AccessRequest]:
        """Who is waiting at the door, longest first, for hosts."""
        await self._rooms.find_as_host(person, room_id)
        return await self._database.read(lambda tx: self._store.pending(tx, room_id))

    async def decide(self, person: Person, room_id: str, request_id: str, *, approve: bool) -> AccessRequest:
        """Let somebody in, or not. Raises Conflict when another host was faster."""
        card = await self._rooms.find_as_host(person, room_id)
        request = await self._database.read(lambda tx: self._store.get(tx, request_id))
        if request is None or request.room_id != room_id:
            raise NotFound(NO_REQUEST)
        decided = replace(
            request,
            status=RequestStatus.APPROVED if approve else RequestStatus.DENIED,
            decided_at=self._clock.time(),
            decided_by=person.id,
        )
        if not await self._database.write(lambda tx: self._store.decide(tx, decided)):
            raise Conflict("This request has been answered already.")
        self._answered(decided.id)
        if approve and not decided.is_guest:
            await self._rooms.admit(card.room, decided.person_id, decided.name, RoomRole.MEMBER)
        self._parties.tell_hosts(room_id, "access_decided", f"{decided.name}'s request has been answered.")
        return decided

    async def _ask(self, account: Person | None, room: Room, name: str | None, message: str) -> AccessRequest:
        request = AccessRequest(
            id=new_id(),
            room_id=room.id,
            person_id=account.id if account else new_id(),
            is_guest=account is None,
            name=account.name if account else person_name(name or ""),
            message=printable(message, "/message", longest=LONGEST_MESSAGE, lines=True),
            status=RequestStatus.PENDING,
            created_at=self._clock.time(),
        )

        def keep(tx: Tx) -> tuple[AccessRequest, bool]:
            # Whoever knocks again, after loading the page anew perhaps, is waiting already.
            waiting = self._store.waiting(tx, room.id, request.person_id)
            if waiting is None:
                self._store.add(tx, request)
                about = {"room_id": room.id, "name": request.name, **({"actor_id": account.id} if account else {})}
                self._notifications.add(tx, room.host_id, Kind.ACCESS_REQUEST, about)
            return waiting or request, waiting is None

        kept, is_new = await self._database.write(keep)
        if is_new:
            self._parties.tell_hosts(room.id, "access_requested", f"{request.name} asks to be let in.")
        return kept

    async def _own(self, person: Person | None, request_id: str) -> AccessRequest:
        request = await self._database.read(lambda tx: self._store.get(tx, request_id))
        if request is None or not (request.is_guest or (person is not None and person.id == request.person_id)):
            raise NotFound(NO_REQUEST)
        return request

    def _answered(self, request_id: str) -> None:
        for heard in self._listening.get(request_id, ()):
            heard.set()

    async def _key(self, request: AccessRequest) -> Session | None:
        kept = self._handed_out.get(request.id)
        if kept is not None:
            return kept
        now = self._clock.time()
        card = await self._database.read(lambda tx: self._room_store.get(tx, request.room_id))
        if card is None or request.decided_at is None or now > request.decided_at + KEY_WAITS:
            return None
        if await self._rooms.knows(card.room.id, request.person_id):
            return None  # this guest was in already, and has left or been shown out since
        admitted = await self._rooms.admit_guest(card.room, request.name, request.person_id)
        if admitted.session is not None:
            self._handed_out[request.id] = admitted.session
            if len(self._handed_out) > KEYS_REMEMBERED:
                del self._handed_out[next(iter(self._handed_out))]
        return admitted.session

    async def _check_password(self, room: Room, password: str | None) -> None:
        if room.password_hash is None:
            return
        if not password:
            raise NotAllowed("This room has a password.", pointer="/password")
        self._tries.begin(room.id)
        if not await check_password(password, room.password_hash):
            raise NotAllowed("The password is wrong.", pointer="/password")
        self._tries.passed(room.id)
