"""Ways into a room over HTTP: invitations by link and PIN, and knocking."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

import msgspec

from watchparty.domain.errors import Invalid, NotFound, NotSignedIn
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import AccessRequest
from watchparty.http.cookies import ACCESS, cookies_for
from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.room_views import (
    GuestSessionView,
    InviteList,
    InviteView,
    MemberView,
    RequestList,
    RequestView,
    invite_view,
    member_view,
    request_view,
)
from watchparty.http.users import SessionView, session_view
from watchparty.http.views import rfc3339
from watchparty.services.access_requests import AccessRequests
from watchparty.services.addresses import for_others
from watchparty.services.invitations import DEFAULT_LIFETIME, Invitations
from watchparty.services.parties import Parties
from watchparty.services.rooms import Admitted
from watchparty.services.sessions import Session, Sessions

LONGEST_LIFETIME = 366 * 24 * 3600
# Shorter than what proxies bear with.
LONGEST_WAIT = 25
Pin = Annotated[str, msgspec.Meta(pattern=r"^\d{6}$")]


class NewInvite(msgspec.Struct, forbid_unknown_fields=True):
    """`role` is what people with an account become; `expires_in` is in seconds, a week when left out."""

    role: Literal["member", "cohost", "guest"] = "member"
    expires_in: Annotated[float, msgspec.Meta(ge=60, le=LONGEST_LIFETIME)] | None = None
    max_uses: Annotated[int, msgspec.Meta(ge=1, le=10_000)] | None = None
    email: Annotated[str, msgspec.Meta(max_length=254)] | None = None


class Join(msgspec.Struct, forbid_unknown_fields=True):
    """One of `pin` and `token`; `name` for people without an account."""

    pin: Pin | None = None
    token: str | None = None
    name: str | None = None


class Knock(msgspec.Struct, forbid_unknown_fields=True):
    """`name` for people without an account; `message` is read by the hosts."""

    name: str | None = None
    message: str = ""
    password: Annotated[str, msgspec.Meta(max_length=1024)] | None = None


class AdmittedView(msgspec.Struct):
    """The door was open. Guests get a session; people with an account have one."""

    status: str
    room_id: str
    session: SessionView | None


class PendingView(msgspec.Struct):
    """A host has been asked; ask again after `request_id`."""

    status: str
    room_id: str
    request_id: str


class Validity(msgspec.Struct):
    """Whether a guest's token, or an invitation's, opens a room. `name` is the guest's, or the room's; `host` is the
    name of the host of the room that an invitation leads to."""

    valid: bool
    room_id: str | None
    name: str | None
    expires_at: str | None
    host: str | None = None


class DoorView(msgspec.Struct):
    """A room as it is seen from outside; `host` is the host's name. `enters` says whether the door is open for the
    asker: they belong to the room, or it asks for nothing."""

    id: str
    name: str
    host: str
    admission: str
    has_password: bool
    enters: bool


class RequestQuery(msgspec.Struct):
    """How long to wait for an answer, in seconds; 0 answers at once."""

    wait: Annotated[float, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0.0


class InvitationRoutes:
    """`addresses` lead other machines here; `secure` says whether the server itself speaks TLS."""

    def __init__(
        self,
        invitations: Invitations,
        requests: AccessRequests,
        parties: Parties,
        sessions: Sessions,
        addresses: Sequence[str],
        *,
        secure: bool,
    ) -> None:
        self._addresses = addresses
        self._invitations = invitations
        self._requests = requests
        self._parties = parties
        self._sessions = sessions
        self._secure = secure

    def endpoints(self) -> Sequence[Endpoint]:
        v1, room, anyone = "/api/v1", "/api/v1/rooms/{id}", Access.ANYONE
        knocks = f"{room}/access-requests"
        return [
            Endpoint("POST", f"{room}/invites", self.invite, "Make an invitation: a link and a PIN.",
                     body=NewInvite, answer=InviteView, status=201, access=Access.PERSON),
            Endpoint("GET", f"{room}/invites", self.invites, "The invitations of a room.", answer=InviteList),
            Endpoint("DELETE", f"{room}/invites", self.revoke_all, "Take all invitations back.", status=204),
            Endpoint("DELETE", f"{room}/invites/{{invite_id}}", self.revoke, "Take an invitation back.", status=204),
            Endpoint("POST", f"{v1}/rooms/join", self.join,
                     "Come in by an invitation: a member with an account (200), a guest without one (201).",
                     body=Join, answer=MemberView, also={201: GuestSessionView}, access=anyone),
            Endpoint("POST", knocks, self.knock, "Come in where the door is open (201), else ask a host (202).",
                     body=Knock, answer=AdmittedView, status=201, also={202: PendingView}, access=anyone),
            Endpoint("GET", knocks, self.pending, "Who is waiting at the door, for hosts.", answer=RequestList),
            Endpoint("POST", f"{knocks}/{{request_id}}/approve", self.approve, "Let somebody in.",
                     answer=RequestView),
            Endpoint("POST", f"{knocks}/{{request_id}}/deny", self.deny, "Do not let somebody in.",
                     answer=RequestView),
            Endpoint("GET", f"{v1}/access-requests/{{id}}", self.request,
                     "How a request stands, once it is answered or `wait` seconds are over; with a guest's session once"
                     " it is approved.", query=RequestQuery, answer=RequestView, access=anyone),
            Endpoint("DELETE", f"{v1}/access-requests/{{id}}", self.withdraw, "Withdraw a request.",
                     status=204, access=anyone),
            Endpoint("GET", f"{room}/door", self.door, "What somebody before a room's door may know of it.",
                     answer=DoorView, access=anyone),
            Endpoint("GET", f"{v1}/guest/validate/{{token}}", self.validate,
                     "Whether a guest's token or an invitation's is good.", answer=Validity, access=anyone),
        ]  # fmt: skip

    async def invite(self, request: Request[NewInvite]) -> InviteView:
        body = request.body
        invited = await self._invitations.invite(
            request.person,
            request.path["id"],
            role=RoomRole(body.role),
            expires_in=DEFAULT_LIFETIME if body.expires_in is None else body.expires_in,
            max_uses=body.max_uses,
            email=body.email,
        )
        origin = for_others(str(request.raw.url.origin()), self._addresses)
        url = f"{origin}/join/{invited.token}"
        return invite_view(invited.invite, url=url, pin=invited.pin)

    async def invites(self, request: Request[None]) -> InviteList:
        invites = await self._invitations.list(request.person, request.path["id"])
        return InviteList([invite_view(invite) for invite in invites], None)

    async def revoke_all(self, request: Request[None]) -> None:
        await self._invitations.revoke(request.person, request.path["id"], None)

    async def revoke(self, request: Request[None]) -> None:
        await self._invitations.revoke(request.person, request.path["id"], request.path["invite_id"])

    async def join(self, request: Request[Join]) -> Answer:
        body = request.body
        if (body.pin is None) == (body.token is None):
            raise Invalid("Give either a PIN or the token of a link.", pointer="/token")
        admitted = await self._invitations.join(
            request.maybe_person,
            request.raw.remote or "",
            token=body.token,
            pin=body.pin,
            name=body.name,
            formerly=self._formerly(request),
        )
        if admitted.session is None:
            member = admitted.member
            return Answer(member_view(member, present=self._parties.is_here(member.room_id, member.id)))
        return self._opened(admitted.session, self._guest(admitted), status=201)

    async def knock(self, request: Request[Knock]) -> Answer:
        body = request.body
        answer = await self._requests.knock(
            request.maybe_person,
            request.path["id"],
            name=body.name,
            message=body.message,
            password=body.password,
            formerly=self._formerly(request),
        )
        if isinstance(answer, AccessRequest):
            return Answer(PendingView(answer.status, answer.room_id, answer.id), status=202)
        if answer.session is None:
            return Answer(AdmittedView("admitted", answer.member.room_id, None), status=201)
        view = AdmittedView("admitted", answer.member.room_id, session_view(answer.session))
        return self._opened(answer.session, view, status=201)

    async def pending(self, request: Request[None]) -> RequestList:
        waiting = await self._requests.pending(request.person, request.path["id"])
        return RequestList([request_view(one) for one in waiting], None)

    async def approve(self, request: Request[None]) -> RequestView:
        return await self._decide(request, approve=True)

    async def deny(self, request: Request[None]) -> RequestView:
        return await self._decide(request, approve=False)

    async def request(self, request: Request[None]) -> Answer:
        query: RequestQuery = request.query
        found, session = await self._requests.find_decided(request.maybe_person, request.path["id"], query.wait)
        if session is None:
            return Answer(request_view(found))
        return self._opened(session, request_view(found, session_view(session)), status=200)

    async def withdraw(self, request: Request[None]) -> None:
        await self._requests.withdraw(request.maybe_person, request.path["id"])

    async def door(self, request: Request[None]) -> DoorView:
        card, enters = await self._requests.door(request.maybe_person, request.path["id"])
        return DoorView(
            card.room.id,
            card.room.name,
            card.host_name,
            card.room.admission,
            card.room.password_hash is not None,
            enters,
        )

    async def validate(self, request: Request[None]) -> Validity:
        token = request.path["token"]
        try:
            guest = self._sessions.identify(token)
            if guest.is_guest:
                return Validity(True, guest.room_id, guest.name, rfc3339(self._sessions.expiry(token)))
        except NotSignedIn:
            pass
        try:
            invite, card = await self._invitations.look(token)
        except NotFound:
            return Validity(False, None, None, None)
        return Validity(True, card.room.id, card.room.name, rfc3339(invite.expires_at), card.host_name)

    async def _decide(self, request: Request[None], *, approve: bool) -> RequestView:
        path = request.path
        decided = await self._requests.decide(request.person, path["id"], path["request_id"], approve=approve)
        return request_view(decided)

    def _formerly(self, request: Request[Any]) -> str | None:
        """The guest this browser was before: their session may have ended, their cookie is still there."""
        return self._sessions.guest_of(request.raw.cookies.get(ACCESS, ""))

    def _opened(self, session: Session, view: msgspec.Struct, *, status: int) -> Answer:
        """A browser keeps the session in its cookies, where no script reads it."""
        return Answer(view, status=status, cookies=cookies_for(session, secure=self._secure))

    def _guest(self, admitted: Admitted) -> GuestSessionView:
        assert admitted.session is not None
        return GuestSessionView(
            **msgspec.structs.asdict(session_view(admitted.session)), room_id=admitted.member.room_id
        )
