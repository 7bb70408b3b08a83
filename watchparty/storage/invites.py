"""Ways into a room as they are kept: invitations, and people who knocked."""

import sqlite3

from watchparty.domain.errors import Conflict
from watchparty.domain.rights import RoomRole
from watchparty.domain.room import AccessRequest, Invite, RequestStatus
from watchparty.storage.database import Tx


class InviteStore:
    """Of tokens and PINs only hashes are kept."""

    def add(self, tx: Tx, invite: Invite, token_hash: str, pin_hash: str) -> bool:
        """False when the PIN is taken; expired invitations give theirs back first."""
        tx.execute("DELETE FROM invites WHERE expires_at <= ?", (invite.created_at,))
        added = tx.execute(
            "INSERT INTO invites (id, room_id, token_hash, pin_hash, role, created_by, created_at, expires_at,"
            " max_uses, uses, email) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (pin_hash) DO NOTHING",
            (
                invite.id,
                invite.room_id,
                token_hash,
                pin_hash,
                invite.role,
                invite.created_by,
                invite.created_at,
                invite.expires_at,
                invite.max_uses,
                invite.uses,
                invite.email,
            ),
        )
        return added.rowcount == 1

    def by_token(self, tx: Tx, token_hash: str) -> Invite | None:
        row = tx.execute("SELECT * FROM invites WHERE token_hash = ?", (token_hash,)).fetchone()
        return _invite(row) if row else None

    def by_pin(self, tx: Tx, pin_hash: str) -> Invite | None:
        row = tx.execute("SELECT * FROM invites WHERE pin_hash = ?", (pin_hash,)).fetchone()
        return _invite(row) if row else None

    def list(self, tx: Tx, room_id: str, creator_id: str | None = None) -> list[Invite]:
        """Those of a room, made by this person, or by anybody for None; oldest first."""
        rows = tx.execute(
            "SELECT * FROM invites WHERE room_id = :room_id AND (:creator_id IS NULL OR created_by = :creator_id)"
            " ORDER BY created_at",
            {"room_id": room_id, "creator_id": creator_id},
        )
        return [_invite(row) for row in rows]

    def use(self, tx: Tx, invite_id: str, now: float) -> bool:
        """Count one use. False when there is none left: two people may follow the last one at once."""
        used = tx.execute(
            "UPDATE invites SET uses = uses + 1"
            " WHERE id = ? AND expires_at > ? AND (max_uses IS NULL OR uses < max_uses)",
            (invite_id, now),
        )
        return used.rowcount == 1

    def delete(self, tx: Tx, room_id: str, invite_id: str, creator_id: str | None = None) -> bool:
        """False when the room has no such invitation, or `creator_id` did not make it."""
        gone = tx.execute(
            "DELETE FROM invites WHERE id = :id AND room_id = :room_id"
            " AND (:creator_id IS NULL OR created_by = :creator_id)",
            {"id": invite_id, "room_id": room_id, "creator_id": creator_id},
        )
        return gone.rowcount == 1

    def delete_all(self, tx: Tx, room_id: str, creator_id: str | None = None) -> None:
        tx.execute(
            "DELETE FROM invites WHERE room_id = :room_id AND (:creator_id IS NULL OR created_by = :creator_id)",
            {"room_id": room_id, "creator_id": creator_id},
        )


class AccessRequestStore:
    def add(self, tx: Tx, request: AccessRequest) -> None:
        """Raises Conflict when this person is waiting at this door already."""
        try:
            tx.execute(
                "INSERT INTO access_requests (id, room_id, person_id, user_id, name, message, status, created_at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    request.id,
                    request.room_id,
                    request.person_id,
                    None if request.is_guest else request.person_id,
                    request.name,
                    request.message,
                    request.status,
                    request.created_at,
                ),
            )
        except sqlite3.IntegrityError as error:
            raise Conflict("You have asked already. A host will answer.") from error

    def get(self, tx: Tx, request_id: str) -> AccessRequest | None:
        row = tx.execute("SELECT * FROM access_requests WHERE id = ?", (request_id,)).fetchone()
        return _request(row) if row else None

    def waiting(self, tx: Tx, room_id: str, person_id: str) -> AccessRequest | None:
        """What somebody has asked already, and nobody has answered."""
        row = tx.execute(
            "SELECT * FROM access_requests WHERE room_id = ? AND person_id = ? AND status = 'pending'",
            (room_id, person_id),
        ).fetchone()
        return _request(row) if row else None

    def withdraw(self, tx: Tx, request_id: str) -> bool:
        """Forget a request. False when there is none that nobody has answered."""
        gone = tx.execute("DELETE FROM access_requests WHERE id = ? AND status = 'pending'", (request_id,))
        return gone.rowcount == 1

    def pending(self, tx: Tx, room_id: str) -> list[AccessRequest]:
        """Who is waiting at the door, longest first."""
        rows = tx.execute(
            "SELECT * FROM access_requests WHERE room_id = ? AND status = 'pending' ORDER BY created_at LIMIT 100",
            (room_id,),
        )
        return [_request(row) for row in rows]

    def decide(self, tx: Tx, request: AccessRequest) -> bool:
        """Keep the answer. False when somebody else has answered before."""
        changed = tx.execute(
            "UPDATE access_requests SET status = ?, decided_at = ?, decided_by = ? WHERE id = ? AND status = 'pending'",
            (request.status, request.decided_at, request.decided_by, request.id),
        )
        return changed.rowcount == 1


def _invite(row: sqlite3.Row) -> Invite:
    return Invite(
        id=row["id"],
        room_id=row["room_id"],
        role=RoomRole(row["role"]),
        created_by=row["created_by"],
        created_at=row["created_at"],
        expires_at=row["expires_at"],
        max_uses=row["max_uses"],
        uses=row["uses"],
        email=row["email"],
    )


def _request(row: sqlite3.Row) -> AccessRequest:
    return AccessRequest(
        id=row["id"],
        room_id=row["room_id"],
        person_id=row["person_id"],
        is_guest=row["user_id"] is None,
        name=row["name"],
        message=row["message"],
        status=RequestStatus(row["status"]),
        created_at=row["created_at"],
        decided_at=row["decided_at"],
        decided_by=row["decided_by"],
    )
