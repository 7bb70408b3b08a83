"""The party socket's protocol, for those who write players: its schema, and a page that explains it.

Both are drawn once, from the classes that are spoken and from the numbers that are kept: whatever changes in the code
changes here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from aiohttp import web

from watchparty.domain import chair, conduct, conflict, waiting
from watchparty.domain.fields import Schema
from watchparty.domain.message import Message
from watchparty.domain.news import News
from watchparty.http import parties
from watchparty.http.endpoint import Access, Endpoint, Request
from watchparty.http.pages import Pages
from watchparty.http.protocol_codes import CLOSES, ERRORS, NOTICES
from watchparty.http.protocol_examples import EVENING, EXAMPLES, written
from watchparty.http.protocol_schema import ADDRESS, FROM_PLAYER, FROM_SERVER, schema
from watchparty.services import audience, live_room, pulses

# What the page tells in figures, all in the units of the code: seconds, bytes, messages.
_FIGURES: Mapping[str, float] = {
    name.lower(): value
    for module in (chair, conduct, conflict, waiting, audience, live_room, pulses, parties)
    for name, value in vars(module).items()
    if name.isupper() and isinstance(value, int | float)
}


@dataclass(frozen=True)
class FieldShown:
    name: str
    type: str
    is_optional: bool
    meaning: str


@dataclass(frozen=True)
class MessageShown:
    """`name` is what messages of this kind have in common: their type, or what an object within others is."""

    name: str
    anchor: str
    text: str
    fields: Sequence[FieldShown]
    example: str


class ProtocolRoutes:
    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._schema = schema()
        self._document = msgspec.json.encode(self._schema)

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint("GET", ADDRESS, self.show,
                     "Every message of the party socket, in both directions, as JSON Schema (2020-12).",
                     answer=Mapping[str, Any], access=Access.ANYONE),
            Endpoint("GET", "/api/docs/party", self.explain, "The documentation of the party socket.",
                     access=Access.ANYONE, raw=True, hidden=True),
        ]  # fmt: skip

    async def show(self, request: Request[None]) -> Any:
        return msgspec.Raw(self._document)

    async def explain(self, request: Request[None]) -> web.StreamResponse:
        return self._pages.draw(
            "protocol",
            request.maybe_person,
            "The party socket",
            address=ADDRESS,
            protocol=parties.PROTOCOL,
            from_player=[self._message(kind) for kind in FROM_PLAYER],
            from_server=[self._message(kind) for kind in FROM_SERVER],
            parts=[self._part(name) for name in self._part_names()],
            evening=[(isinstance(line.said, Message), written(line.said), line.why) for line in EVENING],
            errors=ERRORS,
            notices=NOTICES,
            closes=CLOSES,
            figures=_FIGURES,
        )

    def _message(self, kind: type[Message | News]) -> MessageShown:
        example = next((written(said) for said in EXAMPLES if type(said) is kind), "")
        return self._shown(kind.type, kind.__name__, example)

    def _part(self, name: str) -> MessageShown:
        return self._shown(name, name, "")

    def _part_names(self) -> list[str]:
        """What stands within messages."""
        messages = {kind.__name__ for kind in (*FROM_PLAYER, *FROM_SERVER)} | {"FromPlayer", "FromServer"}
        return sorted(name for name in self._schema["$defs"] if name not in messages)

    def _shown(self, name: str, key: str, example: str) -> MessageShown:
        part: Schema = self._schema["$defs"][key]
        required = part.get("required", ())
        fields = [
            FieldShown(field, type_in_words(known), field not in required, known.get("description", ""))
            for field, known in part.get("properties", {}).items()
            if field != "type"
        ]
        text = part.get("description", "")
        if "enum" in part:
            text = f"{text} One of {', '.join(f'`{value}`' for value in part['enum'])}."
        return MessageShown(name, key, text, fields, example)


def type_in_words(known: Schema) -> str:
    """The schema of a field, as one says it."""
    match known:
        case {"anyOf": [first, {"type": "null"}]}:
            return f"{type_in_words(first)} or null"
        case {"anyOf": [first, *_]}:
            return type_in_words(first)
        case {"$ref": reference}:
            return str(reference.rpartition("/")[2])
        case {"enum": values}:
            return " | ".join(values)
        case {"type": "array", "items": items}:
            return f"list of {type_in_words(items)}"
        case {"type": "string", "maxLength": longest}:
            return f"string of 1 to {longest:,}"
        case {"minimum": least, "maximum": most}:
            return f"{known['type']}, {least:g} to {most:g}"
        case {"minimum": least}:
            return f"{known['type']}, {least:g} or more"
        case {"type": plain}:
            return str(plain)
    return "anything"
