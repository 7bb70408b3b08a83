"""Watching: signed addresses for every file of a film, and what stands behind each of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watchparty.domain import playlist
from watchparty.domain.errors import NotAllowed, NotFound
from watchparty.domain.signature import PathToken, Signer
from watchparty.domain.source import TICKS
from watchparty.domain.user import Person
from watchparty.domain.video import Video
from watchparty.services.cells import Cells, Film
from watchparty.services.clock import Clock
from watchparty.services.films import Films
from watchparty.services.grants import Grants
from watchparty.services.sidecars import POSTER, Beside, Served, Sidecars
from watchparty.services.videos import Videos

# Seconds an address works: for a player that renews it, and for a single file.
LIFETIME = 2 * 3600.0
FILE_LIFETIME = 600.0

PLAYLIST = "application/vnd.apple.mpegurl"
_SEGMENT = re.compile(r"([\w-]+)/(\d{5})\.m4s", re.ASCII)
_INIT = re.compile(r"([\w-]+)/init\.mp4", re.ASCII)
_MEDIA = re.compile(r"([\w-]+)/(?:video|audio)\.m3u8", re.ASCII)
_REFUSED = "This address does not open anything, or not any more."


@dataclass(frozen=True)
class Opened:
    """What a player needs; `expires_at` is in Unix seconds."""

    hls_url: str
    beside: Beside
    expires_at: float


class Streams:
    def __init__(
        self,
        videos: Videos,
        films: Films,
        cells: Cells,
        sidecars: Sidecars,
        grants: Grants,
        signer: Signer,
        clock: Clock,
    ) -> None:
        self._videos = videos
        self._films = films
        self._cells = cells
        self._sidecars = sidecars
        self._grants = grants
        self._signer = signer
        self._clock = clock

    async def open(self, person: Person, video_id: str) -> Opened:
        """Addresses for watching this film. Raises NotFound, or Conflict while it is not ready."""
        video = await self._videos.find(person, video_id)
        film = await self._films.open(video.id)
        base, expires = self._base(person, video)
        return Opened(f"{base}/master.m3u8", await self._sidecars.of(video, film, base), expires)

    def poster_url(self, person: Person, video: Video) -> str | None:
        """Where this person finds the film's poster."""
        return f"{self._base(person, video)[0]}/{POSTER}" if video.poster_key else None

    async def sign(self, person: Person, video_id: str, files: Sequence[str]) -> tuple[dict[str, str], float]:
        """An address for each file that opens this file alone. Raises NotFound for files there are none of."""
        video = await self._videos.find(person, video_id)
        film = await self._films.open(video.id)
        expires = int(self._clock.time() + FILE_LIFETIME)
        grant = self._grants.give(person, video.id, by_room=self._videos.needs_room(person, video))
        addresses = {}
        for file in files:
            if not (_in_playlists(film, file) or await self._sidecars.has(video, film, file)):
                raise NotFound(f"This video has no file {file!r}.")
            signature = self._signer.sign("file", grant.id, video.id, str(expires), file)
            addresses[file] = f"/m/{PathToken(grant.id, expires, signature)}/{video.id}/{file}"
        return addresses, expires

    async def serve(self, token: str, video_id: str, file: str) -> Served:
        """What an address opens. Raises NotAllowed when it is forged, expired, or its holder may not any more."""
        viewer = self._check(token, video_id, file)
        if file == POSTER:
            return await self._sidecars.poster(video_id)
        film = await self._films.open(video_id)
        if file == "master.m3u8":
            return Served(playlist.master(film.source, film.renditions).encode(), PLAYLIST)
        if match := _MEDIA.fullmatch(file):
            rendition = film.rendition(match[1])
            if file != rendition.playlist:
                raise NotFound("There is no such file.")
            return Served(playlist.media(rendition, film.grid).encode(), PLAYLIST)
        if match := _INIT.fullmatch(file):
            return Served(await self._cells.init(film, match[1]), _mp4(film, match[1]))
        if match := _SEGMENT.fullmatch(file):
            cell = await self._cells.cell(film, match[1], int(match[2]), viewer)
            self._note(viewer, film, match[1], int(match[2]))
            return Served(cell, _mp4(film, match[1]))
        if served := await self._sidecars.serve(film, file):
            return served
        raise NotFound("There is no such file.")

    def _base(self, person: Person, video: Video) -> tuple[str, int]:
        grant = self._grants.give(person, video.id, by_room=self._videos.needs_room(person, video))
        expires = int(self._clock.time() + LIFETIME)
        signature = self._signer.sign("video", grant.id, video.id, str(expires))
        return f"/m/{PathToken(grant.id, expires, signature)}/{video.id}", expires

    def _check(self, text: str, video_id: str, file: str) -> str:
        """Whose address it is. Never waits: this stands before every segment."""
        token = PathToken.parse(text)
        if token is None:
            raise NotAllowed(_REFUSED)
        parts = (token.subject, video_id, str(token.expires))
        # Both are computed whatever the first says, so that the time taken tells nothing.
        whole = self._signer.matches(token.signature, "video", *parts)
        single = self._signer.matches(token.signature, "file", *parts, file)
        grant = self._grants.find(token.subject)
        if not (whole or single) or token.expires <= self._clock.time() or grant is None or grant.video_id != video_id:
            raise NotAllowed(_REFUSED)
        if grant.by_room and not self._videos.still_opened(grant.person, video_id):
            raise NotAllowed(_REFUSED)
        return grant.id

    def _note(self, grant_id: str, film: Film, name: str, index: int) -> None:
        """Of a film with a picture, whoever fetches the sound alone has not watched it."""
        rendition = film.rendition(name)
        if rendition.kind == "video" or film.source.video is None:
            boundaries = film.boundaries(rendition)
            self._grants.fetch(grant_id, boundaries[index] / TICKS, boundaries[index + 1] / TICKS)


def _mp4(film: Film, rendition: str) -> str:
    return f"{film.rendition(rendition).kind}/mp4"


def _in_playlists(film: Film, file: str) -> bool:
    """Whether a file is one of those that the playlists lead to. Raises NotFound for a rendition there is none of."""
    if file == "master.m3u8" or any(rendition.playlist == file for rendition in film.renditions):
        return True
    if match := _INIT.fullmatch(file):
        return bool(film.rendition(match[1]))
    match = _SEGMENT.fullmatch(file)
    return match is not None and int(match[2]) < len(playlist.durations(film.rendition(match[1]), film.grid))
