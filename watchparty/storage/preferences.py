"""Settings that were changed while the server ran, as they are kept."""

import json
from typing import Any

from watchparty.storage.database import Tx


class PreferenceStore:
    def all(self, tx: Tx) -> dict[str, Any]:
        """Those that were changed, by name."""
        return {row["name"]: json.loads(row["value"]) for row in tx.execute("SELECT name, value FROM preferences")}

    def set(self, tx: Tx, name: str, value: Any, now: float) -> None:
        tx.execute(
            "INSERT OR REPLACE INTO preferences (name, value, changed_at) VALUES (?, ?, ?)",
            (name, json.dumps(value), now),
        )

    def forget(self, tx: Tx, name: str) -> None:
        tx.execute("DELETE FROM preferences WHERE name = ?", (name,))
