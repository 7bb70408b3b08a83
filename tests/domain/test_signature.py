import pytest

from watchparty.domain.signature import PathToken, Signer

SIGNER = Signer(b"k" * 32)


def test_a_signature_belongs_to_its_parts_in_their_order() -> None:
    signature = SIGNER.sign("grant", "video", "100")
    assert SIGNER.matches(signature, "grant", "video", "100")
    for parts in (
        ("grant", "video", "101"),
        ("video", "grant", "100"),
        ("grantvideo", "", "100"),
        ("grant", "video100"),
    ):
        assert not SIGNER.matches(signature, *parts)


def test_another_key_makes_another_signature() -> None:
    assert not Signer(b"j" * 32).matches(SIGNER.sign("a"), "a")


@pytest.mark.parametrize("signature", ["", "x", "é", "A" * 22, "A" * 10_000])
def test_guesses_are_refused_quietly(signature: str) -> None:
    assert not SIGNER.matches(signature, "a")


def test_a_path_token_survives_being_written() -> None:
    token = PathToken("grant", 100, "signature")
    assert PathToken.parse(str(token)) == token


@pytest.mark.parametrize("text", ["", "a", "a.b", "a.b.c", "a.1.c.d", "a.-1.c", "a.١.c", "a.1e3.c", f"a.{'9' * 13}.c"])
def test_what_is_no_path_token_is_none(text: str) -> None:
    assert PathToken.parse(text) is None
