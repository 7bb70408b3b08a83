import pytest

from watchparty.domain.library_file import Found, Kept, Lost, compared, left_alone
from watchparty.domain.video import Status


def found(path: str, mark: str) -> Found:
    return Found(path, 10, 0.0, mark, 0.0)


def kept(path: str, mark: str | None, status: Status = Status.READY, fingerprint: str = "f") -> Kept:
    return Kept(f"film of {path}", path, status, 10, True, mark, fingerprint)


def folder(**files: str) -> dict[str, Found]:
    return {path: found(path, mark) for path, mark in files.items()}


@pytest.mark.parametrize(
    "name", ["a.part", "a.mkv.Part", "a.crdownload", "a.!qB", "a~", "~a.mp4", ".a.mp4.Xy12aB", "a.mp4.part-Frag7"]
)
def test_names_that_copy_programs_use_are_left_alone(name: str) -> None:
    assert left_alone(name)


@pytest.mark.parametrize("name", ["a.mkv", "Part 2.mp4", "a.part1.mkv", "Temp.mp4", "no extension", "tmp"])
def test_other_names_are_not(name: str) -> None:
    assert not left_alone(name)


def test_a_file_is_known_by_its_mark_before_its_name() -> None:
    outcome = compared([kept("a", "1"), kept("b", "2")], folder(a="2", b="1"))
    assert {(film.path, file.path) for film, file in outcome.moved} == {("a", "b"), ("b", "a")}
    assert not (outcome.changed or outcome.gone or outcome.fresh)


def test_a_film_whose_name_another_took_is_gone() -> None:
    outcome = compared([kept("a", "1"), kept("b", "2")], folder(a="2"))
    assert [(film.path, file.path) for film, file in outcome.moved] == [("b", "a")]
    assert [film.path for film in outcome.gone] == ["a"]


def test_another_link_to_a_file_is_a_file_of_its_own() -> None:
    outcome = compared([kept("a", "1")], folder(a="1", b="1"))
    assert [file.path for file in outcome.fresh] == ["b"]
    assert [film.path for film, _ in outcome.stayed] == ["a"]
    outcome = compared([kept("a", "1")], folder(b="1", c="1"))
    assert [file.path for _, file in outcome.moved] == ["b"]
    assert [file.path for file in outcome.fresh] == ["c"]


def test_a_film_that_was_never_marked_stands_for_the_file_of_its_name() -> None:
    outcome = compared([kept("a", None)], folder(a="1", b="2"))
    assert [(film.path, file.mark) for film, file in outcome.changed] == [("a", "1")]
    assert [file.path for file in outcome.fresh] == ["b"]


def test_of_two_lost_films_that_are_alike_the_one_just_gone_is_found_first() -> None:
    lost = Lost([kept("long ago", "1", Status.MISSING), kept("just now", "2")])
    claims = [lost.claim("f"), lost.claim("f"), lost.claim("f")]
    assert [claim and claim.path for claim in claims] == ["just now", "long ago", None]
    assert lost.rest == []
