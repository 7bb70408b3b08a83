"""A link with which somebody makes themselves an account."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountInvitation:
    """Times are in Unix seconds; `note` says for whom it is."""

    id: str
    created_by: str
    note: str
    created_at: float
    expires_at: float
    max_uses: int
    uses: int = 0

    def is_open(self, now: float) -> bool:
        return now < self.expires_at and self.uses < self.max_uses
