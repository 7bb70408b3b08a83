"""A promise to take the bytes of one film, at once or piece by piece."""

from collections.abc import Mapping
from dataclasses import dataclass

from watchparty.domain.errors import Invalid, TooLarge
from watchparty.domain.video import Video, Visibility, clean_description, clean_filename, clean_title, title_of

LIFETIME = 24 * 3600.0  # seconds an unfinished upload is kept after its last bytes
URL_LIFETIME = 3600.0  # seconds its address works by itself


@dataclass(frozen=True)
class Upload:
    """`size` is what the client announced, in bytes; times are Unix seconds.

    `received` bytes are on the disk for certain. A `finished` one is kept for a client that did not hear so; with one
    that `makes_film`, the film goes when the upload is given up. `metadata` is what the client said, in its own words.
    """

    id: str
    video_id: str
    size: int | None
    created_at: float
    expires_at: float
    received: int = 0
    finished: bool = False
    makes_film: bool = False
    metadata: str | None = None

    def is_over(self, now: float) -> bool:
        return self.expires_at <= now

    def needs_no_sign_in(self, now: float) -> bool:
        """Whether whoever holds its address may go on: for an hour after it was opened, or last got bytes."""
        return now < self.expires_at - LIFETIME + URL_LIFETIME


def check_room(used: int, quota: int, more: int) -> None:
    """Raises TooLarge when `more` bytes do not fit beside those `used`; a quota of 0 is none."""
    if quota and used + more > quota:
        left = max(0, quota - used)
        raise TooLarge(f"Your films may take {quota:,} bytes in all, of which {left:,} are left.", pointer="/size")


def film_of(video_id: str, owner_id: str, said: Mapping[str, str], size: int | None, now: float) -> Video:
    """The film that a resumable upload is to become, from what its client said of it. Raises Invalid."""
    filename = clean_filename(said["filename"]) if "filename" in said else None
    if filename is None and "title" not in said:
        raise Invalid("Give a title or a file name.", pointer="/title")
    visibility = said.get("visibility", Visibility.PRIVATE)
    if visibility not in set(Visibility):
        raise Invalid("It is private, unlisted or public.", pointer="/visibility")
    return Video(
        id=video_id,
        owner_id=owner_id,
        title=clean_title(said["title"]) if "title" in said else title_of(filename or ""),
        description=clean_description(said.get("description", "")),
        visibility=Visibility(visibility),
        filename=filename,
        size=size,
        created_at=now,
        updated_at=now,
    )
