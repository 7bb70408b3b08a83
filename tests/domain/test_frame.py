import pytest

from watchparty.domain.frame import ping_frame, text_frame


@pytest.mark.parametrize(
    ("size", "header"),
    [(0, "8100"), (125, "817d"), (126, "817e007e"), (65_535, "817effff"), (65_536, "817f0000000000010000")],
)
def test_a_text_frame_begins_with_its_length_as_rfc_6455_writes_it(size: int, header: str) -> None:
    frame = text_frame("x" * size)
    assert frame == bytes.fromhex(header) + b"x" * size


def test_the_length_counts_bytes_not_characters() -> None:
    assert text_frame("é") == b"\x81\x02" + "é".encode()


def test_a_ping_carries_what_shall_come_back() -> None:
    assert ping_frame(b"abc") == b"\x89\x03abc"
