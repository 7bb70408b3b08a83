"""Files that are no films, or pretend to be: refused with a sentence, and nothing else is opened for them."""

import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.media.torture import film, made
from watchparty.domain.source import Unplayable
from watchparty.media.inspect import inspect

SCRIPTS = {
    "concat": "ffconcat version 1.0\nfile '{film}'\n",
    "plain concat": "file '{film}'\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n{film}\n#EXT-X-ENDLIST\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\n"
    "a=rtpmap:96 H264/90000\n",
    "dash": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>'
    '<Representation id="1"><BaseURL>{film}</BaseURL></Representation></AdaptationSet></Period></MPD>',
    "smooth": '<?xml version="1.0"?><SmoothStreamingMedia/>',
    "webvtt": "WEBVTT\n\n00:00.000 --> 00:10.000\nhello\n",
    "marked utf-8": "\ufeffffconcat version 1.0\nfile '{film}'\n",
    "padded": "\n\n  #EXTM3U\n{film}\n",
    "words": "This is not a film at all.\n",
    "asx": '<ASX version="3.0"><Entry><Ref href="{film}"/></Entry></ASX>',
}


def refusal(path: Path) -> str:
    with pytest.raises(Unplayable) as refused:
        inspect(str(path))
    sentence = refused.value.reason
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert str(path.parent) not in sentence
    return sentence


@pytest.mark.parametrize("name", SCRIPTS)
def test_a_script_named_mp4_is_refused_although_the_film_it_points_to_is_there(name: str, tmp_path: Path) -> None:
    sibling = tmp_path / "real.mp4"
    sibling.write_bytes(film("h264.mp4").read_bytes())
    for target in ("real.mp4", str(sibling)):
        path = tmp_path / "script.mp4"
        path.write_text(SCRIPTS[name].format(film=target))
        assert "not a film" in refusal(path)


@pytest.fixture
def trap(tmp_path: Path) -> Path:
    """A file whose opening does not return: nobody ever writes into it."""
    path = tmp_path / "trap.mp4"
    os.mkfifo(path)
    return path


def _returns(program: str, *arguments: object, seconds: float = 20) -> bool:
    command = [sys.executable, "-c", program, *map(str, arguments)]
    try:
        subprocess.run(command, check=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


OPEN_AS_IS = "import av, sys\nav.open(sys.argv[1], options={'safe': '0'}, format=sys.argv[2])"
INSPECT = """import sys
from watchparty.domain.source import Unplayable
from watchparty.media import opening
from watchparty.media.inspect import inspect
opening.recognised = lambda path: "video/mp4"
try:
    inspect(sys.argv[1])
except Unplayable:
    sys.exit(0)
"""


def test_a_script_opened_as_it_is_falls_into_the_trap(trap: Path, tmp_path: Path) -> None:
    path = tmp_path / "script.mp4"
    path.write_text(SCRIPTS["concat"].format(film=trap))
    assert not _returns(OPEN_AS_IS, path, "concat", seconds=3)


@pytest.mark.parametrize("name", SCRIPTS)
def test_no_script_opens_another_file_even_past_the_first_look_at_it(name: str, trap: Path, tmp_path: Path) -> None:
    path = tmp_path / "script.mp4"
    path.write_text(SCRIPTS[name].format(film=trap))
    assert _returns(INSPECT, path)


def test_an_empty_file_is_called_empty(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.touch()
    assert refusal(path) == "The file is empty."


def test_random_bytes_are_refused(tmp_path: Path) -> None:
    for seed in range(20):
        path = tmp_path / f"{seed}.mp4"
        path.write_bytes(random.Random(seed).randbytes(50_000))
        refusal(path)


def test_random_bytes_behind_a_film_s_beginning_are_refused(tmp_path: Path) -> None:
    for name in ("h264.mp4", "h264.mkv", "mpeg4.avi", "h264.ts", "h264.flv"):
        path = tmp_path / name
        path.write_bytes(film(name).read_bytes()[:64] + random.Random(1).randbytes(50_000))
        refusal(path)


def test_a_film_cut_short_before_anything_can_be_played_is_called_so(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    # The sample tables stand at the end.
    path.write_bytes(film("h264.mp4").read_bytes()[:100_000])
    assert "cut short" in refusal(path)


@pytest.mark.parametrize("name", ["h264.mkv", "h264.ts", "h264.flv", "mpeg4.avi"])
def test_a_film_cut_short_is_played_as_far_as_it_goes(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    whole = film(name).read_bytes()
    path.write_bytes(whole[: len(whole) * 6 // 10])
    assert 6 < inspect(str(path)).source.duration < 10


def test_a_film_with_its_tables_in_front_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = made("faststart.mp4", ["-i", str(film("h264.mp4")), "-c", "copy", "-movflags", "+faststart"]).read_bytes()
    path = tmp_path / "film.mp4"
    path.write_bytes(whole[: len(whole) * 6 // 10])
    assert 6 < inspect(str(path)).source.duration < 10


def test_a_picture_is_called_a_picture(tmp_path: Path) -> None:
    for kind in ("jpg", "png", "webp", "gif"):
        path = tmp_path / f"still.{kind}"
        frames = ["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"]
        subprocess.run(["ffmpeg", "-v", "error", "-y", *frames, str(path)], check=True)
        named = tmp_path / f"{kind}.mp4"
        named.write_bytes(path.read_bytes())
        assert refusal(named) == "This is a picture, not a film."


def test_a_film_of_one_picture_is_refused() -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25", "-frames:v", "1", "-pix_fmt", "yuv420p"]
    assert "single picture" in refusal(made("one.mp4", source))


def test_a_decoder_nobody_needs_stays_shut() -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=1"]
    assert "not played here" in refusal(made("exotic.avi", [*source, "-c:v", "magicyuv"]))


def test_a_file_of_subtitles_alone_has_nothing_to_play() -> None:
    subtitles = film("subtitled.mkv")
    path = made("words.mkv", ["-i", str(subtitles), "-map", "0:s", "-c", "copy"])
    assert "neither a picture nor sound" in refusal(path)


def test_a_cover_is_not_taken_for_the_picture() -> None:
    cover = made("cover.png", ["-f", "lavfi", "-i", "testsrc2=size=64x64", "-frames:v", "1"])
    inputs = ["-i", str(film("sound.mp3")), "-i", str(cover), "-map", "0", "-map", "1", "-c", "copy"]
    source = inspect(str(made("covered.mp3", [*inputs, "-id3v2_version", "3"]))).source
    assert source.video is None
    assert len(source.audios) == 1


def test_a_picture_too_large_for_memory_is_refused_at_once(tmp_path: Path) -> None:
    source = ["-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=1", "-pix_fmt", "yuvj420p", "-c:v", "mjpeg"]
    small = made("pictures.avi", source).read_bytes()
    # Height and width behind the start of frame (ITU-T T.81, B.2.2).
    size, huge = b"\x08\x00\x40\x00\x40", b"\x08\x75\x30\x75\x30"
    large = re.sub(rb"(?s)(\xff\xc0..)" + size, lambda found: found[1] + huge, small)
    assert large != small
    path = tmp_path / "film.avi"
    path.write_bytes(large)
    began = time.monotonic()
    assert "cannot be decoded" in refusal(path)
    assert time.monotonic() - began < 2


def test_thousands_of_tracks_are_refused(tmp_path: Path) -> None:
    command = ["ffmpeg", "-v", "error", "-y", "-f", "lavfi", "-i", "anullsrc=duration=0.1"]
    path = tmp_path / "film.mkv"
    subprocess.run([*command, *(["-map", "0"] * 100), "-c:a", "pcm_s16le", str(path)], check=True)
    assert refusal(path)
