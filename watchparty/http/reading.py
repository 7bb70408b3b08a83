"""What a request says, as values whose types hold: every field that does not is named, each in a sentence."""

import re
import types
from collections.abc import Iterator, Mapping
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from watchparty.domain.errors import Invalid, Malformed
from watchparty.http.problems import FieldError, InvalidFields

T = TypeVar("T")
Steps = tuple[str, ...]

_NAMES = {
    "str": "text",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_UNITS = {"str": "characters", "array": "entries", "object": "entries"}


def decode(data: bytes, kind: type[T]) -> T:
    """`data`, JSON, as a value of the struct `kind`. Raises Malformed, or InvalidFields naming every bad field."""
    try:
        value = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise Malformed("The body is not JSON this server can read.") from error
    if not isinstance(value, dict):
        raise Invalid("The body must be a JSON object.", pointer="")
    return convert(value, kind, strict=True)


def convert(value: Mapping[str, Any], kind: type[T], *, strict: bool) -> T:
    """`value` as a struct. Not strict: numbers may be written as text, as in a query. Raises InvalidFields."""
    try:
        return msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise InvalidFields([*_faults(value, kind, strict, ())]) from error


def _faults(value: Any, kind: Any, strict: bool, steps: Steps) -> Iterator[FieldError]:
    """msgspec stops at the first bad field; people who fill in forms want to hear of all of them."""
    try:
        msgspec.convert(value, kind, strict=strict)
    except msgspec.ValidationError as error:
        yield from [*_within(value, kind, strict, steps)] or [_fault(error, kind, steps)]


def _within(value: Any, kind: Any, strict: bool, steps: Steps) -> Iterator[FieldError]:
    for part in _parts(kind):
        if isinstance(value, Mapping) and isinstance(part, type) and issubclass(part, msgspec.Struct):
            yield from _of_struct(value, part, strict, steps)
        elif isinstance(value, list) and get_origin(part) is list:
            (inner,) = get_args(part)
            for index, item in enumerate(value):
                yield from _faults(item, inner, strict, (*steps, str(index)))


def _of_struct(
    value: Mapping[str, Any], kind: type[msgspec.Struct], strict: bool, steps: Steps
) -> Iterator[FieldError]:
    fields = {known.encode_name: known for known in msgspec.structs.fields(kind)}
    if kind.__struct_config__.forbid_unknown_fields:
        yield from (FieldError(_pointer((*steps, name)), "There is no such field.") for name in value.keys() - fields)
    for name, known in fields.items():
        if name in value:
            yield from _faults(value[name], known.type, strict, (*steps, name))
        elif known.required:
            yield FieldError(_pointer((*steps, name)), "This is required.")


def _fault(error: msgspec.ValidationError, kind: Any, steps: Steps) -> FieldError:
    what, _, path = str(error).partition(" - at `")
    further = tuple(key or index for key, index in re.findall(r"\.(\w+)|\[(\d*|\.\.\.)\]", path))
    return FieldError(_pointer((*steps, *further)), _sentence(what, kind))


def _sentence(what: str, kind: Any) -> str:
    """What msgspec says about a value, as one says it to people."""
    match re.fullmatch(r"Expected `([\w |]+)`(?: of length)?(?:, got `(\w+)`| (>=|<=|>|<) (\S+))?.*", what):
        case re.Match() as said if said[2]:
            wanted = " or ".join(_NAMES.get(name, name) for name in said[1].split(" | "))
            return f"It must be {wanted}, not {_NAMES.get(said[2], said[2])}."
        case re.Match() as said if said[3]:
            return _bound(said[3], said[4], _UNITS.get(said[1], "") if "length" in what else "")
    values = [str(value) for part in _parts(kind) if get_origin(part) is Literal for value in get_args(part)]
    if what.startswith("Invalid enum value") and values:
        return f"It must be one of {', '.join(values)}."
    return "It is not of the form that is wanted here." if "regex" in what else f"{what.replace('`', '').rstrip('.')}."


def _bound(relation: str, bound: str, unit: str) -> str:
    number = f"{float(bound):,.10g}"
    if unit:
        return f"{'At least' if relation == '>=' else 'At most'} {number} {unit}."
    words = {
        ">=": f"{number} or more",
        "<=": f"{number} or less",
        ">": f"more than {number}",
        "<": f"less than {number}",
    }
    return f"It must be {words[relation]}."


def _parts(kind: Any) -> list[Any]:
    """What a union is made of, without annotations; of anything else, itself."""
    if hasattr(kind, "__metadata__"):
        return _parts(kind.__origin__)
    if get_origin(kind) in {Union, types.UnionType}:
        return [part for each in get_args(kind) for part in _parts(each)]
    return [kind]


def _pointer(steps: Steps) -> str:
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
