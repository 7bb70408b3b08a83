"""The words of resumable uploads, as tus 1.0.0 spells them in headers (tus.io/protocols/resumable-upload)."""

import base64
import binascii
import re
from dataclasses import dataclass

from watchparty.domain.errors import Malformed

VERSION = "1.0.0"
EXTENSIONS = "creation,creation-defer-length,creation-with-upload,expiration,checksum,termination"
ALGORITHMS = ("sha1", "sha256", "md5")
MEDIA_TYPE = "application/offset+octet-stream"
_KEY = re.compile(r"[!-+\--~]+")  # ASCII without spaces and commas
_LARGEST = 1 << 50


@dataclass(frozen=True)
class Checksum:
    """What the bytes of one request must add up to."""

    algorithm: str
    digest: bytes


def parse_count(text: str | None, name: str) -> int | None:
    """A number of bytes; None where nothing was said. Raises Malformed."""
    if text is None:
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 16 or int(text) > _LARGEST:
        raise Malformed(f"{name} must be a number of bytes.")
    return int(text)


def parse_metadata(text: str) -> dict[str, str]:
    """Upload-Metadata: keys, each once, with a value in Base64 of UTF-8. Raises Malformed."""
    found: dict[str, str] = {}
    for pair in text.split(",") if text.strip() else ():
        key, _, value = pair.strip().partition(" ")
        if not _KEY.fullmatch(key) or key in found:
            raise Malformed("Upload-Metadata must be pairs of a key, each once, and a value in Base64.")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise Malformed(f"The value of {key} in Upload-Metadata is not UTF-8 in Base64.") from error
    return found


def parse_checksum(text: str) -> Checksum:
    """Upload-Checksum: an algorithm and a digest in Base64. Raises Malformed."""
    algorithm, _, digest = text.strip().partition(" ")
    if algorithm not in ALGORITHMS:
        raise Malformed(f"Upload-Checksum must be made with {', '.join(ALGORITHMS)}.")
    try:
        return Checksum(algorithm, base64.b64decode(digest, validate=True))
    except (binascii.Error, ValueError) as error:
        raise Malformed("The digest in Upload-Checksum is not Base64.") from error
