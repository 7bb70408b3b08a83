"""Small films of many kinds, made by the system's ffmpeg, each once a machine."""

import hashlib
import os
import subprocess
import tempfile
from pathlib import Path

FOLDER = Path(tempfile.gettempdir()) / f"watchparty-torture-{os.getuid()}"

_SIZE, _LARGE, _SECONDS = "320x180", "854x480", 13
"""The large ones have a choice of qualities."""


def _picture(size: str = _SIZE, rate: str = "25", seconds: float = _SECONDS, late: float = 0) -> str:
    """A moving picture, white for a moment every three seconds of the film; it begins `late` seconds into that."""
    flash = rf"drawbox=enable=lt(mod(t+{late}\,3)\,0.19):color=white:t=fill"
    return f"-itsoffset {late} -f lavfi -i testsrc2=size={size}:rate={rate}:duration={seconds},{flash}"


def _sound(hertz: int = 48000, seconds: float = _SECONDS, late: float = 0, channels: int = 1) -> str:
    """A beep every three seconds of the film, and a low tone between."""
    wave = rf"if(lt(mod(t+{late}\,3)\,0.2)\,0.6*sin(6283*t)\,0.02*sin(1382*t))"
    return f"-itsoffset {late} -f lavfi -i aevalsrc={'|'.join([wave] * channels)}:s={hertz}:d={seconds}"


def _both(size: str = _SIZE, rate: str = "25", seconds: float = _SECONDS, hertz: int = 48000) -> str:
    return f"{_picture(size, rate, seconds)} {_sound(hertz, seconds)}"


_H264 = "-c:v libx264 -preset veryfast -pix_fmt yuv420p -g 50 -bf 3"
_HEVC = "-c:v libx265 -preset ultrafast -x265-params log-level=none:keyint=50:bframes=3:open-gop=0"
_VP9 = "-c:v libvpx-vp9 -cpu-used 8 -deadline realtime -g 50"
_AV1 = "-c:v libsvtav1 -preset 12 -g 50"
_AAC = "-c:a aac -b:a 96k -ac 2"
_BT2020 = "-color_primaries bt2020 -colorspace bt2020nc -color_trc"

RECIPES = {
    # H.264, which goes out as it is, in everything that holds it.
    "h264.mp4": f"{_both()} {_H264} {_AAC}",
    "h264.mkv": "FROM h264.mp4 -c copy",
    "h264.ts": "FROM h264.mp4 -c copy",
    "h264.m2ts": "FROM h264.mp4 -c copy -f mpegts -mpegts_m2ts_mode 1",
    "h264.mov": f"{_both(_LARGE, '30000/1001')} {_H264} -movflags +faststart -c:a pcm_s16le",
    "h264.flv": "FROM h264.mp4 -c copy",
    "h264.avi": f"{_both()} {_H264} -c:a libmp3lame",
    "faststart.mp4": "FROM h264.mp4 -c copy -movflags +faststart",
    "fragmented.mp4": "FROM h264.mp4 -c copy -movflags frag_keyframe+empty_moov",
    "trimmed.mp4": "FROM -ss 1.3 h264.mp4 -c copy",
    "hours.ts": "FROM h264.mp4 -c copy -output_ts_offset 36000",
    "hours.mkv": "FROM h264.mp4 -c copy -output_ts_offset 7200",
    "wrapped.ts": "FROM h264.mp4 -c copy -output_ts_offset 95435",
    "tall.mp4": f"{_both('180x320')} {_H264} {_AAC}",
    "anamorphic.mp4": f"{_both('360x288')} -vf setsar=64/45 {_H264} {_AAC}",
    "uneven.mp4": f"{_both()} -vf select=mod(n\\,7)-4 -vsync vfr {_H264} {_AAC}",
    "uneven.mkv": "FROM uneven.mp4 -c copy",
    "fast.mp4": f"{_both(rate='120')} {_H264} {_AAC}",
    "slow.mp4": f"{_both(rate='5')} {_H264} -g 10 {_AAC}",
    # The other codecs that go out as they are, for browsers that can show them.
    "hevc.mp4": f"{_both()} {_HEVC} -pix_fmt yuv420p -tag:v hvc1 {_AAC}",
    "hevc.ts": "FROM hevc.mp4 -c copy",
    "hevc10.mkv": f"{_both(_LARGE, '24000/1001')} {_HEVC} -pix_fmt yuv420p10le -c:a ac3 -ac 6",
    "hdr_pq.mkv": f"{_both()} {_HEVC}:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"
    f" -pix_fmt yuv420p10le {_BT2020} smpte2084 -c:a eac3",
    "hdr_hlg.mp4": f"{_both()} {_HEVC}:colorprim=bt2020:transfer=arib-std-b67:colormatrix=bt2020nc"
    f" -pix_fmt yuv420p10le {_BT2020} arib-std-b67 {_AAC}",
    "vp9.webm": f"{_both(_LARGE)} {_VP9} -pix_fmt yuv420p -c:a libopus",
    "vp9.mp4": "FROM vp9.webm -c copy",
    "vp9_hdr.webm": f"{_both()} {_VP9} -profile:v 2 -pix_fmt yuv420p10le {_BT2020} smpte2084 -c:a libopus",
    "av1.mp4": f"{_both()} {_AV1} -pix_fmt yuv420p {_AAC}",
    "av1_480.mp4": f"{_both('854x480')} {_AV1} -pix_fmt yuv420p {_AAC}",
    "av1.webm": f"{_both()} {_AV1} -pix_fmt yuv420p10le -c:a libvorbis",
    # Pictures that have to be encoded.
    "hevc_open.mkv": f"{_both()} {_HEVC.replace('open-gop=0', 'open-gop=1')} -pix_fmt yuv420p {_AAC}",
    "open_gop.mkv": f"{_both()} {_H264} -x264-params open-gop=1:scenecut=0 {_AAC}",
    "long_gop.mp4": f"{_both(seconds=20)} {_H264.replace('-g 50', '-g 1000')} -sc_threshold 0 {_AAC}",
    "high10.mp4": f"{_both()} -c:v libx264 -preset veryfast -pix_fmt yuv420p10le -g 50 {_AAC}",
    "high422.mkv": f"{_both()} -c:v libx264 -preset veryfast -pix_fmt yuv422p -g 50 {_AAC}",
    "rotated.mp4": "FROM h264.mp4 -c copy -metadata:s:v:0 rotate=90",
    "rotated.mov": "FROM h264.mp4 -c copy -metadata:s:v:0 rotate=180",
    "interlaced.mp4": f"{_both(rate='50')} -vf tinterlace=interleave_top,fieldorder=tff -flags +ildct+ilme"
    f" {_H264} {_AAC}",
    "interlaced.ts": f"{_both('352x288', '50')} -vf tinterlace=interleave_top -c:v mpeg2video -b:v 1500k -g 12"
    " -flags +ildct+ilme -c:a mp2",
    "mpeg4.avi": f"{_both('352x288')} -c:v mpeg4 -q:v 5 -c:a libmp3lame",
    "odd.mkv": f"{_both()} -vf scale=321:181 -c:v mpeg4 -q:v 5 -c:a libvorbis",
    "dvd.vob": f"{_both('352x288')} -c:v mpeg2video -b:v 1500k -aspect 16:9 -c:a ac3 -f vob",
    "windows.wmv": f"{_both()} -c:v wmv2 -b:v 500k -c:a wmav2",
    "theora.ogv": f"{_both()} -c:v libtheora -q:v 5 -c:a libvorbis",
    "phone.3gp": f"{_both('352x288')} -c:v h263 -b:v 400k {_AAC}",
    "old.flv": f"{_both(hertz=44100)} -c:v flv -b:v 500k -c:a libmp3lame",
    "vp8.webm": f"{_both()} -c:v libvpx -cpu-used 8 -deadline realtime -b:v 500k -c:a libvorbis",
    "camera.mov": f"{_both()} -c:v prores_ks -profile:v 0 -c:a pcm_s24le",
    "stills.avi": f"{_both()} -c:v mjpeg -q:v 5 -pix_fmt yuvj420p -c:a pcm_s16le",
    # Sound of every kind, and none.
    "silent.mp4": f"{_picture(rate='30')} {_H264}",
    "surround.mp4": f"{_picture()} {_sound(channels=6)} {_H264} -c:a aac -b:a 256k",
    "seven.mkv": f"{_picture()} {_sound(channels=8)} {_H264} -c:a flac",
    "opus.mp4": f"{_both()} {_H264} -c:a libopus",
    "late_sound.mp4": f"{_picture()} {_sound(seconds=11, late=1.5)} {_H264} {_AAC}",
    "late_sound.ts": "FROM late_sound.mp4 -c copy",
    "late_picture.mkv": f"{_picture(seconds=12, late=1.2)} {_sound()} {_H264} {_AAC}",
    "short_sound.mp4": f"{_picture()} {_sound(seconds=5)} {_H264} {_AAC}",
    "two_languages.mkv": f"{_both()} {_sound(44100)} -map 0 -map 1 -map 2 {_H264} -c:a:0 aac -c:a:1 libmp3lame"
    " -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng",
    "languages.mp4": f"{_both()} {_sound(44100)} {_sound(32000)} -map 0 -map 1 -map 2 -map 3 {_H264} -c:a aac"
    " -metadata:s:a:0 language=ger -metadata:s:a:1 language=eng -metadata:s:a:2 language=fre",
    "covered.mp4": "FROM h264.mp4 -i COVER -map 0 -map 1 -c copy -c:v:1 png -disposition:v:1 attached_pic",
    "sound.m4a": f"{_sound(44100)} -c:a aac -b:a 96k",
    "sound.mp3": f"{_sound(44100)} -c:a libmp3lame",
    "covered.mp3": "FROM sound.mp3 -i COVER -map 0 -map 1 -c copy -id3v2_version 3",
    "sound.flac": f"{_sound(96000)} -c:a flac",
    "sound.ogg": f"{_sound()} -c:a libopus",
    "subtitled.mkv": "FROM h264.mp4 -i SUBTITLES -map 0 -map 1 -c copy -c:s ass -metadata:s:s:0 language=fre",
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
    words = RECIPES[name].split()
    if words[0] == "FROM":
        at = next(place for place, word in enumerate(words) if word in RECIPES)
        words = [*words[1:at], "-i", str(film(words[at])), *words[at + 1 :]]
    given = {"SUBTITLES": _subtitles, "COVER": _cover}
    return made(name, [str(given[word]()) if word in given else word for word in words])


def _cover() -> Path:
    return made("cover.png", ["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"])


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
    quiet = {**os.environ, "SVT_LOG": "1"}
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments, str(part)], check=True, env=quiet)
    part.replace(path)
    return path
