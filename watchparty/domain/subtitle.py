"""Subtitles that somebody brought for a film, and what a file's name says about them."""

import re
from dataclasses import dataclass

from watchparty.domain.errors import Invalid
from watchparty.domain.text import printable

LARGEST = 10 << 20
"""Bytes of a file."""
MOST = 100
"""Files for one film."""

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8}){0,3}", re.IGNORECASE)
_MARKS = {"sdh": "SDH", "cc": "CC", "hi": "SDH", "forced": "Forced", "default": "", "full": ""}
"""Words that stand in files' names beside the language."""
_CODES = (
    "aa ab af am ar as ay az ba be bg bn bo br bs ca ce co cs cy da de dz el en eo es et eu fa fi fj fo fr fy ga gd gl"
    " gn gu ha he hi hr ht hu hy ia id ig is it ja jv ka kk km kn ko ku ky la lb ln lo lt lv mg mi mk ml mn mr ms mt my"
    " nb ne nl nn no oc om or pa pl ps pt qu rm ro ru rw sa sc sd se si sk sl sm sn so sq sr ss st su sv sw ta te tg th"
    " ti tk tl tn to tr ts tt ug uk ur uz ve vi wo xh yi yo zh zu"
    " ara bul cat ces cze chi zho dan deu ger ell gre eng est eus baq fas per fin fra fre gle glg heb hin hrv hun ind"
    " isl ice ita jpn kor lav lit mkd mac mal may msa nld dut nob nor pol por ron rum rus slk slo slv spa sqi alb srp"
    " swe tam tel tha tur ukr urd vie"
)
"""ISO 639: what counts as a language in a file's name, where any word of two or three letters may stand."""
_CODE_PAGES = {
    "cp1250": "pl pol cs ces cze sk slk slo hu hun ro ron rum hr hrv sl slv bs sq sqi alb",
    "cp1251": "ru rus uk ukr bg bul mk mkd mac be sr srp",
    "cp1253": "el ell gre",
    "cp1254": "tr tur",
    "cp1255": "he heb yi",
    "cp1256": "ar ara fa fas per ur urd",
    "cp1257": "et est lv lav lt lit",
    "cp1258": "vi vie",
    "cp874": "th tha",
    "cp932": "ja jpn",
    "cp949": "ko kor",
    "gb18030": "zh zho chi",
}


@dataclass(frozen=True)
class Subtitle:
    """`language` is a BCP 47 tag, "und" where it is not known; times are Unix seconds."""

    id: str
    video_id: str
    label: str
    language: str
    format: str
    object_key: str
    created_by: str | None
    created_at: float


def clean_language(language: str) -> str:
    """A BCP 47 tag such as "de" or "pt-BR". Raises Invalid."""
    language = language.strip()
    if not _LANGUAGE.fullmatch(language):
        raise Invalid('A language is written as in "de" or "pt-BR".', pointer="/language")
    return language


def clean_label(label: str) -> str:
    return printable(label, "/label", shortest=1, longest=100)


def told_by(filename: str) -> tuple[str, str]:
    """Language ("und" for none) and label that a name such as `film.de.srt` or `film.en.forced.srt` gives away."""
    stem = filename.rpartition(".")[0] if "." in filename else filename
    parts = stem.split(".")
    label = ""
    # "hi" is a mark only beside a language: alone it is Hindi.
    while len(parts) > 2 and parts[-1].lower() in _MARKS and _is_language(parts[-2]) | (parts[-1].lower() != "hi"):
        label = label or _MARKS[parts.pop().lower()]
    if len(parts) > 1 and _is_language(parts[-1]):
        return parts[-1], label or parts[-1]
    return "und", (label or stem.strip() or "Subtitles")[:100]


def code_page(language: str | None) -> str | None:
    """The Windows code page that texts in this language came in before Unicode; None where there is none of its own."""
    primary = (language or "").split("-")[0].lower()
    return next((page for page, languages in _CODE_PAGES.items() if primary in languages.split()), None)


def _is_language(part: str) -> bool:
    return bool(_LANGUAGE.fullmatch(part)) and part.split("-")[0].lower() in _CODES.split()
