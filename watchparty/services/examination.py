"""Files of the watched folder looked into: what they are, whether they are whole, and by what they are known again."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from watchparty.domain.container import sniff
from watchparty.domain.library_file import Found
from watchparty.media.opening import HEAD_BYTES
from watchparty.media.whole import awaits_more
from watchparty.services.sightings import mark_of

# Bytes at the beginning, in the middle and at the end that tell one film from another.
_PIECE = 64 << 10


@dataclass(frozen=True)
class Examined:
    """`mime_type` is None for what is no film."""

    found: Found
    mime_type: str | None
    fingerprint: str
    awaits_more: bool


def examined(folder: Path, files: Iterable[Found]) -> list[Examined]:
    """What these files hold; one that has changed since it was found, or cannot be read, is left out. Blocks."""
    return [each for found in files if (each := _examined(folder / found.path, found)) is not None]


def _examined(path: Path, found: Found) -> Examined | None:
    try:
        if mark_of(path.stat(follow_symlinks=False)) != found.mark:
            return None
        with path.open("rb") as file:
            pieces = [file.read(_PIECE)]
            for at in (found.size // 2, max(0, found.size - _PIECE)):
                file.seek(at)
                pieces.append(file.read(_PIECE))
        mime_type = sniff(pieces[0][:HEAD_BYTES])
        return Examined(found, mime_type, _fingerprint(found.size, pieces), bool(mime_type) and awaits_more(str(path)))
    except OSError:
        return None


def _fingerprint(size: int, pieces: list[bytes]) -> str:
    digest = hashlib.sha256(str(size).encode())
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
