"""Who is meant: `@name` in what somebody says, for names as people write them, with spaces and all."""

import re
from collections.abc import Iterable

# More than these are a crowd, and calling a crowd is not meaning anybody.
MOST_MENTIONS = 20
# Names to sign in with, as domain/text.py has them. More of them than this in one text are not looked up.
_USERNAME = re.compile(r"@([a-z0-9._-]{3,32})")
_MOST_CALLED = 200


def mentioned(text: str, people: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """The ids of those of `people` (id, name) whom `text` means, in the order they are named, each once.

    Of several names that fit, the longest is meant; letters may be large or small. An @ inside a word means nobody, and
    a name goes on as long as letters and digits do. Of two people of one name both are meant.
    """
    names: dict[str, list[str]] = {}
    for person_id, name in people:
        names.setdefault(name.casefold(), []).append(person_id)
    names.pop("", None)
    lengths = sorted({len(name) for name in names}, reverse=True)
    folded = text.casefold()
    meant: dict[str, None] = {}
    at = folded.find("@")
    while at >= 0:
        if at == 0 or not _is_word(folded[at - 1]):
            # Looked up length by length, so that a line full of @ costs little in a crowd, too.
            found = (_name_at(folded, at + 1, length) for length in lengths)
            meant.update(dict.fromkeys(next((names[name] for name in found if name in names), [])))
        at = folded.find("@", at + 1)
    return tuple(meant)[:MOST_MENTIONS]


def called(text: str) -> set[str]:
    """Every username that `text` could mean, for looking them up before `mentioned` decides: `@bob.` may mean bob."""
    found: set[str] = set()
    for match in _USERNAME.finditer(text.casefold()):
        name = match[1]
        found.update(name[:end] for end in range(3, len(name) + 1) if end == len(name) or not _is_word(name[end]))
        if len(found) > _MOST_CALLED:
            break
    return found


def _name_at(text: str, start: int, length: int) -> str:
    """What stands there, when it is a name of this length and not the beginning of a longer word."""
    end = start + length
    return "" if end < len(text) and _is_word(text[end]) else text[start:end]


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
