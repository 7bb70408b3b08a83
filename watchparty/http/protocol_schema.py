"""The party socket's messages as JSON Schema (2020-12), made from the dataclasses that are spoken."""

import inspect
import re
from typing import Any, get_args

import msgspec

from watchparty.domain import message, news
from watchparty.domain.fields import Schema, fields_of, needs_schema
from watchparty.domain.message import Message
from watchparty.domain.news import News

ADDRESS = "/api/v1/party-schema.json"
FROM_PLAYER: tuple[type[Message], ...] = get_args(Message)
FROM_SERVER: tuple[type[News], ...] = get_args(News)

_REFERENCE = "#/$defs/{name}"


def schema() -> Schema:
    """Every message of both directions under `$defs`; `FromPlayer` and `FromServer` are those of one.

    An object may have more fields than are named, so that old and new can speak with each other.
    """
    said = {kind.__name__: _from_player(kind) for kind in FROM_PLAYER}
    _, told = msgspec.json.schema_components(FROM_SERVER, ref_template=_REFERENCE)
    for kind in FROM_SERVER:
        told[kind.__name__] = _from_server(kind, told[kind.__name__])
    for part in said.values():
        _explain(part, message)
    for part in told.values():
        _explain(part, news)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ADDRESS,
        "title": "WatchParty: the party socket, watchparty.v1",
        "description": "Each text frame is one object. Which types there are for whom: FromPlayer and FromServer.",
        "anyOf": [{"$ref": "#/$defs/FromPlayer"}, {"$ref": "#/$defs/FromServer"}],
        "$defs": {
            "FromPlayer": _one_of(FROM_PLAYER, "What a player says."),
            "FromServer": _one_of(FROM_SERVER, "What the server says."),
            **said,
            **told,
        },
    }


def meaning(name: str, own: str, shared: str) -> str:
    """What the docstring of a class, or that of its module, says about a field; empty when neither names it.

    The sentences that begin with the field come first, as `a` in "`a` and `b` are...", then those that mention it.
    """
    begins = re.compile(rf"(`\w+`(, | and ))*`{name}`")
    for finds in (begins.match, re.compile(f"`{name}`").search):
        for text in (own, shared):
            sentences = re.split(r"(?<=[.:])\s+(?=[A-Z`])", " ".join(text.split()))
            if found := [sentence for sentence in sentences if finds(sentence)]:
                return " ".join(found)
    return ""


def _from_player(kind: type[Message]) -> Schema:
    fields, needs = fields_of(kind), needs_schema(kind)
    return {
        "title": kind.__name__,
        "description": kind.__doc__ or "",
        "type": "object",
        "properties": {"type": {"const": kind.type}, **{field.name: field.schema for field in fields}},
        "required": [field.name for field in fields if not field.is_optional],
        **({"allOf": needs} if needs else {}),
    }


def _from_server(kind: type[News], part: Schema) -> Schema:
    """All there is is said, even where it has a default; what may be nothing may be left out."""
    properties = part["properties"]
    required = [name for name, known in properties.items() if known.get("default", ...) is not None]
    properties = {
        name: {word: known[word] for word in known if word != "default"} for name, known in properties.items()
    }
    return {**part, "properties": {"type": {"const": kind.type}, **properties}, "required": required}


def _explain(part: Schema, module: Any) -> None:
    """Give an object's schema and each of its fields the words of the docstrings."""
    own = inspect.cleandoc(part.get("description", ""))
    if own:
        part["description"] = own
    for name, known in part.get("properties", {}).items():
        if name != "type" and (told := meaning(name, own, module.__doc__ or "")):
            known["description"] = told


def _one_of(kinds: tuple[Any, ...], description: str) -> Schema:
    # The type is asked for here: a timeline or a chat line within a welcome is told without.
    references = [{"$ref": _REFERENCE.format(name=kind.__name__), "required": ["type"]} for kind in kinds]
    return {"description": description, "oneOf": references}
