"""Text as people type it, made safe to show to others."""

import re
import unicodedata

from watchparty.domain.errors import Invalid

# Bidirectional overrides and isolates can make a name read as somebody else's.
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_USERNAME = re.compile(r"[a-z0-9._-]{3,32}")


def printable(text: str, pointer: str, *, longest: int, shortest: int = 0, lines: bool = False) -> str:
    """`text` in NFC without surrounding space; lengths are in characters, after that.

    Raises Invalid for control and bidirectional-override characters (line breaks and tabs pass where `lines`), and
    for text that is too long or too short.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if any(_is_control(character, lines) for character in text) or _BIDI.search(text):
        raise Invalid("It must not contain control or direction-changing characters.", pointer=pointer)
    if len(text) < shortest:
        raise Invalid("It must not be empty." if shortest == 1 else f"At least {shortest} characters.", pointer=pointer)
    if len(text) > longest:
        raise Invalid(f"At most {longest:,} characters.", pointer=pointer)
    return text


def username(text: str, pointer: str = "/username") -> str:
    """A name to sign in with. Raises Invalid unless it is 3 to 32 of a-z, 0-9, dot, underscore and hyphen."""
    text = unicodedata.normalize("NFC", text).strip().lower()
    if not _USERNAME.fullmatch(text):
        raise Invalid("3 to 32 characters: letters a-z, digits, dot, underscore and hyphen.", pointer=pointer)
    return text


def person_name(text: str, pointer: str = "/name") -> str:
    """How a person or a room is called, 1 to 40 characters."""
    return printable(text, pointer, shortest=1, longest=40)


def _is_control(character: str, lines: bool) -> bool:
    return unicodedata.category(character) in {"Cc", "Cs"} and not (lines and character in "\n\r\t")
