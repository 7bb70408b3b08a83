"""A promise to take the bytes of one film."""

from dataclasses import dataclass

LIFETIME = 24 * 3600.0  # seconds an unfinished upload is kept
URL_LIFETIME = 3600.0  # seconds its address works


@dataclass(frozen=True)
class Upload:
    """`size` is what the client announced, in bytes; times are Unix seconds."""

    id: str
    video_id: str
    size: int | None
    created_at: float
    expires_at: float
