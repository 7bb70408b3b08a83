"""Links that let people make an account where not everybody may."""

from watchparty.domain.account_invitation import AccountInvitation
from watchparty.domain.errors import Conflict, NotAllowed, NotFound
from watchparty.domain.text import printable
from watchparty.domain.user import Person
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id, new_secret
from watchparty.services.sessions import hash_of
from watchparty.storage.account_invitations import AccountInvitationStore
from watchparty.storage.database import Database, Tx

MOST_INVITATIONS = 100
CLOSED = "This invitation is not valid, or not any more. Ask for a new one."


class AccountInvitations:
    """`by_everyone`: whether people invite others too, or administrators alone."""

    def __init__(self, database: Database, store: AccountInvitationStore, clock: Clock, *, by_everyone: bool) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._by_everyone = by_everyone

    def may_invite(self, person: Person) -> bool:
        return person.is_admin or (self._by_everyone and not person.is_guest)

    async def invite(
        self, person: Person, *, note: str, expires_in: float, max_uses: int
    ) -> tuple[AccountInvitation, str]:
        """A new link, with its token, which is shown this once. `expires_in` in seconds. Raises NotAllowed."""
        if not self.may_invite(person):
            raise NotAllowed("On this server administrators alone invite people.")
        token, now = new_secret(), self._clock.time()
        words = printable(note, "/note", longest=100)
        invitation = AccountInvitation(new_id(), person.id, words, now, now + expires_in, max_uses)

        def keep(tx: Tx) -> None:
            if len(self._store.of(tx, person.id)) >= MOST_INVITATIONS:
                raise Conflict("You have many invitations already. Take back those that are not needed any more.")
            self._store.add(tx, invitation, hash_of(token))

        await self._database.write(keep)
        return invitation, token

    async def list(self, person: Person) -> list[AccountInvitation]:
        """Those still open, newest first: everybody's for administrators, their own for others."""
        now = self._clock.time()
        found = await self._database.read(
            lambda tx: self._store.all(tx) if person.is_admin else self._store.of(tx, person.id)
        )
        return [each for each in found if each.is_open(now)]

    async def revoke(self, person: Person, invitation_id: str) -> None:
        """It opens nothing any more. Raises NotFound for what is not theirs."""

        def take_back(tx: Tx) -> None:
            invitation = self._store.get(tx, invitation_id)
            if invitation is None or (invitation.created_by != person.id and not person.is_admin):
                raise NotFound("There is no such invitation.")
            self._store.delete(tx, invitation_id)

        await self._database.write(take_back)

    async def is_open(self, token: str) -> bool:
        """Whether an account can be made with it now."""
        invitation = await self._database.read(lambda tx: self._store.by_token(tx, hash_of(token)))
        return invitation is not None and invitation.is_open(self._clock.time())

    def use(self, tx: Tx, token: str) -> None:
        """Within the transaction that makes the account. Raises NotAllowed."""
        if not self._store.use(tx, hash_of(token), self._clock.time()):
            raise NotAllowed(CLOSED)
