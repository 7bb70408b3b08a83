"""Reports of external encoders over HTTP, and the secret they are signed with."""

from collections.abc import Sequence
from typing import Literal

import msgspec

from watchparty.http.endpoint import Access, Answer, Endpoint, Request
from watchparty.http.views import rfc3339
from watchparty.services.incoming_webhooks import IncomingWebhooks, Report


class Processed(msgspec.Struct, forbid_unknown_fields=True):
    """`ready`: it can be watched; `failed`: it cannot, for this `reason`. `files` are names of files of the video."""

    video_id: str
    status: Literal["ready", "failed"]
    reason: str | None = None
    files: list[str] = []


class TakenView(msgspec.Struct):
    """The video as it is now."""

    video_id: str
    status: str
    reason: str | None


class IncomingSecretView(msgspec.Struct):
    """Since when the secret is good that reports are signed with; null while there is none and none is taken."""

    created_at: str | None


class NewSecretView(msgspec.Struct):
    """`secret` is shown this once; reports are signed with it (standardwebhooks.com)."""

    secret: str


class IncomingWebhookRoutes:
    def __init__(self, incoming: IncomingWebhooks) -> None:
        self._incoming = incoming

    def endpoints(self) -> Sequence[Endpoint]:
        secret = "/api/v1/admin/incoming-webhooks/secret"
        return [
            Endpoint("POST", "/api/v1/webhooks/video-processed", self.processed, "What an external encoder says of a "
                     "video, signed as Standard Webhooks are. It is ready once its files were opened and checked.",
                     body=Processed, answer=TakenView, access=Access.ANYONE),
            Endpoint("GET", secret, self.show, "Whether reports are taken.",
                     answer=IncomingSecretView, access=Access.ADMIN),
            Endpoint("POST", secret, self.renew, "A new secret for reports, shown this once; the one before is no "
                     "longer good.", answer=NewSecretView, access=Access.ADMIN),
        ]  # fmt: skip

    async def processed(self, request: Request[Processed]) -> TakenView:
        said = request.body
        # The signature is over the bytes as they came.
        message_id = await self._incoming.check(request.raw.headers, await request.raw.read())
        report = Report(said.video_id, said.status == "ready", said.reason, said.files)
        video = await self._incoming.take(message_id, report)
        return TakenView(video.id, video.status, video.reason)

    async def show(self, request: Request[None]) -> IncomingSecretView:
        since = await self._incoming.secret_since()
        return IncomingSecretView(None if since is None else rfc3339(since))

    async def renew(self, request: Request[None]) -> Answer:
        secret = await self._incoming.new_secret(request.person)
        return Answer(NewSecretView(secret), headers={"Cache-Control": "no-store"})
