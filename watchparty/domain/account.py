"""An account as administrators see it: with what it takes, and when somebody last used it."""

from dataclasses import dataclass

from watchparty.domain.user import Role, User


@dataclass(frozen=True)
class Account:
    """`stored` are the bytes that count against its quota: of its films' originals here, those in the trash too, and of
    its uploads under way. `quota` is what was set for it alone, 0 for no bound, None where the server's setting holds.

    `videos` are films that are not in the trash; `last_seen` is in Unix seconds, None for never.
    `sessions` is on how many devices somebody is signed in; `two_step`: whether that takes a code, too. One that was
    deleted is gone for good at `leaves_at`.
    """

    user: User
    videos: int
    stored: int
    sessions: int
    last_seen: float | None
    two_step: bool = False
    leaves_at: float | None = None
    quota: int | None = None


@dataclass(frozen=True)
class WantedAccounts:
    """Which accounts, by username; `q` is in a name, `after` the username where the page before ended."""

    limit: int
    q: str | None = None
    role: Role | None = None
    disabled: bool | None = None
    after: str | None = None


@dataclass(frozen=True)
class AccountChange:
    """What is None stays; the quota stays unless this `sets_quota`, since None is one, too: the server's setting."""

    role: Role | None = None
    disabled: bool | None = None
    display_name: str | None = None
    quota: int | None = None
    sets_quota: bool = False
