"""The routes that have to do with accounts."""

from collections.abc import Sequence

from watchparty.http.account_invitations import AccountInvitationRoutes
from watchparty.http.api_keys import ApiKeyRoutes
from watchparty.http.avatars import AvatarRoutes
from watchparty.http.devices import DeviceRoutes
from watchparty.http.endpoint import Endpoint
from watchparty.http.two_steps import TwoStepRoutes
from watchparty.http.users import UserRoutes
from watchparty.services.people import People


class PeopleRoutes:
    """`secure` says whether the server itself speaks TLS; `addresses` are those it has on the network."""

    def __init__(self, people: People, addresses: Sequence[str], *, secure: bool) -> None:
        self._columns = (
            UserRoutes(people.users, people.sessions, secure=secure),
            DeviceRoutes(people.devices),
            TwoStepRoutes(people.users, people.two_steps),
            ApiKeyRoutes(people.api_keys),
            AccountInvitationRoutes(people.invitations, addresses),
            AvatarRoutes(people.avatars),
        )

    def endpoints(self) -> Sequence[Endpoint]:
        return [endpoint for column in self._columns for endpoint in column.endpoints()]
