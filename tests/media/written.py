"""Every rendition of a film written to a folder, cell by cell in random order, and read by the system's ffmpeg."""

import json
import random
import subprocess
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain import playlist
from watchparty.domain.ladder import Rendition, ladder
from watchparty.media.encode import encoded_init, encoded_pictures
from watchparty.media.inspect import Inspection, inspect
from watchparty.media.remux import copied_pictures, picture_init
from watchparty.media.sound import sound_init, sounds


@dataclass(frozen=True)
class Written:
    folder: Path
    path: Path
    inspection: Inspection
    renditions: tuple[Rendition, ...]

    @property
    def master(self) -> Path:
        return self.folder / "master.m3u8"

    def joined(self, rendition: str) -> Path:
        """One rendition as a single file."""
        folder = self.folder / rendition
        whole = folder / "whole.mp4"
        parts = [folder / "init.mp4", *sorted(folder.glob("*.m4s"))]
        whole.write_bytes(b"".join(part.read_bytes() for part in parts))
        return whole


def write(path: Path, folder: Path) -> Written:
    inspection = inspect(str(path))
    source, grid = inspection.source, inspection.grid
    renditions = ladder(source, grid)
    for rendition in renditions:
        place = folder / rendition.name
        place.mkdir(parents=True)
        (folder / rendition.playlist).write_text(playlist.media(rendition, grid))
        (place / "init.mp4").write_bytes(init(path, rendition))
        indexes = list(range(len(playlist.durations(rendition, grid))))
        random.shuffle(indexes)
        for index in indexes:
            (place / f"{index:05d}.m4s").write_bytes(cell(path, inspection, rendition, index))
    (folder / "master.m3u8").write_text(playlist.master(source, renditions))
    return Written(folder, path, inspection, renditions)


def init(path: Path, rendition: Rendition) -> bytes:
    if rendition.kind == "audio":
        return sound_init(str(path), rendition)
    return encoded_init(rendition) if rendition.mode == "encode" else picture_init(str(path), rendition.track)


def cell(path: Path, inspection: Inspection, rendition: Rendition, index: int) -> bytes:
    """One cell, made for itself alone."""
    source, grid = inspection.source, inspection.grid
    if rendition.kind == "audio":
        track = next(track for track in source.audios if track.index == rendition.track)
        return sounds(str(path), track, source.start, rendition, grid, index)
    if rendition.mode == "copy":
        return copied_pictures(str(path), rendition.track, source.start, grid.copy, index)
    assert source.video is not None
    head = encoded_pictures(str(path), source.video, source.start, grid.encode, [rendition], index)
    return next(made.data for made in head if made is not None)


def complaints(path: Path) -> str:
    """What ffmpeg has to say while it reads everything."""
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-map", "0", "-f", "null", "-"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr


def probed(path: Path, *entries: str) -> dict[str, list[dict[str, str]]]:
    command = ["ffprobe", "-v", "error", "-of", "json", *entries, str(path)]
    answer: dict[str, list[dict[str, str]]] = json.loads(
        subprocess.run(command, check=True, capture_output=True).stdout
    )
    return answer


def stated_duration(path: Path) -> float:
    """Seconds, according to ffprobe."""
    command = ["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", str(path)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
