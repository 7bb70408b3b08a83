"""What external encoders report of films: believed when it is signed, and only as far as the files bear it out."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.errors import Conflict, Invalid, NotFound, NotSignedIn
from watchparty.domain.source import Unplayable
from watchparty.domain.text import printable
from watchparty.domain.user import Person
from watchparty.domain.video import Status, Video
from watchparty.domain.webhook import is_signed, secret_words
from watchparty.media.child import Look
from watchparty.media.inspect import Inspection
from watchparty.services.audit import Audit
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.transcoding import Transcoding
from watchparty.services.videos import Videos
from watchparty.services.webhook_secrets import WebhookSecrets
from watchparty.storage.database import Database, Tx
from watchparty.storage.webhooks import IncomingStore

# Seconds that the ids of reports are remembered.
REMEMBERED_FOR = 30 * 24 * 3600.0
MOST_FILES = 100
# States of a film whose bytes are here and which cannot be watched yet.
_OPEN = {Status.UPLOADED, Status.PROCESSING, Status.FAILED}


@dataclass(frozen=True)
class Report:
    """What is said of a film: that it is ready, with the files that were made for it, or that it failed, and why."""

    video_id: str
    ready: bool
    reason: str | None
    files: Sequence[str]


class IncomingWebhooks:
    def __init__(
        self,
        database: Database,
        store: IncomingStore,
        secrets: WebhookSecrets,
        videos: Videos,
        transcoding: Transcoding,
        audit: Audit,
        clock: Clock,
    ) -> None:
        self._database = database
        self._store = store
        self._secrets = secrets
        self._videos = videos
        self._transcoding = transcoding
        self._audit = audit
        self._clock = clock

    async def secret_since(self) -> float | None:
        """When the secret that reports are signed with was made; None while there is none."""
        found = await self._database.read(self._store.secret)
        return None if found is None else found[1]

    async def new_secret(self, person: Person) -> str:
        """The secret that is good from now on, and no other; it is not shown again."""
        secret_id, now = new_id(), self._clock.time()

        def keep(tx: Tx) -> None:
            self._store.set_secret(tx, secret_id, now)
            self._audit.note(tx, person, "incoming_webhook.secret_changed", "incoming_webhook")

        await self._database.write(keep)
        return secret_words(self._secrets.of(secret_id))

    async def check(self, headers: Mapping[str, str], body: bytes) -> str:
        """The id of a report that is signed. Raises NotSignedIn, with the same words for whatever is wrong."""
        found = await self._database.read(self._store.secret)
        message_id = headers.get("webhook-id", "")
        signed = found is not None and is_signed(
            self._secrets.of(found[0]),
            message_id,
            headers.get("webhook-timestamp", ""),
            body,
            headers.get("webhook-signature", ""),
            self._clock.time(),
        )
        if not signed or len(message_id) > 200:
            raise NotSignedIn("The signature is missing, wrong or too old.")
        return message_id

    async def take(self, message_id: str, report: Report) -> Video:
        """The film as it is then. A report that comes again changes nothing.

        Raises NotFound, Conflict when the film is in no state for it, and Invalid for files that are not there or
        cannot be played.
        """
        if await self._database.read(lambda tx: self._store.knows(tx, message_id)):
            return await self._videos.get(report.video_id)
        video = await self._videos.get(report.video_id)
        _require_open(video)

        def once(tx: Tx) -> None:
            now = self._clock.time()
            current = self._videos.stored(tx, video.id)
            if current is None:
                raise NotFound("There is no such video.")
            if self._store.knows(tx, message_id):
                raise Conflict("This report is being carried out already.")
            _require_open(current)
            self._store.add(tx, message_id, now, now - REMEMBERED_FOR)

        if report.ready:
            path = self._videos.path(video)
            await self._check_files(video, path, report.files)
            inspection = await _looked_at(path, "/video_id")
            await self._transcoding.make_ready(video, path, inspection, None, besides=once)
        else:
            reason = printable(report.reason or "", "/reason", longest=500) or "An external encoder gave it up."
            await self._transcoding.fail(video.id, reason, besides=once)
        return await self._videos.get(video.id)

    async def _check_files(self, video: Video, original: Path, files: Sequence[str]) -> None:
        """Each must be a file of this film and one that can be played. Names are looked up, never followed."""
        if len(files) > MOST_FILES:
            raise Invalid(f"At most {MOST_FILES} files.", pointer="/files")
        known = await self._videos.files(video)
        for i, name in enumerate(files):
            if name not in known:
                raise Invalid("There is no such file of this video.", pointer=f"/files/{i}")
            if known[name] != original:
                await _looked_at(known[name], f"/files/{i}")


def _require_open(video: Video) -> None:
    if video.status not in _OPEN:
        raise Conflict(f"This video is {video.status}; nothing can be reported of it.")


async def _looked_at(path: Path, pointer: str) -> Inspection:
    look = Look(str(path))
    try:
        return await asyncio.to_thread(look.take)
    except asyncio.CancelledError:
        look.give_up()
        raise
    except Unplayable as error:
        raise Invalid(str(error), pointer=pointer) from error
