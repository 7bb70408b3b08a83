from pathlib import Path

import pytest

from tests.films import AAC, H264, Films, picture, tone
from watchparty.media.whole import awaits_more

KINDS = ["h264.mp4", "end.mp4", "parts.mp4", "film.mov", "film.mkv", "film.webm", "film.avi", "sound.wav"]


@pytest.fixture(scope="module")
def made(films: Films) -> dict[str, Path]:
    codec = (*picture(4, "320x180"), *tone(4), *H264, "-g", "25", *AAC)
    return {
        "h264.mp4": films.h264,
        "end.mp4": films.made("end.mp4", *codec),
        "parts.mp4": films.made("parts.mp4", *codec, "-movflags", "frag_keyframe+empty_moov"),
        "film.mov": films.made("film.mov", *codec),
        "film.mkv": films.made("film.mkv", *codec),
        "film.webm": films.vp9,
        "film.avi": films.made("film.avi", *codec),
        "sound.wav": films.made("sound.wav", *tone(2)),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_says_whether_more_of_it_must_come(made: dict[str, Path], tmp_path: Path, kind: str) -> None:
    film = made[kind].read_bytes()
    assert not awaits_more(str(made[kind]))
    for part in (0.1, 0.5, 0.9, 0.999):
        cut = tmp_path / kind
        cut.write_bytes(film[: int(len(film) * part)])
        assert awaits_more(str(cut)), part


def test_room_set_aside_for_what_comes_is_not_taken_for_it(made: dict[str, Path], tmp_path: Path) -> None:
    film = made["end.mp4"].read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(film[:20_000] + bytes(len(film) - 20_000))
    assert awaits_more(str(cut))


def test_what_does_not_tell_is_not_waited_for(films: Films, tmp_path: Path) -> None:
    live = films.made("live.mkv", "-i", str(films.hevc), "-c", "copy", "-f", "matroska", "-live", "1")
    stream = films.made("film.ts", "-i", str(films.silent), "-c", "copy")
    for film in (live, stream):
        cut = tmp_path / film.name
        cut.write_bytes(film.read_bytes()[:50_000])
        assert not awaits_more(str(cut))


@pytest.mark.parametrize(
    "head", [b"", b"\x1a\x45\xdf\xa3", b"\x1a\x45\xdf\xa3\x00", b"RIFF", b"\0\0\0\x10ftyp", bytes(99)]
)
def test_scraps_break_nothing(tmp_path: Path, head: bytes) -> None:
    path = tmp_path / "scrap"
    path.write_bytes(head)
    assert awaits_more(str(path)) in (True, False)
