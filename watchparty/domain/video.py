"""A film in the library."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from watchparty.domain.errors import Invalid
from watchparty.domain.search import Sought
from watchparty.domain.text import printable

MOST_TAGS = 30
# A separator of any system, or a drive.
_PATH = re.compile(r"[/\\]|^[A-Za-z]:")


class Status(StrEnum):
    """`ready` means watchable now, at any position; `failed` always carries a reason."""

    PENDING = "pending"
    UPLOADED = "uploaded"
    PROCESSING = "processing"
    READY = "ready"
    FAILED = "failed"
    MISSING = "missing"


class Visibility(StrEnum):
    PRIVATE = "private"
    UNLISTED = "unlisted"
    PUBLIC = "public"


class Sort(StrEnum):
    """In which order films are listed; `relevance` is for those that were searched for."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TITLE = "title"
    VIEWS = "views"
    LIKES = "likes"
    RELEVANCE = "relevance"


@dataclass(frozen=True)
class Video:
    """Metadata and whereabouts of one film. Sizes in bytes and pixels, durations in seconds, times in Unix seconds.

    The original is either an object of ours (`object_key`) or a file in the watched folder (`library_path`).
    """

    id: str
    owner_id: str
    title: str
    created_at: float
    updated_at: float
    description: str = ""
    tags: tuple[str, ...] = ()
    visibility: Visibility = Visibility.PRIVATE
    status: Status = Status.PENDING
    reason: str | None = None
    filename: str | None = None
    size: int | None = None
    mime_type: str | None = None
    object_key: str | None = None
    library_path: str | None = None
    duration: float | None = None
    width: int | None = None
    height: int | None = None
    poster_key: str | None = None
    storyboard_key: str | None = None
    keep_ready: bool = False
    """Whether every segment is made beforehand and stays."""
    views: int = 0
    likes: int = 0
    dislikes: int = 0
    comments: int = 0

    def described(
        self,
        *,
        now: float,
        title: str | None = None,
        description: str | None = None,
        tags: list[str] | None = None,
        visibility: Visibility | None = None,
    ) -> "Video":
        """The same film with other words about it; what is None stays. Raises Invalid."""
        return replace(
            self,
            title=self.title if title is None else clean_title(title),
            description=self.description if description is None else clean_description(description),
            tags=self.tags if tags is None else clean_tags(tags),
            visibility=self.visibility if visibility is None else visibility,
            updated_at=now,
        )

    def tagged(self, add: Sequence[str], remove: Sequence[str], *, now: float) -> "Video":
        """The same film with these tags more and those fewer, whatever their case. Raises Invalid for too many."""
        unwanted = {tag.casefold() for tag in remove}
        kept = [tag for tag in self.tags if tag.casefold() not in unwanted]
        known = {tag.casefold() for tag in kept}
        tags = (*kept, *(tag for tag in dict.fromkeys(add) if tag.casefold() not in known))
        if len(tags) > MOST_TAGS:
            raise Invalid(f"“{self.title}” would have more than {MOST_TAGS} tags.", pointer="/add_tags")
        return self if tags == self.tags else replace(self, tags=tags, updated_at=now)


@dataclass(frozen=True)
class Wanted:
    """Which films to list. `viewer_id` sees their own and everybody's public ones; None sees all.

    `after` is where the page before ended: the sort key and id of its last film.
    """

    viewer_id: str | None
    sought: Sought | None
    status: str | None
    visibility: str | None
    owner_id: str | None
    tag: str | None
    limit: int
    after: tuple[float | str, str] | None = None


def clean_title(title: str) -> str:
    return printable(title, "/title", shortest=1, longest=200)


def clean_description(description: str) -> str:
    return printable(description, "/description", longest=5_000, lines=True)


def clean_tags(tags: list[str], pointer: str = "/tags") -> tuple[str, ...]:
    """At most 30 tags of at most 50 characters, each once, in the order given. Raises Invalid."""
    if len(tags) > MOST_TAGS:
        raise Invalid(f"At most {MOST_TAGS} tags.", pointer=pointer)
    clean = (printable(tag, f"{pointer}/{i}", shortest=1, longest=50) for i, tag in enumerate(tags))
    return tuple(dict.fromkeys(clean))


def clean_filename(filename: str) -> str:
    """A file's name as a person would read it. Raises Invalid when it is a path: we never go where a name points."""
    name = printable(filename, "/filename", shortest=1, longest=255)
    if name in {".", ".."} or _PATH.search(name):
        raise Invalid("It must be the name of a file, not a path.", pointer="/filename")
    return name


def title_of(filename: str) -> str:
    """What to call a film nobody has named: its file's name without the extension."""
    return (filename.rpartition(".")[0].strip() or filename)[:200]
