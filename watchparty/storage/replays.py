"""Answers to requests that may be repeated, kept for a day."""

from dataclasses import dataclass

from watchparty.storage.database import Tx


@dataclass(frozen=True)
class KeptReplay:
    """`answer` is sealed; None while the request is under way, or when the server stopped under it."""

    said: str
    answer: bytes | None


class ReplayStore:
    def get(self, tx: Tx, person_id: str, key_hash: str) -> KeptReplay | None:
        row = tx.execute(
            "SELECT said, answer FROM replays WHERE person_id = ? AND key_hash = ?", (person_id, key_hash)
        ).fetchone()
        return None if row is None else KeptReplay(row["said"], row["answer"])

    def begin(self, tx: Tx, person_id: str, key_hash: str, said: str, now: float) -> None:
        tx.execute(
            "INSERT INTO replays (person_id, key_hash, said, begun_at) VALUES (?, ?, ?, ?)",
            (person_id, key_hash, said, now),
        )

    def answered(self, tx: Tx, person_id: str, key_hash: str, answer: bytes) -> None:
        tx.execute("UPDATE replays SET answer = ? WHERE person_id = ? AND key_hash = ?", (answer, person_id, key_hash))

    def forget(self, tx: Tx, person_id: str, key_hash: str) -> None:
        tx.execute("DELETE FROM replays WHERE person_id = ? AND key_hash = ?", (person_id, key_hash))

    def forget_before(self, tx: Tx, then: float) -> None:
        tx.execute("DELETE FROM replays WHERE begun_at < ?", (then,))
