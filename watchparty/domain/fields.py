"""The kinds of fields a message may have, and how they are read from somebody one does not trust.

A dataclass says what its fields are: `seen: Annotated[int, Count("bad_seen")]`. A plain str, int, float, bool or
StrEnum is a Word, a Count, a Number, a Flag or a Choice. A field that has a default or may be None is optional: left
out, or null, it is that. Each kind knows its JSON Schema, so that what is published is what is read.
"""

import dataclasses
import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol, get_args, get_type_hints

from watchparty.domain.emoji import PATTERN, is_emoji
from watchparty.domain.text import printable

BAD_MESSAGE = "bad_message"
Schema = dict[str, Any]
# For an `op` the fields it cannot do without: any one of these groups, whole. A class says so in its `needs`.
Needs = Mapping[str, tuple[tuple[str, ...], ...]]

# Characters, as regular expressions of Python and of ECMA-262 alike: those that control or change the direction of
# writing, and with them those that end lines. Half a surrogate pair is not text at all, which no schema needs to say.
_CONTROLS = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
_CONTROLS_AND_LINES = rf"{_CONTROLS}\u0009\u000a\u000d\u2028\u2029"
_HALVES = r"\ud800-\udfff"
_VISIBLE = r"[^\s\ufeff]"


class BadMessage(Exception):
    """A message that cannot be taken; `code` is for programs, `detail` for people."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class Kind(Protocol):
    """What may stand in a field."""

    @property
    def schema(self) -> Schema:
        """What is taken, as JSON Schema."""

    def read(self, value: Any, name: str) -> Any:
        """The value of the field `name`. Raises BadMessage."""


@dataclass(frozen=True)
class Number:
    """A finite number, from `least` to `most`."""

    least: float | None = None
    most: float | None = None
    code: str = BAD_MESSAGE

    @property
    def schema(self) -> Schema:
        bounds = {"minimum": self.least, "maximum": self.most}
        return {"type": "number"} | {word: bound for word, bound in bounds.items() if bound is not None}

    def read(self, value: Any, name: str) -> float:
        number = _finite(value)
        if number is None:
            raise BadMessage(self.code, f"{name} must be a finite number.")
        if self.least is not None and number < self.least:
            raise BadMessage(self.code, f"{name} must be {self.least:g} or more.")
        if self.most is not None and number > self.most:
            raise BadMessage(self.code, f"{name} must be {self.most:g} or less.")
        return number


@dataclass(frozen=True)
class Guess:
    """A finite number if there is one; whatever else stands there is as good as nothing."""

    @property
    def schema(self) -> Schema:
        return {"anyOf": [{"type": "number"}, {"description": "Anything else is as good as nothing."}]}

    def read(self, value: Any, name: str) -> float | None:
        return _finite(value)


@dataclass(frozen=True)
class Count:
    """A whole number, zero or more."""

    code: str = BAD_MESSAGE

    @property
    def schema(self) -> Schema:
        return {"type": "integer", "minimum": 0}

    def read(self, value: Any, name: str) -> int:
        if isinstance(value, float) and value.is_integer():
            value = int(value)  # JSON has one kind of number: 3.0 is 3
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise BadMessage(self.code, f"{name} must be a whole number, zero or more.")
        return value


@dataclass(frozen=True)
class Flag:
    """True or false."""

    @property
    def schema(self) -> Schema:
        return {"type": "boolean"}

    def read(self, value: Any, name: str) -> bool:
        if not isinstance(value, bool):
            raise BadMessage(BAD_MESSAGE, f"{name} must be true or false.")
        return value


@dataclass(frozen=True)
class Word:
    """An id or another short string on one line."""

    longest: int = 64

    @property
    def schema(self) -> Schema:
        pattern = f"[{_CONTROLS_AND_LINES}]"
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "not": {"pattern": pattern}}

    def read(self, value: Any, name: str) -> str:
        word = _string(value, name)
        if not 0 < len(word) <= self.longest or re.search(f"[{_CONTROLS_AND_LINES}{_HALVES}]", word):
            raise BadMessage(BAD_MESSAGE, f"{name} must be 1 to {self.longest} printable characters.")
        return word


@dataclass(frozen=True)
class Prose:
    """Text for people to read, lines allowed. It is taken in NFC and without surrounding space."""

    longest: int

    @property
    def schema(self) -> Schema:
        pattern = {"pattern": _VISIBLE, "not": {"pattern": f"[{_CONTROLS}]"}}
        return {"type": "string", "minLength": 1, "maxLength": self.longest, **pattern}

    def read(self, value: Any, name: str) -> str:
        text = _string(value, name)
        if len(text) > self.longest:
            raise BadMessage("too_long", f"{name} must be at most {self.longest:,} characters.")
        if not re.search(_VISIBLE, text) or re.search(f"[{_CONTROLS}{_HALVES}]", text):
            raise BadMessage("bad_text", f"{name} must have something to read, and no control characters.")
        # A character may become up to three in NFC; that is nothing its writer can see.
        return printable(text, f"/{name}", longest=3 * self.longest, lines=True)


@dataclass(frozen=True)
class Emoji:
    """One emoji, which may be several joined."""

    longest: int

    @property
    def schema(self) -> Schema:
        return {"type": "string", "minLength": 1, "maxLength": self.longest, "pattern": PATTERN}

    def read(self, value: Any, name: str) -> str:
        emoji = _string(value, name)
        if len(emoji) > self.longest or not is_emoji(emoji):
            raise BadMessage("bad_emoji", "A reaction is one emoji.")
        return emoji


@dataclass(frozen=True)
class Choice:
    """One of the members of an enumeration."""

    among: type[StrEnum]

    @property
    def schema(self) -> Schema:
        return {"enum": [member.value for member in self.among]}

    def read(self, value: Any, name: str) -> StrEnum:
        try:
            return self.among(_string(value, name))
        except ValueError as error:
            raise BadMessage(BAD_MESSAGE, f"{name} must be one of {', '.join(self.among)}.") from error


@dataclass(frozen=True)
class Field:
    """One field of a message; what an optional one is when it is left out stands in `default`."""

    name: str
    kind: Kind
    is_optional: bool
    default: Any

    @property
    def schema(self) -> Schema:
        kind = self.kind.schema
        return {"anyOf": [kind, {"type": "null"}]} if self.is_optional and not isinstance(self.kind, Guess) else kind

    def read(self, values: dict[str, Any]) -> Any:
        """What `values` have under this name. Raises BadMessage."""
        value = values.get(self.name)
        if value is not None:
            return self.kind.read(value, self.name)
        if not self.is_optional:
            raise BadMessage(BAD_MESSAGE, f"{self.name} is missing.")
        return self.default


def fields_of(message: type) -> tuple[Field, ...]:
    """The fields that a dataclass declares."""
    hints = get_type_hints(message, include_extras=True)
    return tuple(_field(field, hints[field.name]) for field in dataclasses.fields(message))


def check_needs(message: type, values: dict[str, Any]) -> None:
    """Raises BadMessage when the op of a message lacks what it cannot do without."""
    groups = _needs(message).get(str(values.get("op")))
    if groups and not any(all(values.get(name) is not None for name in group) for group in groups):
        wanted = ", or ".join(" and ".join(group) for group in groups)
        raise BadMessage(BAD_MESSAGE, f"This op needs {wanted}.")


def needs_schema(message: type) -> list[Schema]:
    """The same as JSON Schema, to be met by a message beside all else."""
    there = {"not": {"type": "null"}}
    return [
        {
            "if": {"properties": {"op": {"const": op}}, "required": ["op"]},
            "then": {
                "anyOf": [{"required": list(group), "properties": dict.fromkeys(group, there)} for group in groups]
            },
        }
        for op, groups in _needs(message).items()
    ]


def _needs(message: type) -> Needs:
    needs: Needs = getattr(message, "needs", {})
    return needs


def read_object(text: str) -> dict[str, Any]:
    """The values of a message. Raises BadMessage."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadMessage("bad_json", "This is not JSON.") from error
    if not isinstance(values, dict):
        raise BadMessage(BAD_MESSAGE, "A message is a JSON object.")
    return values


def _field(field: "dataclasses.Field[Any]", hint: Any) -> Field:
    has_default = field.default is not dataclasses.MISSING
    may_be_none = type(None) in _parts(hint)
    return Field(field.name, _kind(hint), has_default or may_be_none, field.default if has_default else None)


def _kind(hint: Any) -> Kind:
    """What an annotation asks for: the kind it names, or the usual one of its type."""
    for named in getattr(hint, "__metadata__", ()):
        if isinstance(named, _KINDS):
            return named
    (plain,) = (part for part in _parts(hint) if part is not type(None))
    if get_args(plain) or hasattr(plain, "__metadata__"):
        return _kind(plain)
    return Choice(plain) if issubclass(plain, StrEnum) else _USUAL[plain]


def _parts(hint: Any) -> tuple[Any, ...]:
    """What a union, annotated or not, is made of; of anything else, itself."""
    if hasattr(hint, "__metadata__"):
        return _parts(hint.__origin__)
    return get_args(hint) or (hint,)


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _string(value: Any, name: str) -> str:
    if not isinstance(value, str):
        raise BadMessage(BAD_MESSAGE, f"{name} must be a string.")
    return value


_KINDS = (Number, Guess, Count, Flag, Word, Prose, Emoji, Choice)
_USUAL: dict[type, Kind] = {str: Word(), int: Count(), float: Number(), bool: Flag()}
