"""What the name of a subtitle file says."""

import pytest

from watchparty.domain.errors import Invalid
from watchparty.domain.subtitle import clean_language, code_page, told_by


@pytest.mark.parametrize(
    ("filename", "language", "label"),
    [
        ("film.de.srt", "de", "de"),
        ("Film.2020.1080p.pt-BR.vtt", "pt-BR", "pt-BR"),
        ("film.eng.ass", "eng", "eng"),
        ("film.en.forced.srt", "en", "Forced"),
        ("film.en.hi.srt", "en", "SDH"),
        ("film.hi.srt", "hi", "hi"),
        ("film.sdh.de.srt", "de", "de"),
        ("film.the.srt", "und", "film.the"),
        ("Meine Untertitel.srt", "und", "Meine Untertitel"),
        ("de.srt", "und", "de"),
        (".srt", "und", "Subtitles"),
    ],
)
def test_the_language_stands_before_the_extension(filename: str, language: str, label: str) -> None:
    assert told_by(filename) == (language, label)


def test_a_language_is_a_short_tag() -> None:
    assert clean_language(" pt-BR ") == "pt-BR"
    for wrong in ("", "german language", "d", "../..", "de_DE", "<b>"):
        with pytest.raises(Invalid):
            clean_language(wrong)


def test_some_languages_had_a_code_page_of_their_own() -> None:
    assert [code_page(each) for each in ("ru", "pt-BR", "zh-Hant", None, "und")] == [
        "cp1251",
        None,
        "gb18030",
        None,
        None,
    ]
