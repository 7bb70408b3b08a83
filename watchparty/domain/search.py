"""What somebody typed into the search box, as what is looked for in the words of films."""

import re
import unicodedata
from dataclasses import dataclass

MOST_TERMS = 12
"""Whoever pastes a page into the box is looked after by its first words."""
MOST_FRAGMENTS = 2
"""What is no word is looked for in every film, which takes its time."""

_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')
# Scripts written without spaces: a word of theirs stands anywhere within a line, where no index of words finds it.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1100-\u11ff\u3040-\u30ff\u3130-\u318f\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


@dataclass(frozen=True)
class Sought:
    """`match` is an FTS5 expression for the words, `fragments` are LIKE patterns for what is no word; all must hold."""

    match: str | None
    fragments: tuple[str, ...] = ()


def sought(text: str) -> Sought | None:
    """None when nothing is looked for.

    Words are beginnings of words, in any order; what stands between quotes is looked for as it stands. No text is an
    error: whatever means something to SQLite is quoted.
    """
    words, fragments = [], []
    for term, whole in _terms(text):
        if _UNSPACED.search(term) or not any(map(str.isalnum, term)):
            fragments.append(_containing(term))
        else:
            words.append('"' + term + ('"' if whole else '"*'))
    if not words and not fragments:
        return None
    return Sought(" AND ".join(words) or None, tuple(fragments[:MOST_FRAGMENTS]))


def _terms(text: str) -> list[tuple[str, bool]]:
    """What is looked for, and whether it was put in quotes."""
    clean = "".join(
        " " if unicodedata.category(sign)[0] == "C" else sign for sign in unicodedata.normalize("NFC", text)
    )
    found = [(quoted.strip() or word, not word) for quoted, word in _TERM.findall(clean)]
    # A lone quote is one that has not been closed yet.
    return [(term, whole) for term, whole in found if term][:MOST_TERMS]


def _containing(term: str) -> str:
    escaped = term.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"
