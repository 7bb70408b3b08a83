"""A copy of the server's memory, put aside: what it is called, what it holds, and which ones go."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

KEPT_BY_SCHEDULE = 7
_NAME = re.compile(r"(by-hand|schedule|before-restore|before-migration|uploaded)-[a-z0-9-]{1,60}\.db")


class BackupKind(StrEnum):
    """Why one was made."""

    BY_HAND = "by-hand"
    SCHEDULE = "schedule"
    BEFORE_RESTORE = "before-restore"
    BEFORE_MIGRATION = "before-migration"
    UPLOADED = "uploaded"


@dataclass(frozen=True)
class Backup:
    """`made_at` is in Unix seconds, `size` in bytes; `schema` numbers the last migration of what it holds.

    It holds the database: accounts, what is known of films, rooms. Films themselves are not in it.
    """

    name: str
    kind: BackupKind
    made_at: float
    size: int
    schema: int


def kind_of(name: str) -> BackupKind | None:
    """Why a backup of this name was made; None for what is no backup's name, whatever else lies beside it."""
    match = _NAME.fullmatch(name)
    return BackupKind(match[1]) if match else None


def outlived(backups: Sequence[Backup]) -> list[Backup]:
    """Of those that the schedule made, all but the newest few; what somebody made by hand never goes by itself."""
    scheduled = [backup for backup in backups if backup.kind is BackupKind.SCHEDULE]
    return sorted(scheduled, key=lambda backup: -backup.made_at)[KEPT_BY_SCHEDULE:]
