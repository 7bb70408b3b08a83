"""Subtitle files as people have them: of three kinds, in many encodings, and broken."""

import contextlib
import time

import pytest

from watchparty.domain.source import Unplayable
from watchparty.media.subtitle_files import NotSubtitles, read

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Grüße</i> aus <font color="#ff0000">München</font> &

2
00:00:05,000 --> 00:00:06,000
Erste Zeile
Zweite Zeile --> noch immer die zweite
"""
AS_VTT = (
    "WEBVTT\n\n"
    "00:00:01.000 --> 00:00:02.500\n<i>Grüße</i> aus München &amp;\n\n"
    "00:00:05.000 --> 00:00:06.000\nErste Zeile\nZweite Zeile --&gt; noch immer die zweite\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_subrip_becomes_webvtt_in_any_of_its_encodings(encoding: str, newline: str) -> None:
    assert read(SRT.replace("\n", newline).encode(encoding), None) == ("srt", AS_VTT)


@pytest.mark.parametrize(
    ("language", "encoding", "words"),
    [
        ("und", "cp1252", "Où êtes-vous allé hier soir ? Ça va très bien, c'est déjà l'été."),
        ("und", "cp1252", "Var är du? Jag vet inte vad som hände på ön."),
        ("und", "cp1250", "Gdzie jesteś? Nie wiem, co się stało. Życie jest piękne, źródło światła."),
        ("und", "cp1251", "Где ты был вчера вечером? Я не знаю, что случилось. Жизнь прекрасна."),
        ("und", "cp932", "昨夜はどこにいましたか。何が起こったのかわかりません。人生は美しいです。"),
        ("und", "gb18030", "你昨晚在哪里？我不知道发生了什么事。生活是美好的。"),
        ("hu", "cp1250", "Hol voltál tegnap este? Az élet gyönyörű, őrült és fűszeres."),
        ("tr", "cp1254", "Dün gece neredeydin? Ne olduğunu bilmiyorum. Güzel şarkı söylüyor."),
        ("el", "cp1253", "Πού ήσουν χθες το βράδυ; Δεν ξέρω τι συνέβη."),
    ],
)
def test_an_old_encoding_is_told_from_the_text_and_its_language(language: str, encoding: str, words: str) -> None:
    file = f"1\n00:00:01,000 --> 00:00:02,000\n{words}\n".encode(encoding)
    assert words in read(file, language)[1]


def test_webvtt_keeps_its_cues_without_notes_names_styles_and_settings() -> None:
    file = (
        "WEBVTT - a title\n\nSTYLE\n::cue { color: red }\n\nNOTE 00:00:09.000 is later\n\nfirst name\n"
        "00:01.000 --> 00:02.000 align:start position:10%\n<v Ada>Hello &amp; <b.loud>good</b> <00:01.500>evening\n\n"
        "NOTE between\nthe two\n\nsecond\n01:00:05.000 --> 01:00:06.000\n<c.red>Bye</c>\n"
    )
    assert read(file.encode(), None) == (
        "vtt",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHello &amp; <b>good</b> evening\n\n"
        "01:00:05.000 --> 01:00:06.000\nBye\n",
    )


@pytest.mark.parametrize("section", ["V4+ Styles", "V4 Styles"])
def test_substation_keeps_emphasis_and_loses_drawings_comments_and_places(section: str) -> None:
    file = (
        f"[Script Info]\nTitle: x\n\n[{section}]\nStyle: Default,Arial,nonsense\n\n[Events]\n"
        "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
        r"Dialogue: 0,0:00:05.00,0:00:06.00,Default,,0,0,0,,{\an8\pos(1,2)}Later, with a comma"
        "\n"
        r"Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not said"
        "\n"
        r"Dialogue: 0,0:00:01.00,0:00:02.50,Default,,0,0,0,,{\i1}first{\i0}\Nline"
        "\n"
        r"Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,{\p1}m 0 0 l 100 0{\p0}"
        "\n"
    )
    assert read(file.encode(), None) == (
        "ass",
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>first</i>\nline\n\n"
        "00:00:05.000 --> 00:00:06.000\nLater, with a comma\n",
    )


def test_what_would_run_in_a_page_is_words_or_nothing() -> None:
    file = "1\n00:00:01,000 --> 00:00:02,000\n<img src=x onerror=alert(1)> <script>alert(1)</script> a <b <i>c\n"
    text = read(file.encode(), None)[1]
    assert "<img" not in text and "<script" not in text
    assert text.endswith("alert(1) a &lt;b <i>c</i>\n")


@pytest.mark.parametrize(
    "data", [b"", b"hello", b"\x00\x01\x02", b"\x89PNG\r\n\x1a\n\x00", b"<html></html>", b"--> -->", b"\xff\xfea"]
)
def test_a_file_of_another_kind_is_refused(data: bytes) -> None:
    with pytest.raises(NotSubtitles, match="not a subtitle file"):
        read(data, None)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("WEBVTT\n\nNOTE nothing\n", "no subtitle"),
        ("1\n00:00:02,000 --> 00:00:01,000\nbackwards\n", "no subtitle"),
        ("1\n00:00:01,000 --> 00:00:02,000\n\n", "no subtitle"),
        ("Dialogue: 0,when,then,Default,,0,0,0,,words\n", "times"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\n" * 20_001, "more than 20,000"),
    ],
)
def test_a_file_with_nothing_to_show_is_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(Unplayable, match=reason):
        read(text.encode(), None)


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<a " * 3_000_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "\n" * 9_000_000 + "x",
        "1\n00:00:01,000 --> 00:00:02,000\n" + "{" * 9_000_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<b>\n</u>" * 350_000,
        "WEBVTT\n\n" + "0:" * 4_000_000,
        "1\n" * 5_000_000,
        "\ufffd" * 3_000_000,
    ],
)
def test_a_file_made_to_keep_the_server_busy_does_not(text: str) -> None:
    begun = time.monotonic()
    with contextlib.suppress(Unplayable):
        read(text.encode(), None)
    assert time.monotonic() - begun < 60
