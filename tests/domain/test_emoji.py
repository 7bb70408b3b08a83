import pytest
from hypothesis import given
from hypothesis import strategies as st

from watchparty.domain.emoji import is_emoji


@pytest.mark.parametrize(
    "emoji",
    [
        "😀",
        "🎉",
        "❤️",
        "❤",
        "❤️‍🔥",
        "👍🏽",
        "👨‍👩‍👧‍👦",
        "🏳️‍🌈",
        "🇩🇪",
        "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
        "1️⃣",
        "#️⃣",
        "☕",
        "⭐",
        "🧑🏿‍💻",
        "👩🏽‍❤️‍💋‍👨🏿",
        "🫶",
        "🏽",
        "™️",
    ],
)
def test_every_kind_of_emoji_is_one(emoji: str) -> None:
    assert is_emoji(emoji)


@pytest.mark.parametrize(
    "text",
    ["", "a", "LOL", "1", "#", "🎉🎉", "🎉 ", " 🎉", "🎉!", "x🎉", "🇩", "\u200d", "\ufe0f", "🎉\u200d", "\u200d🎉",
     "<b>", "—", "漢", "é", "\u202e🎉", "🎉\n", "👍" + "🏽" * 3, "🏴󠁧󠁢", "١"],
)  # fmt: skip
def test_nothing_else_floats_over_the_picture(text: str) -> None:
    assert not is_emoji(text)


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Z", "C"]), max_size=16))
def test_no_text_is_an_emoji(text: str) -> None:
    assert not is_emoji(text)
