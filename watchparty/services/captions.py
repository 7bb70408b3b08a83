"""The text of subtitle tracks, read out of a film once and kept at hand."""

import asyncio
from collections import OrderedDict

from watchparty.domain.errors import NotFound
from watchparty.domain.source import SubtitleTrack, Unplayable
from watchparty.media.subtitles import webvtt
from watchparty.services.cells import Film

# Texts kept; that of a long film takes some hundred kilobytes.
KEPT = 32


class Captions:
    """Reading a track means reading the whole file, so whoever asks meanwhile waits for the same reading."""

    def __init__(self) -> None:
        self._texts: OrderedDict[tuple[str, int], asyncio.Task[str]] = OrderedDict()

    async def text(self, film: Film, track: SubtitleTrack) -> str:
        """The track as WebVTT. Raises NotFound when it cannot be read."""
        key = (film.path, track.index)
        task = self._texts.get(key)
        if task is None:
            task = self._texts[key] = asyncio.create_task(asyncio.to_thread(webvtt, film.path, track))
            while len(self._texts) > KEPT:
                self._texts.popitem(last=False)
        self._texts.move_to_end(key)
        try:
            return await asyncio.shield(task)
        except Unplayable as error:
            self._texts.pop(key, None)
            raise NotFound(error.reason) from error
