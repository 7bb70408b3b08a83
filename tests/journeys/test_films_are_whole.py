"""An independent reader, ffmpeg, goes through everything a player could fetch, and has nothing to complain about."""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from tests.client import Client
from tests.films import Films

TOLERANCE = 0.05


@pytest.mark.parametrize("name", ["h264", "hevc", "vp9", "subtitled", "silent", "sound_alone"])
async def test_ffmpeg_reads_every_rendition_whole(ada: Client, films: Films, name: str) -> None:
    film: Path = getattr(films, name)
    video = await ada.ready(film)
    url = await ada.master(video["id"])
    master = (await ada.bytes(url)).decode()
    folder = url.rsplit("/", 1)[0]
    playlists = media_playlists(master)
    assert playlists, master
    for playlist in playlists:
        stream = read_whole(f"{folder}/{playlist}")
        source = duration_of(film, "a" if "audio" in playlist else "v")
        assert stream.warnings == "", f"{playlist}: {stream.warnings}"
        assert stream.monotonic, f"{playlist}: timestamps go back."
        assert abs(stream.seconds - source) <= TOLERANCE, f"{playlist}: {stream.seconds} s of {source} s"
    assert read_whole(url).warnings == ""


def media_playlists(master: str) -> list[str]:
    """The playlists of pictures and of sound that a master playlist names, subtitles apart."""
    found = re.findall(r"^([^#\s].*)$", master, re.MULTILINE)
    found += re.findall(r'^#EXT-X-MEDIA:(?=.*TYPE=AUDIO).*URI="([^"]+)"', master, re.MULTILINE)
    return list(dict.fromkeys(found))


@dataclass(frozen=True)
class Reading:
    """What ffmpeg found: seconds of content, whether timestamps only rise, and what it complained about."""

    seconds: float
    monotonic: bool
    warnings: str


def read_whole(url: str) -> Reading:
    """Decodes every frame (a damaged one is warned about) and notes each packet's time."""
    decoded = subprocess.run(
        [tool("ffmpeg"), "-nostdin", "-loglevel", "warning", "-i", url, "-map", "0", "-f", "null", "-"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert decoded.returncode == 0, decoded.stderr
    found = packets(url)
    begin = min(packet.pts for packet in found)
    end = max(packet.pts + packet.seconds for packet in found)
    streams = {packet.stream for packet in found}
    monotonic = all(
        earlier.dts < later.dts
        for stream in streams
        for earlier, later in pairwise(packet for packet in found if packet.stream == stream)
    )
    return Reading(end - begin, monotonic, decoded.stderr)


def duration_of(film: Path, kind: str) -> float:
    """From the start of the film to the end of its last packet of picture ("v") or sound ("a"), in seconds."""
    found = packets(str(film), "-select_streams", f"{kind}:0")
    return max(packet.pts + packet.seconds for packet in found) - max(0.0, min(packet.pts for packet in found))


@dataclass(frozen=True)
class Packet:
    """Times in seconds."""

    stream: int
    pts: float
    dts: float
    seconds: float


def packets(source: str, *options: str) -> list[Packet]:
    fields = ("-show_entries", "packet=stream_index,pts_time,dts_time,duration_time", "-of", "json")
    listed = subprocess.run(
        [tool("ffprobe"), "-loglevel", "error", *options, *fields, source], capture_output=True, text=True, timeout=120
    )
    assert listed.returncode == 0, listed.stderr
    return [
        Packet(
            packet["stream_index"],
            float(packet["pts_time"]),
            float(packet.get("dts_time", packet["pts_time"])),
            float(packet.get("duration_time", 0)),
        )
        for packet in json.loads(listed.stdout)["packets"]
    ]


def tool(name: str) -> str:
    found = shutil.which(name)
    assert found, f"There is no {name} to judge with. `make test` installs it."
    return found
