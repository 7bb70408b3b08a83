"""What can go wrong with a request, each as a sentence for the person who made it."""


class Problem(Exception):
    """A request that cannot be carried out; `detail` is shown to whoever asked.

    `pointer` names the offending field as a JSON pointer (RFC 6901), where there is one; `type` tells programs the kind
    of problem (RFC 9457, section 3.1.1), where the status alone does not.
    """

    type = "about:blank"

    def __init__(self, detail: str, *, pointer: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.pointer = pointer


class Malformed(Problem):
    """The request cannot be read at all."""


class NotSignedIn(Problem):
    """Nobody, or nobody any more, stands behind the request."""


class TotpRequired(NotSignedIn):
    """The password was right; a code is needed besides."""

    type = "urn:watchparty:problem:totp_required"


class NotAllowed(Problem):
    """The person is known, and may not."""


class NotFound(Problem):
    """There is no such thing, or none this person may know of."""


class Conflict(Problem):
    """The thing exists already, or is not in a state that allows this."""


class LengthRequired(Problem):
    """The size of the body must be known beforehand."""


class Locked(Problem):
    """Somebody else is in the middle of it, and cannot let go at once."""


class ChecksumMismatch(Problem):
    """Bytes that do not add up to what was said of them."""


class Stale(Problem):
    """The thing has changed since the caller last saw it."""


class TooLarge(Problem):
    """More bytes than are accepted."""


class WrongMediaType(Problem):
    """Bytes of a kind that cannot be played or read."""


class Invalid(Problem):
    """Well-formed, but a value is not acceptable."""


class StorageFull(Problem):
    """The disk has no room left."""


class TooMany(Problem):
    """Too many requests; worth trying again after `retry_after` seconds."""

    def __init__(self, detail: str, *, retry_after: float) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Busy(TooMany):
    """The server cannot do this at the moment."""
