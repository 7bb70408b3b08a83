"""The secrets of webhooks, which stand nowhere: each is made anew of the server's own key and a name."""

import hashlib
import hmac

from watchparty.domain.webhook import Webhook


class WebhookSecrets:
    """Whoever holds a copy of the database, but not secret.key, cannot sign anything."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, secret_id: str) -> bytes:
        """32 bytes, the same each time."""
        return hmac.digest(self._key, secret_id.encode(), hashlib.sha256)

    def good(self, webhook: Webhook, now: float) -> list[bytes]:
        """Those that sign at the moment, the newest first."""
        ids = [webhook.secret_id]
        if webhook.former_secret_id is not None and now < (webhook.former_until or 0.0):
            ids.append(webhook.former_secret_id)
        return [self.of(secret_id) for secret_id in ids]
