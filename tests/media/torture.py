"""Small films of many kinds, made by the system's ffmpeg, each once a machine."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / f"watchparty-torture-{os.getuid()}"

_PICTURE = "-f lavfi -i testsrc2=size={size}:rate={rate}:duration={seconds}"
_SOUND = "-f lavfi -i sine=frequency=440:beep_factor=3:sample_rate={hertz}:duration={seconds}"


def _both(size: str = "320x180", rate: str = "25", seconds: float = 13, hertz: int = 48000) -> str:
    return f"{_PICTURE} {_SOUND}".format(size=size, rate=rate, seconds=seconds, hertz=hertz)


_H264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -bf 3"
_AAC = "-c:a aac -b:a 96k -ac 2"

RECIPES = {
    "h264.mp4": f"{_both()} {_H264} {_AAC}",
    "h264.mkv": "FROM h264.mp4 -c copy",
    "h264.ts": "FROM h264.mp4 -c copy",
    "h264.mov": f"{_both(rate='30000/1001')} {_H264} -movflags +faststart -c:a pcm_s16le",
    "h264.flv": "FROM h264.mp4 -c copy",
    "fragmented.mp4": "FROM h264.mp4 -c copy -movflags frag_keyframe+empty_moov",
    "hours.ts": "FROM h264.mp4 -c copy -output_ts_offset 36000",
    "hevc10.mkv": f"{_both('320x240', '24000/1001')} -c:v libx265 -preset ultrafast -x265-params log-level=none"
    " -pix_fmt yuv420p10le -c:a ac3 -ac 6",
    "vp9.webm": f"{_both('426x240')} -c:v libvpx-vp9 -cpu-used 8 -deadline realtime -c:a libopus",
    "mpeg4.avi": f"{_both('352x288')} -c:v mpeg4 -q:v 5 -c:a libmp3lame",
    "silent.mp4": f"{_PICTURE.format(size='320x180', rate=30, seconds=13)} {_H264}",
    "sound.m4a": f"{_SOUND.format(hertz=44100, seconds=13)} -c:a aac -b:a 96k",
    "sound.mp3": f"{_SOUND.format(hertz=44100, seconds=13)} -c:a libmp3lame",
    "sound.flac": f"{_SOUND.format(hertz=96000, seconds=13)} -c:a flac",
    "odd.mkv": f"{_both()} -vf scale=321:181 -c:v mpeg4 -q:v 5 -c:a libvorbis",
    "high10.mp4": f"{_both()} -c:v libx264 -preset veryfast -pix_fmt yuv420p10le -g 50 {_AAC}",
    "rotated.mp4": "FROM h264.mp4 -c copy -metadata:s:v:0 rotate=90",
    "anamorphic.mp4": f"{_both('360x288')} -vf setsar=64/45 {_H264} {_AAC}",
    "interlaced.mp4": f"{_both()} -vf tinterlace=interleave_top,fieldorder=tff -flags +ildct+ilme {_H264} {_AAC}",
    "late_sound.mp4": "-itsoffset 0 {picture} -itsoffset 1.5 {sound} {h264} {aac}".format(
        picture=_PICTURE.format(size="320x180", rate=25, seconds=13),
        sound=_SOUND.format(hertz=48000, seconds=11),
        h264=_H264,
        aac=_AAC,
    ),
    "late_picture.mkv": "-itsoffset 1.2 {picture} {sound} {h264} {aac}".format(
        picture=_PICTURE.format(size="320x180", rate=25, seconds=12),
        sound=_SOUND.format(hertz=48000, seconds=13),
        h264=_H264,
        aac=_AAC,
    ),
    "short_sound.mp4": "{picture} {sound} {h264} {aac}".format(
        picture=_PICTURE.format(size="320x180", rate=25, seconds=13),
        sound=_SOUND.format(hertz=48000, seconds=5),
        h264=_H264,
        aac=_AAC,
    ),
    "uneven.mp4": f"{_both()} -vf select=mod(n\\,7)-3 -vsync vfr {_H264} {_AAC}",
    "fast.mp4": f"{_both(rate='120')} {_H264} {_AAC}",
    "long_gop.mp4": f"{_both(seconds=20)} {_H264.replace('-g 50', '-g 1000')} -sc_threshold 0 {_AAC}",
    "open_gop.mkv": f"{_both()} {_H264} -x264-params open-gop=1:scenecut=0 {_AAC}",
    "flash.mp4": "-f lavfi -i color=black:size=320x180:rate=25:duration=13 -f lavfi -i"
    " aevalsrc=if(lt(mod(t\\,3)\\,0.2)\\,sin(6283*t)\\,0):duration=13"
    f" -vf drawbox=enable=lt(mod(t\\,3)\\,0.19):color=white:t=fill {_H264} {_AAC}",
    "flash.mkv": "FROM flash.mp4 -c copy",
    "flash.ts": "FROM flash.mp4 -c copy -output_ts_offset 7200",
    "flash.avi": "FROM flash.mp4 -c:v mpeg4 -q:v 4 -c:a libmp3lame",
    "flash.webm": "FROM flash.mp4 -c:v libvpx -cpu-used 8 -deadline realtime -b:v 500k -c:a libvorbis",
    "subtitled.mkv": "FROM h264.mp4 -i SUBTITLES -map 0 -map 1 -c copy -c:s ass -metadata:s:s:0 language=fre",
    "two_languages.mkv": f"{_both()} -f lavfi -i sine=frequency=880:sample_rate=44100:duration=13 -map 0 -map 1 -map 2"
    f" {_H264} -c:a:0 aac -c:a:1 libmp3lame -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng",
}


_SUBTITLES = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i> <script>alert(1)</script> & goodbye

2
00:00:05,000 --> 00:00:06,000
First line
Second line --> still the second
"""


def film(name: str) -> Path:
    """The film of that name, made when it is not there yet."""
    arguments = RECIPES[name]
    before: list[str] = []
    if arguments.startswith("FROM "):
        _, origin, arguments = arguments.split(" ", 2)
        before = ["-i", str(film(origin))]
    return made(name, [*before, *(str(_subtitles()) if word == "SUBTITLES" else word for word in arguments.split())])


def _subtitles() -> Path:
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    path = FOLDER / "subtitles.srt"
    path.write_text(_SUBTITLES)
    return path


def made(name: str, arguments: list[str]) -> Path:
    """The file ffmpeg makes with these arguments; named after them, so that a changed recipe makes it anew."""
    stem, dot, kind = name.partition(".")
    path = FOLDER / f"{stem}-{hashlib.sha256(repr(arguments).encode()).hexdigest()[:10]}{dot}{kind}"
    if path.exists():
        return path
    FOLDER.mkdir(mode=0o700, exist_ok=True)
    part = path.with_name(f"{os.getpid()}-{path.name}")
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(part)], check=True)
    part.replace(path)
    return path
