"""The second step of signing in, as it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from watchparty.storage.database import Tx


@dataclass(frozen=True)
class KeptStep:
    """`last_step` is the number of the 30 seconds whose code was taken last."""

    salt: str
    is_confirmed: bool
    last_step: int


class TwoStepStore:
    """No secret and no recovery code is kept: of the former a salt, of the latter hashes."""

    def get(self, tx: Tx, user_id: str) -> KeptStep | None:
        row = tx.execute("SELECT * FROM two_step WHERE user_id = ?", (user_id,)).fetchone()
        return KeptStep(row["salt"], row["confirmed_at"] is not None, row["last_step"]) if row else None

    def begin(self, tx: Tx, user_id: str, salt: str) -> None:
        tx.execute("INSERT OR REPLACE INTO two_step (user_id, salt) VALUES (?, ?)", (user_id, salt))

    def confirm(self, tx: Tx, user_id: str, now: float, code_hashes: Sequence[str]) -> None:
        tx.execute("UPDATE two_step SET confirmed_at = ? WHERE user_id = ?", (now, user_id))
        tx.execute("DELETE FROM recovery_codes WHERE user_id = ?", (user_id,))
        tx.executemany(
            "INSERT INTO recovery_codes (user_id, hash) VALUES (?, ?)", [(user_id, code) for code in code_hashes]
        )

    def take(self, tx: Tx, user_id: str, step: int) -> bool:
        """False when this code, or a later one, was taken before."""
        taken = tx.execute(
            "UPDATE two_step SET last_step = ? WHERE user_id = ? AND last_step < ?", (step, user_id, step)
        )
        return taken.rowcount == 1

    def take_recovery(self, tx: Tx, user_id: str, code_hash: str) -> bool:
        """False for a code there is none of, or none any more."""
        taken = tx.execute("DELETE FROM recovery_codes WHERE user_id = ? AND hash = ?", (user_id, code_hash))
        return taken.rowcount == 1

    def recovery_codes(self, tx: Tx, user_id: str) -> int:
        """How many are left."""
        row = tx.execute("SELECT count(*) AS left FROM recovery_codes WHERE user_id = ?", (user_id,)).fetchone()
        return int(row["left"])

    def end(self, tx: Tx, user_id: str) -> None:
        tx.execute("DELETE FROM two_step WHERE user_id = ?", (user_id,))
        tx.execute("DELETE FROM recovery_codes WHERE user_id = ?", (user_id,))
