import pytest

from watchparty.domain.comment import RESTORABLE, Comment, clean_moment, clean_text
from watchparty.domain.errors import Invalid
from watchparty.domain.mention import called
from watchparty.domain.notification import Kind, Notification, Told, concerned
from watchparty.domain.user import Person, Role
from watchparty.domain.video import Video

ADA, BOB, CLEO, GUEST = (
    Person(name, name.title(), role, "session")
    for name, role in (("ada", Role.ADMIN), ("bob", Role.USER), ("cleo", Role.USER), ("guest", Role.GUEST))
)
FILM = Video("film", "cleo", "Film", 0.0, 0.0, duration=60.0)
SAID = Comment("one", "film", "bob", "Hello", 10.0)


@pytest.mark.parametrize("text", ["", " \n ", "x" * 5001, "a\x00b", "a\u202eb", "\ud800"])
def test_text_that_is_none_or_deceives_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_text(text)
    assert refused.value.pointer == "/text"


def test_text_is_kept_as_it_was_written() -> None:
    assert clean_text("<b>Zoe\u0301</b> &amp;\n\t@x ") == "<b>Zo\u00e9</b> &amp;\n\t@x"
    assert len(clean_text("\N{GRINNING FACE}" * 5000)) == 5000


@pytest.mark.parametrize("at", [-0.1, 60.1, float("nan"), float("inf"), 1e300])
def test_a_moment_lies_within_the_film(at: float) -> None:
    with pytest.raises(Invalid) as refused:
        clean_moment(at, 60.0)
    assert refused.value.pointer == "/at"


def test_a_moment_of_a_film_of_unknown_length_cannot_be_meant() -> None:
    assert [clean_moment(at, 60.0) for at in (None, 0.0, 60.0)] == [None, 0.0, 60.0]
    assert clean_moment(None, None) is None
    with pytest.raises(Invalid):
        clean_moment(1.0, None)


def test_only_the_author_edits_while_the_films_owner_and_administrators_delete_too() -> None:
    assert [SAID.may_edit(one) for one in (ADA, BOB, CLEO, GUEST)] == [False, True, False, False]
    assert [SAID.may_delete(one, FILM) for one in (ADA, BOB, CLEO, GUEST)] == [True, True, True, False]


def test_what_somebody_deleted_only_they_bring_back_and_not_for_ever() -> None:
    gone = Comment("one", "film", "bob", "Hello", 10.0, deleted_at=100.0, deleted_by="cleo")
    assert gone.may_restore(CLEO, 101.0)
    assert not gone.may_restore(BOB, 101.0)
    assert not gone.may_restore(CLEO, 100.0 + RESTORABLE)
    assert not gone.may_edit(BOB)


def test_saying_the_same_again_is_no_edit() -> None:
    assert SAID.edited(text="Hello", at=None, mentions=(), now=20.0) is SAID
    assert SAID.edited(text="Hello", at=3.0, mentions=(), now=20.0).edited_at == 20.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("hello", set()),
        ("@bob", {"bob"}),
        ("@BOB.", {"bob", "bob."}),
        ("@bob.smith-2!", {"bob", "bob.smith", "bob.smith-2"}),
        ("@ab @_x_", {"_x_"}),
        ("mail ann@example", {"example"}),
    ],
)
def test_every_username_that_could_be_meant_is_looked_up(text: str, names: set[str]) -> None:
    assert called(text) == names


def test_a_crowd_of_names_is_not_looked_up() -> None:
    assert len(called(" ".join(f"@name{i}" for i in range(5000)))) < 300


def test_everybody_is_told_once_by_what_concerns_them_most_and_nobody_of_their_own_deed() -> None:
    kinds = concerned("bob", "dora", ["ada", "cleo", "bob"], "cleo")
    assert kinds == {"dora": Kind.REPLY, "ada": Kind.MENTION, "cleo": Kind.MENTION}
    assert concerned("bob", "bob", ["bob"], "bob") == {}
    assert concerned("bob", "cleo", ["cleo"], "cleo") == {"cleo": Kind.REPLY}
    assert concerned("bob", None, [], "cleo") == {"cleo": Kind.COMMENT}


def test_a_notification_speaks_in_a_sentence() -> None:
    def told(kind: Kind, **data: str) -> Told:
        return Told(Notification("n", "ada", kind, 0.0, data=data), film="Film", room="Friday", said="a\n b" * 100)

    assert told(Kind.REPLY).sentence == "Somebody answered you below “Film”."
    assert told(Kind.ACCESS_REQUEST, name="Gus").sentence == "Gus asks to be let into “Friday”."
    excerpt = told(Kind.REPLY).excerpt
    assert excerpt is not None and len(excerpt) == 200 and excerpt.startswith("a ba ba b")
    failed = Told(Notification("n", "ada", Kind.VIDEO_FAILED, 0.0, data={"reason": "No picture."}), film="Film")
    assert (failed.sentence, failed.excerpt) == ("“Film” could not be prepared.", "No picture.")
