"""Who belongs to a room, over HTTP: their roles, whether they may speak, and who is to stay out."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from watchparty.domain.rights import RoomRole
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.room_views import BanList, BanView, MemberList, MemberView, ban_view, member_view
from watchparty.services.members import Members


class MemberChange(msgspec.Struct, forbid_unknown_fields=True):
    """What is left out stays as it is."""

    role: Literal["member", "cohost"] | None = None
    muted: bool | None = None


class MemberRoutes:
    def __init__(self, members: Members) -> None:
        self._members = members

    def endpoints(self) -> Sequence[Endpoint]:
        members, bans, person = "/api/v1/rooms/{id}/members", "/api/v1/rooms/{id}/bans", Access.PERSON
        return [
            Endpoint("GET", members, self.list, "Who belongs to a room.", answer=MemberList, access=person),
            Endpoint("PATCH", f"{members}/{{member_id}}", self.change,
                     "Make a member a co-host or not, mute them or let them speak.",
                     body=MemberChange, answer=MemberView, access=person),
            Endpoint("DELETE", f"{members}/{{member_id}}", self.show_out,
                     "Show a member out: their seat, their session as a guest and their film end at once.",
                     status=204, access=person),
            Endpoint("GET", bans, self.banned, "Who is to stay out.", answer=BanList, access=person),
            Endpoint("PUT", f"{bans}/{{member_id}}", self.ban, "Show a member out for good, whatever the door.",
                     answer=BanView, access=person),
            Endpoint("DELETE", f"{bans}/{{member_id}}", self.let_back, "Let a banned member back in.",
                     status=204, access=person),
        ]  # fmt: skip

    async def list(self, request: Request[None]) -> MemberList:
        members = await self._members.list(request.person, request.path["id"])
        return MemberList([member_view(member, present=is_here) for member, is_here in members], None)

    async def change(self, request: Request[MemberChange]) -> MemberView:
        path, body = request.path, request.body
        role = RoomRole(body.role) if body.role else None
        member = await self._members.change(request.person, path["id"], path["member_id"], role=role, muted=body.muted)
        return member_view(member, present=self._members.is_here(member))

    async def show_out(self, request: Request[None]) -> None:
        await self._members.show_out(request.person, request.path["id"], request.path["member_id"])

    async def banned(self, request: Request[None]) -> BanList:
        banned = await self._members.banned(request.person, request.path["id"])
        return BanList([ban_view(member) for member in banned], None)

    async def ban(self, request: Request[None]) -> BanView:
        return ban_view(await self._members.ban(request.person, request.path["id"], request.path["member_id"]))

    async def let_back(self, request: Request[None]) -> None:
        await self._members.let_back(request.person, request.path["id"], request.path["member_id"])
