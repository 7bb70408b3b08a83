"""Subtitles that people bring for a film: read, made harmless, kept, and shown to everybody who may see it."""

import asyncio
from collections.abc import AsyncIterable
from pathlib import Path

from watchparty.domain.errors import Conflict, Invalid, NotFound, TooLarge, WrongMediaType
from watchparty.domain.source import Unplayable
from watchparty.domain.subtitle import LARGEST, MOST, Subtitle, clean_label, clean_language, told_by
from watchparty.domain.user import Person
from watchparty.domain.video import clean_filename
from watchparty.media.subtitle_files import NotSubtitles, read
from watchparty.services.clock import Clock
from watchparty.services.ids import new_id
from watchparty.services.videos import Videos
from watchparty.storage.database import Database, Tx
from watchparty.storage.objects import ObjectStore, whole
from watchparty.storage.subtitles import SubtitleStore

FOLDER = "subtitles"


class Subtitles:
    def __init__(
        self, database: Database, store: SubtitleStore, videos: Videos, objects: ObjectStore, clock: Clock
    ) -> None:
        self._database = database
        self._store = store
        self._videos = videos
        self._objects = objects
        self._clock = clock

    async def recover(self) -> None:
        """Delete texts whose film has gone, or that were never committed."""
        wanted = await self._database.read(self._store.object_keys)
        for kept in await self._objects.list(FOLDER):
            if kept.key not in wanted:
                await self._objects.delete(kept.key)

    async def add(
        self,
        person: Person,
        video_id: str,
        chunks: AsyncIterable[bytes],
        *,
        filename: str,
        language: str | None = None,
        label: str | None = None,
    ) -> Subtitle:
        """Keep a file's subtitles for this film; what is not given is told from the file's name.

        Raises NotFound, NotAllowed unless the film is theirs, TooLarge, WrongMediaType for another kind of file, and
        Invalid for one that holds nothing to show.
        """
        video = await self._videos.find_own(person, video_id)
        told_language, told_label = told_by(clean_filename(filename))
        language = told_language if language is None else clean_language(language)
        label = told_label if label is None else clean_label(label)
        kind, text = await asyncio.to_thread(_read, await _gathered(chunks), language)
        subtitle_id = new_id()
        key = f"{FOLDER}/{video.id}/{subtitle_id}.vtt"
        subtitle = Subtitle(subtitle_id, video.id, label, language, kind, key, person.id, self._clock.time())
        await self._objects.put(key, whole(text.encode()))
        try:
            await self._database.write(lambda tx: self._keep(tx, person, subtitle))
        except Exception:
            await self._objects.delete(key)
            raise
        return subtitle

    async def shown_to(self, person: Person, video_id: str) -> list[Subtitle]:
        """Those of a film this person may see. Raises NotFound."""
        video = await self._videos.find(person, video_id)
        return await self.of(video.id)

    async def of(self, video_id: str) -> list[Subtitle]:
        return await self._database.read(lambda tx: self._store.of(tx, video_id))

    async def delete(self, person: Person, video_id: str, subtitle_id: str) -> None:
        """Raises NotFound, and NotAllowed unless the film is theirs."""
        video = await self._videos.find_own(person, video_id)
        subtitle = await self._find(video.id, subtitle_id)
        await self._database.write(lambda tx: self._store.delete(tx, subtitle.id))
        await self._objects.delete(subtitle.object_key)

    async def path(self, video_id: str, subtitle_id: str) -> Path:
        """Where the WebVTT lies. Raises NotFound."""
        return self._objects.path((await self._find(video_id, subtitle_id)).object_key)

    async def _find(self, video_id: str, subtitle_id: str) -> Subtitle:
        subtitle = await self._database.read(lambda tx: self._store.get(tx, video_id, subtitle_id))
        if subtitle is None:
            raise NotFound("There are no such subtitles.")
        return subtitle

    def _keep(self, tx: Tx, person: Person, subtitle: Subtitle) -> None:
        if not self._videos.exists(tx, subtitle.video_id):
            raise NotFound("This video was deleted.")
        if len(self._store.of(tx, subtitle.video_id)) >= MOST:
            raise Conflict(f"A video can have at most {MOST} subtitle files. Delete one first.")
        self._store.add(tx, subtitle)


def _read(data: bytes, language: str) -> tuple[str, str]:
    try:
        return read(data, language)
    except NotSubtitles as refusal:
        raise WrongMediaType(refusal.reason) from refusal
    except Unplayable as refusal:
        raise Invalid(refusal.reason) from refusal


async def _gathered(chunks: AsyncIterable[bytes]) -> bytes:
    data = bytearray()
    async for chunk in chunks:
        data += chunk
        if len(data) > LARGEST:
            raise TooLarge(f"A subtitle file may have at most {LARGEST >> 20} MB.")
    return bytes(data)
