"""Captions out of films, safe to show."""

import pytest

from tests.media.torture import film
from watchparty.media.inspect import inspect
from watchparty.media.subtitles import plain, webvtt


def test_embedded_subtitles_become_webvtt_on_the_film_s_timeline() -> None:
    path = str(film("subtitled.mkv"))
    (track,) = inspect(path).source.subtitles
    assert (track.language, track.text) == ("fre", True)
    # In this file the picture, and the words with it, stand 21 ms behind the sound.
    assert webvtt(path, track) == (
        "WEBVTT\n\n"
        "00:00:01.021 --> 00:00:02.521\n<i>Hello</i> alert(1) &amp; goodbye\n\n"
        "00:00:05.021 --> 00:00:06.021\nFirst line\nSecond line --&gt; still the second\n"
    )


@pytest.mark.parametrize(
    ("event", "cue"),
    [
        (r"{\i1}thought{\i0} said", "<i>thought</i> said"),
        (r"{\b1}loud", "<b>loud</b>"),
        (r"never{\u0} opened", "never opened"),
        (r"{\b1\i1}both{\b0} one{\i0}", "<b><i>both</i></b> one"),
        (r"{\an8\pos(10,20)\c&HFFFFFF&}placed", "placed"),
        (r"one\Ntwo\n\N\Nthree", "one\ntwo\nthree"),
        (r"{\p1}m 0 0 l 100 0 100 100{\p0}", ""),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("a\x00b\x1bc\u202ed", "abcd"),
        ("00:00.000 --> 00:01.000", "00:00.000 --&gt; 00:01.000"),
    ],
)
def test_a_cue_keeps_words_and_emphasis_and_nothing_else(event: str, cue: str) -> None:
    assert plain(event) == cue
