"""The text of subtitle tracks, read out of a film once and kept."""

import asyncio
import logging
from collections import OrderedDict
from hashlib import sha256

from watchparty.domain.errors import NotFound, StorageFull
from watchparty.domain.source import SubtitleTrack, Unplayable
from watchparty.media.subtitles import REVISION, webvtt
from watchparty.services.cells import Film
from watchparty.storage.database import Database
from watchparty.storage.objects import ObjectStore, whole
from watchparty.storage.videos import VideoStore

log = logging.getLogger(__name__)

FOLDER = "captions"
# Texts in memory; that of a long film takes some hundred kilobytes.
KEPT = 32


class Captions:
    """Reading a track means reading the whole file, so whoever asks meanwhile waits for the same reading."""

    def __init__(self, database: Database, store: VideoStore, objects: ObjectStore) -> None:
        self._database = database
        self._store = store
        self._objects = objects
        self._texts: OrderedDict[str, asyncio.Task[str]] = OrderedDict()

    async def recover(self) -> None:
        """Delete texts of films that have gone."""
        there = await self._database.read(self._store.ids)
        for kept in await self._objects.list(FOLDER):
            if kept.key.split("/")[1] not in there:
                await self._objects.delete(kept.key)

    async def text(self, film: Film, track: SubtitleTrack) -> str:
        """The track as WebVTT. Raises NotFound when it cannot be read."""
        key = _key(film, track)
        task = self._texts.get(key)
        if task is None:
            task = self._texts[key] = asyncio.create_task(self._kept(key, film, track))
            while len(self._texts) > KEPT:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        try:
            return await asyncio.shield(task)
        except Unplayable as error:
            self._texts.pop(key, None)
            raise NotFound(error.reason) from error

    async def _kept(self, key: str, film: Film, track: SubtitleTrack) -> str:
        try:
            return b"".join([chunk async for chunk in self._objects.open(key)]).decode()
        except NotFound:
            text = await asyncio.to_thread(webvtt, film.path, track)
        try:
            await self._objects.put(key, whole(text.encode()))
        except StorageFull as full:
            log.warning("captions of %s are not kept: %s", film.video_id, full.detail)
        return text


def _key(film: Film, track: SubtitleTrack) -> str:
    """Another one once the file is another, or is read in another way."""
    digest = sha256(f"{REVISION} {film.source!r}".encode()).hexdigest()[:16]
    return f"{FOLDER}/{film.video_id}/{track.index}-{digest}.vtt"
