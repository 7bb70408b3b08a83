"""What comes out of a party when something goes in: whom to tell what, and what to write down."""

from dataclasses import dataclass

from watchparty.domain.timeline import Timeline


@dataclass(frozen=True)
class Changed:
    """Tell every seat the timeline, whole, with the members the room is waiting for."""

    timeline: Timeline
    starting: bool
    waiting_for: tuple[str, ...]


@dataclass(frozen=True)
class Preparing:
    """Have every seat stand on `position` and say when it is ready for `revision`."""

    revision: int
    position: float


@dataclass(frozen=True)
class Refused:
    """Tell one seat that its command was not taken, and how things stand."""

    seat: str
    code: str
    detail: str


@dataclass(frozen=True)
class Noticed:
    """Tell every seat something worth knowing."""

    code: str
    text: str


@dataclass(frozen=True)
class Logged:
    """Write down who did what, and where: `position` in seconds of the film, None where it does not matter.

    `from_position` is where a jump began, `target_id` the member something was done to, `detail` a word or a few on it.
    """

    kind: str
    member_id: str | None
    position: float | None
    from_position: float | None = None
    target_id: str | None = None
    detail: str | None = None


@dataclass(frozen=True)
class PresenceChanged:
    """Somebody's state, role or name is not what the others were last told."""


Event = Changed | Preparing | Refused | Noticed | Logged | PresenceChanged
