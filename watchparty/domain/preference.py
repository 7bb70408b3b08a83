"""Settings that may change while the server runs, and what each may be."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from watchparty.domain.errors import Invalid

REGISTRATIONS = ("open", "invitation", "closed")
# Bytes: a cell of a film fits ten times over, and no number is so large that adding two of them is odd.
LEAST_CACHE, MOST_BYTES = 64 << 20, 1 << 50


@dataclass(frozen=True)
class Preferred:
    """Sizes are in bytes. `registration` says who may make an account: everybody, the invited, nobody.

    `quota` is the most that one person's films may take, 0 for no bound; `max_upload` the most that one film may.
    `public_to_all`: whether public films may be seen without an account. `segment_cache` is the most that made segments
    take, `keep_free` what they leave of the disk; `background`: whether films are encoded before anybody watches them.
    """

    registration: str
    quota: int
    max_upload: int
    public_to_all: bool
    segment_cache: int
    keep_free: int
    background: bool

    def with_changes(self, changes: Mapping[str, Any]) -> "Preferred":
        """These, with some of them changed. Raises Invalid, naming the one that cannot be so."""
        for name, value in changes.items():
            _check(name, value)
        return replace(self, **changes)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


NAMES = tuple(field.name for field in fields(Preferred))
_LEAST = {"quota": 0, "max_upload": 1, "segment_cache": LEAST_CACHE, "keep_free": 0}


def _check(name: str, value: Any) -> None:
    if name not in NAMES:
        raise Invalid("There is no such setting.", pointer=f"/{name}")
    if name == "registration":
        if value not in REGISTRATIONS:
            raise Invalid(f"One of {', '.join(REGISTRATIONS)}.", pointer=f"/{name}")
    elif name in _LEAST:
        if isinstance(value, bool) or not isinstance(value, int) or not _LEAST[name] <= value <= MOST_BYTES:
            raise Invalid(f"A whole number of bytes, {_LEAST[name]:,} to {MOST_BYTES:,}.", pointer=f"/{name}")
    elif not isinstance(value, bool):
        raise Invalid("True or false.", pointer=f"/{name}")
