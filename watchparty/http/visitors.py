"""Who looks at films: people with a session and, where what is public is open to all, whoever comes by."""

from collections.abc import Callable
from typing import Any

from watchparty.domain.errors import NotSignedIn
from watchparty.domain.user import Person, anybody
from watchparty.http.endpoint import Request
from watchparty.services import origin


class Visitors:
    """`public_to_all` is asked each time, since it may change while the server runs."""

    def __init__(self, public_to_all: Callable[[], bool]) -> None:
        self._public_to_all = public_to_all

    def of(self, request: Request[Any]) -> Person:
        """Whoever asks; somebody without a session is known by their address. Raises NotSignedIn."""
        if request.maybe_person is not None:
            return request.maybe_person
        if not self._public_to_all():
            raise NotSignedIn("Sign in first.")
        asked = origin.current()
        return anybody(asked.address if asked and asked.address else "")
