"""Inviting people to make an account, over HTTP."""

from collections.abc import Sequence
from typing import Annotated

import msgspec

from watchparty.domain.account_invitation import AccountInvitation
from watchparty.http.endpoint import Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.account_invitations import AccountInvitations
from watchparty.services.addresses import for_others

DEFAULT_LIFETIME = 7 * 24 * 3600.0


class NewAccountInvitation(msgspec.Struct, forbid_unknown_fields=True):
    """`expires_in` in seconds, a week by default; `note` says for whom it is."""

    expires_in: Annotated[float, msgspec.Meta(ge=60, le=366 * 24 * 3600)] = DEFAULT_LIFETIME
    max_uses: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1
    note: str = ""


class AccountInvitationView(msgspec.Struct):
    """An invitation in force."""

    id: str
    note: str
    created_by: str
    created_at: str
    expires_at: str
    max_uses: int
    uses: int


class MadeAccountInvitation(AccountInvitationView):
    """One just made: `url` is shown this once. Its last part is what `POST /auth/register` takes as `invitation`."""

    url: str


class AccountInvitationList(msgspec.Struct):
    items: list[AccountInvitationView]
    next_cursor: str | None = None


class AccountInvitationRoutes:
    """`addresses` are those this server has on the network."""

    def __init__(self, invitations: AccountInvitations, addresses: Sequence[str]) -> None:
        self._invitations = invitations
        self._addresses = addresses

    def endpoints(self) -> Sequence[Endpoint]:
        invitations = "/api/v1/invitations"
        return [
            Endpoint("POST", invitations, self.invite, "A link that lets somebody make an account.",
                     body=NewAccountInvitation, answer=MadeAccountInvitation, status=201),
            Endpoint("GET", invitations, self.list,
                     "The invitations to this server that are in force: all for administrators, one's own for others.",
                     answer=AccountInvitationList),
            Endpoint("DELETE", f"{invitations}/{{id}}", self.revoke, "Take an invitation back.", status=204),
        ]  # fmt: skip

    async def invite(self, request: Request[NewAccountInvitation]) -> MadeAccountInvitation:
        body = request.body
        invitation, token = await self._invitations.invite(
            request.person, note=body.note, expires_in=body.expires_in, max_uses=body.max_uses
        )
        origin = for_others(str(request.raw.url.origin()), self._addresses)
        url = f"{origin}/register?invitation={token}"
        return MadeAccountInvitation(**msgspec.structs.asdict(_view(invitation)), url=url)

    async def list(self, request: Request[None]) -> AccountInvitationList:
        return AccountInvitationList([_view(each) for each in await self._invitations.list(request.person)])

    async def revoke(self, request: Request[None]) -> None:
        await self._invitations.revoke(request.person, request.path["id"])


def _view(invitation: AccountInvitation) -> AccountInvitationView:
    return AccountInvitationView(
        invitation.id,
        invitation.note,
        invitation.created_by,
        rfc3339(invitation.created_at),
        rfc3339(invitation.expires_at),
        invitation.max_uses,
        invitation.uses,
    )
