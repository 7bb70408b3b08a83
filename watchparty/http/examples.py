"""Examples of bodies, drawn from their schemas: what the documentation offers to send."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
# What usually stands in fields of these names.
_USUAL = {
    "username": "ada",
    "password": "correct horse battery",
    "current_password": "correct horse battery",
    "new_password": "an even better horse",
    "display_name": "Ada",
    "email": "ada@example.org",
    "title": "A film",
    "name": "Friday",
    "filename": "film.mkv",
    "kind": "extract-audio",
    "format": "m4a",
    "container": "mp4",
    "files": ["master.m3u8"],
    "height": 720,
    "pin": "123456",
    "url": "https://example.org/hook",
}
# Optional ones that an example shows all the same: what people would write first.
_FIRST = {"title", "name", "text"}


def example_of(schema: Schema, components: Mapping[str, Schema], name: str = "") -> Any:
    """A value that the schema takes: of objects what they require, and what people would write first."""
    if "$ref" in schema:
        return example_of(components[schema["$ref"].rpartition("/")[2]], components, name)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], components, name)
    if "enum" in schema:
        return schema["enum"][0]
    if name in _USUAL:
        return _USUAL[name]
    match schema.get("type"):
        case "object":
            return _object(schema, components)
        case "array":
            return [example_of(schema.get("items", {}), components, name)] if schema.get("minItems") else []
        case "integer" | "number":
            return schema.get("minimum", 0)
        case "boolean":
            return False
        case "string":
            return "text"
    return None


def _object(schema: Schema, components: Mapping[str, Schema]) -> Any:
    known = schema.get("properties", {})
    shown = [name for name in known if name in schema.get("required", ()) or name in _FIRST]
    return {name: example_of(known[name], components, name) for name in shown}
