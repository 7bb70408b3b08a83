"""Every rendition of a film written to a folder, cell by cell in random order, and read by the system's ffmpeg."""

import json
import random
import subprocess
from array import array
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
    # In a time base in which no two pictures of an uneven rate fall together.
    every = ["-fps_mode", "passthrough", "-enc_time_base:v", "1:90000"]
    command = ["ffmpeg", "-v", "warning", "-i", str(path), "-map", "0", *every, "-f", "null", "-"]
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


def length(path: Path) -> float:
    """Seconds from the first picture or sound that is presented to the end of the last, covers apart."""
    entries = "packet=stream_index,pts_time,duration_time,flags:stream=index:stream_disposition=attached_pic"
    found = probed(path, "-show_entries", entries)
    covers = {stream["index"] for stream in found["streams"] if stream["disposition"]["attached_pic"]}  # type: ignore[index]
    shown = [
        packet
        for packet in found["packets"]
        if "pts_time" in packet and "D" not in packet["flags"] and packet["stream_index"] not in covers
    ]
    times = sorted(float(packet["pts_time"]) for packet in shown)
    # Where a stream does not say how long a picture stays, as long as the one before it.
    ends = (float(packet["pts_time"]) + float(packet.get("duration_time", times[-1] - times[-2])) for packet in shown)
    return max(ends) - times[0]


def flashes(path: Path) -> list[float]:
    """When the picture turns white, in seconds from its first one."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-an", "-vf", "scale=16:9,format=gray", "-vsync", "0"]
    shown = subprocess.run([*command, "-f", "rawvideo", "-"], check=True, capture_output=True).stdout
    white = [min(shown[at : at + 144]) > 200 for at in range(0, len(shown), 144)]
    pairs = zip(white, white[1:], picture_times(path)[1:], strict=False)
    return [at for before, now, at in pairs if now and not before]


def picture_times(path: Path) -> list[float]:
    """When each picture is shown, in seconds, the first at 0 (ffmpeg adds the reordering delay to all)."""
    packets = probed(path, "-select_streams", "v", "-show_entries", "packet=pts_time")["packets"]
    times = sorted(float(packet["pts_time"]) for packet in packets)
    return [at - times[0] for at in times]


def beeps(path: Path) -> list[float]:
    """When sound gets loud after being low, in seconds of the file's own time."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-ac", "1", "-ar", "8000", "-f", "s16le", "-"]
    samples = array("h", subprocess.run(command, check=True, capture_output=True).stdout)
    loud = [max(map(abs, samples[at : at + 40])) > 3000 for at in range(0, len(samples), 40)]
    begins = [
        number * 40 / 8000
        for number in range(1, len(loud))
        if loud[number] and not any(loud[max(0, number - 20) : number])
    ]
    (stream,) = probed(path, "-show_entries", "stream=start_time")["streams"]
    return [at + float(stream["start_time"]) for at in begins]
