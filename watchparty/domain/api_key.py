"""What programs sign in with, in a person's name."""

from dataclasses import dataclass

from watchparty.domain.errors import Invalid, NotAllowed
from watchparty.domain.user import Person, Role, Scope

MARK = "wp_"
"""What every key begins with, so that one that got out is recognised."""


@dataclass(frozen=True)
class ApiKey:
    """Times are in Unix seconds; `expires_at` is None for a key without an end, `last_seen` before its first use."""

    id: str
    user_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: float
    expires_at: float | None
    last_seen: float | None = None

    def person(self, name: str, role: Role) -> Person:
        """Who asks when the key is shown. Without the scope `admin`, an administrator's key is like any other's."""
        acts_as = role if Scope.ADMIN in self.scopes else Role.USER
        return Person(self.user_id, name, acts_as, self.id, scopes=self.scopes)


def clean_scopes(person: Person, scopes: list[str]) -> frozenset[Scope]:
    """What a new key may do; whoever may write may read. Raises Invalid, or NotAllowed."""
    try:
        wanted = frozenset(Scope(scope) for scope in scopes)
    except ValueError as error:
        raise Invalid("The scopes are read, write and admin.", pointer="/scopes") from error
    if not wanted:
        raise Invalid("Choose what the key may do: read, write or admin.", pointer="/scopes")
    if Scope.ADMIN in wanted and not person.is_admin:
        raise NotAllowed("Only administrators make keys with the scope admin.")
    return wanted if wanted == {Scope.READ} else wanted | {Scope.READ}
