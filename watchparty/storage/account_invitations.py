"""Invitations to make an account, as they are kept."""

import sqlite3

from watchparty.domain.account_invitation import AccountInvitation
from watchparty.storage.database import Tx


class AccountInvitationStore:
    """Of the links only hashes are kept."""

    def add(self, tx: Tx, invitation: AccountInvitation, token_hash: str) -> None:
        """Those that have ended go."""
        tx.execute("DELETE FROM account_invitations WHERE expires_at <= ?", (invitation.created_at,))
        tx.execute(
            "INSERT INTO account_invitations (id, hash, created_by, note, created_at, expires_at, max_uses)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                invitation.id,
                token_hash,
                invitation.created_by,
                invitation.note,
                invitation.created_at,
                invitation.expires_at,
                invitation.max_uses,
            ),
        )

    def all(self, tx: Tx) -> list[AccountInvitation]:
        """Newest first."""
        rows = tx.execute("SELECT * FROM account_invitations ORDER BY created_at DESC, rowid DESC")
        return [_invitation(row) for row in rows]

    def of(self, tx: Tx, creator_id: str) -> list[AccountInvitation]:
        """Those somebody made, newest first."""
        rows = tx.execute(
            "SELECT * FROM account_invitations WHERE created_by = ? ORDER BY created_at DESC, rowid DESC", (creator_id,)
        )
        return [_invitation(row) for row in rows]

    def by_token(self, tx: Tx, token_hash: str) -> AccountInvitation | None:
        row = tx.execute("SELECT * FROM account_invitations WHERE hash = ?", (token_hash,)).fetchone()
        return _invitation(row) if row else None

    def use(self, tx: Tx, token_hash: str, now: float) -> bool:
        """One account more was made with it; False when it opens nothing, or nothing any more."""
        used = tx.execute(
            "UPDATE account_invitations SET uses = uses + 1 WHERE hash = ? AND expires_at > ? AND uses < max_uses",
            (token_hash, now),
        )
        return used.rowcount == 1

    def get(self, tx: Tx, invitation_id: str) -> AccountInvitation | None:
        row = tx.execute("SELECT * FROM account_invitations WHERE id = ?", (invitation_id,)).fetchone()
        return _invitation(row) if row else None

    def delete(self, tx: Tx, invitation_id: str) -> None:
        tx.execute("DELETE FROM account_invitations WHERE id = ?", (invitation_id,))


def _invitation(row: sqlite3.Row) -> AccountInvitation:
    return AccountInvitation(
        row["id"],
        row["created_by"],
        row["note"],
        row["created_at"],
        row["expires_at"],
        row["max_uses"],
        row["uses"],
    )
