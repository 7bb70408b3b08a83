"""Reading the fields of a message from somebody one does not trust: strict types, finite numbers, bounded lengths."""

import json
import math
from enum import StrEnum
from typing import Any, TypeVar

from watchparty.domain.errors import Invalid
from watchparty.domain.text import printable

Choice = TypeVar("Choice", bound=StrEnum)


class BadMessage(Exception):
    """A message that cannot be taken; `code` is for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Fields:
    """The fields of one message. Every reader raises BadMessage; fields nobody asks for are ignored."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    @classmethod
    def of(cls, text: str) -> "Fields":
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BadMessage("bad_json", "This is not JSON.") from error
        if not isinstance(values, dict):
            raise BadMessage("bad_message", "A message is a JSON object.")
        return cls(values)

    def has(self, name: str) -> bool:
        return self._values.get(name) is not None

    def number(self, name: str, code: str = "bad_message") -> float:
        """A finite number."""
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadMessage(code, f"{name} must be a number.")
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            raise BadMessage(code, f"{name} must be a finite number.")
        return number

    def any_number(self, name: str) -> float | None:
        """A finite number, or None for whatever else stands there."""
        try:
            return self.number(name)
        except BadMessage:
            return None

    def count(self, name: str, code: str = "bad_message") -> int:
        """A whole number, zero or more."""
        value = self._required(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise BadMessage(code, f"{name} must be a whole number, zero or more.")
        return value

    def flag(self, name: str) -> bool:
        value = self._required(name)
        if not isinstance(value, bool):
            raise BadMessage("bad_message", f"{name} must be true or false.")
        return value

    def word(self, name: str, longest: int = 64) -> str:
        """An id or another short string of printable characters."""
        value = self._string(name)
        if not 0 < len(value) <= longest or not value.isprintable():
            raise BadMessage("bad_message", f"{name} must be 1 to {longest} printable characters.")
        return value

    def prose(self, name: str, longest: int) -> str:
        """Text for people to read, in NFC, lines allowed."""
        try:
            return printable(self._string(name), f"/{name}", shortest=1, longest=longest, lines=True)
        except Invalid as error:
            code = "too_long" if len(self._string(name)) > longest else "bad_text"
            raise BadMessage(code, error.detail) from error

    def one_of(self, name: str, choices: type[Choice]) -> Choice:
        """A member of the enumeration `choices`."""
        try:
            return choices(self._string(name))
        except ValueError as error:
            raise BadMessage("bad_message", f"{name} must be one of {', '.join(choices)}.") from error

    def _string(self, name: str) -> str:
        value = self._required(name)
        if not isinstance(value, str):
            raise BadMessage("bad_message", f"{name} must be a string.")
        return value

    def _required(self, name: str) -> Any:
        value = self._values.get(name)
        if value is None:
            raise BadMessage("bad_message", f"{name} is missing.")
        return value
