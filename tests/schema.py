"""The published schema of the party socket, as tests hold frames against it."""

from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator

from watchparty.http.protocol_schema import schema

SCHEMA = schema()


def may_be_said(words: dict[str, Any]) -> bool:
    """Whether the schema lets a player say this."""
    return bool(_of(_SAID, words).is_valid(words))


def check_told(words: dict[str, Any]) -> None:
    """Fails, saying where, unless the schema has the server say this."""
    _of(_TOLD, words).validate(words)


def _validators(direction: str) -> dict[Any, Validator]:
    """One for each type, which is quicker and says better what is wrong than one for all, kept for the rest."""
    found = {None: _validator({"$ref": f"#/$defs/{direction}"})}
    for one in SCHEMA["$defs"][direction]["oneOf"]:
        part = SCHEMA["$defs"][one["$ref"].rpartition("/")[2]]
        found[part["properties"]["type"]["const"]] = _validator(one)
    return found


def _validator(wanted: Any) -> Validator:
    return Draft202012Validator({**wanted, "$defs": SCHEMA["$defs"]})


def _of(validators: dict[Any, Validator], words: dict[str, Any]) -> Validator:
    kind = words.get("type")
    return validators.get(kind if isinstance(kind, str) else None, validators[None])


_SAID, _TOLD = _validators("FromPlayer"), _validators("FromServer")
