from dataclasses import replace
from typing import Any

import pytest

from tests.domain.sources import SOUND, source_of
from watchparty.domain.errors import Invalid
from watchparty.domain.operation import CONTAINERS, SOUNDS, cleaned, made_by

FILM = replace(source_of(1920, 817), audios=(SOUND,))


def test_a_conversion_takes_the_usual_codecs_of_its_container_unless_told() -> None:
    assert cleaned("convert", {"container": "webm"}, FILM) == {
        "container": "webm",
        "video_codec": "vp9",
        "audio_codec": "opus",
    }
    wanted = {"container": "mkv", "video_codec": "av1", "audio_codec": "flac"}
    assert cleaned("convert", wanted, FILM) == wanted
    assert cleaned("convert", {"container": "mp4", "video_codec": None}, FILM)["video_codec"] == "h264"


def test_the_largest_height_is_the_film_s_own_made_even() -> None:
    assert cleaned("resize", {"height": 816}, FILM) == {"height": 816}
    with pytest.raises(Invalid, match="2 to 816"):
        cleaned("resize", {"height": 818}, FILM)


@pytest.mark.parametrize(
    ("kind", "options", "pointer"),
    [
        ("extract-audio", {"format": "ogg"}, "/options/format"),
        ("extract-audio", {"format": ["m4a"]}, "/options/format"),
        ("extract-audio", {"format": "m4a", "a/b~": 1}, "/options/a~1b~0"),
        ("resize", {"height": True}, "/options/height"),
        ("resize", {"height": 240.0}, "/options/height"),
        ("resize", {}, "/options/height"),
        ("convert", {}, "/options/container"),
        ("convert", {"container": "webm", "audio_codec": "mp3"}, "/options/audio_codec"),
    ],
)
def test_an_option_that_cannot_be_is_named(kind: str, options: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        cleaned(kind, options, FILM, "/options")
    assert refused.value.pointer == pointer


def test_what_a_film_does_not_have_cannot_be_made_of_it() -> None:
    for kind, options, film in (
        ("extract-audio", {"format": "mp3"}, replace(FILM, audios=())),
        ("resize", {"height": 240}, replace(FILM, video=None)),
    ):
        with pytest.raises(Invalid) as refused:
            cleaned(kind, options, film)
        assert refused.value.pointer is None


def test_a_new_file_is_called_like_its_film_in_letters_every_system_takes() -> None:
    resized = made_by("resize", {"height": 480}, pictured=True)
    assert (resized.filename("Käse: 1/2?"), resized.mime_type) == ("Käse_ 1_2_ (480p).mp4", "video/mp4")
    assert resized.extension == "mp4"
    assert resized.filename(" .. ") == "film (480p).mp4"
    assert len(resized.filename("x" * 200)) < 140
    for wanted, mime_type in SOUNDS.items():
        made = made_by("extract-audio", {"format": wanted}, pictured=True)
        assert (made.extension, made.mime_type) == (wanted, mime_type)
    for container in CONTAINERS:
        options = {"container": container, "video_codec": "av1", "audio_codec": "opus"}
        assert made_by("convert", options, pictured=True).filename("A") == f"A (av1).{container}"
        assert made_by("convert", options, pictured=False).filename("A") == f"A (opus).{container}"
        assert made_by("convert", options, pictured=False).mime_type.startswith("audio/")
