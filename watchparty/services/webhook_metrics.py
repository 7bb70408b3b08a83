"""What is counted of webhooks: what came of asking other programs."""

from prometheus_client import CollectorRegistry, Counter

OUTCOMES = ("delivered", "refused", "gone", "timeout", "unreachable", "private")


class WebhookMetrics:
    def __init__(self, registry: CollectorRegistry) -> None:
        self.tries = Counter(
            "watchparty_webhook_tries", "Webhooks sent, by what came of it.", ["outcome"], registry=registry
        )
        for outcome in OUTCOMES:
            self.tries.labels(outcome)
