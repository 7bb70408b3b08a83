import pytest

from watchparty.domain.errors import Invalid
from watchparty.domain.text import person_name, printable, username
from watchparty.domain.video import clean_filename, clean_tags, title_of


def test_text_is_composed_and_trimmed() -> None:
    assert printable("  Cafe\u0301 ", "/x", longest=10) == "Café"


@pytest.mark.parametrize("trick", ["a\u202eb", "a\u2066b", "a\x00b", "a\x1bb", "a\x7fb", "a\ud800b", "a\nb"])
def test_characters_that_hide_or_turn_text_are_refused(trick: str) -> None:
    with pytest.raises(Invalid) as refusal:
        printable(trick, "/name", longest=10)
    assert refusal.value.pointer == "/name"


def test_line_breaks_pass_where_text_has_lines() -> None:
    assert printable("one\ntwo\t3", "/x", longest=20, lines=True) == "one\ntwo\t3"
    with pytest.raises(Invalid):
        printable("one\x00two", "/x", longest=20, lines=True)


def test_lengths_are_counted_in_characters() -> None:
    assert person_name("é" * 40)
    for name in ("é" * 41, "", " "):
        with pytest.raises(Invalid):
            person_name(name)


def test_usernames_are_folded_and_kept_to_an_alphabet() -> None:
    assert username(" Ann.B ") == "ann.b"
    for name in ("ab", "a" * 33, "a b", "änn", "a/b"):
        with pytest.raises(Invalid):
            username(name)


def test_a_file_name_is_no_path() -> None:
    assert clean_filename("A film (2020).mkv") == "A film (2020).mkv"
    for name in ("a/b", "a\\b", "..", ".", "/a", "C:\\a", "", "a\0b"):
        with pytest.raises(Invalid):
            clean_filename(name)


def test_a_film_is_called_like_its_file() -> None:
    assert title_of("A film.2020.mkv") == "A film.2020"
    assert title_of(".mkv") == ".mkv"


def test_tags_are_unique_and_bounded() -> None:
    assert clean_tags(["a", " a", "b"]) == ("a", "b")
    for tags in (["x"] * 31, ["x" * 51], [""]):
        with pytest.raises(Invalid):
            clean_tags(tags)
