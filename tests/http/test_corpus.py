"""Names that have broken servers, at every address and in every field there is: openapi.json says which."""

import json
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from yarl import URL

from tests.films import Films
from tests.http.test_schemathesis import LEFT_OUT, things_at
from tests.http.world import World, opened_world

SECRET = b"this is outside and must stay there"
# Already as they travel in an address.
IN_PATHS = (
    "..%2F..%2Fsecret.key",
    "%2e%2e%2fsecret.key",
    "..%5c..%5csecret.key",
    "....%2F%2F....%2F%2Fsecret.key",
    "%252e%252e%252fsecret.key",
    "%2Fetc%2Fpasswd",
    "C:%5CWindows%5Cwin.ini",
    "C%3A",
    "file.mp4%3A%3A$DATA",
    "%00",
    "secret.key%00.mp4",
    "%0d%0aSet-Cookie:%20a=b",
    "%c0%ae%c0%ae%c0%af",
    "%ff%fe",
    "%ed%a0%80",
    "%e2%80%ae4pm.exe",
    "%F0%9F%98%80",
    "CON",
    "nul.txt",
    "~root",
    "%7B%7B7*7%7D%7D",
    "%27%20OR%201=1--",
    "*",
    "a" * 2000,
)
IN_FIELDS = (
    "../../secret.key",
    "..\\..\\secret.key",
    "/etc/passwd",
    "C:\\Windows\\win.ini",
    "file.mp4::$DATA",
    "nul\x00.mp4",
    "a\r\nSet-Cookie: a=b",
    "\u202e4pm.exe",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "e\u0301",
    "\ufeff",
    "%00",
    "CON",
    "' OR 1=1--",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "x" * 6000,
    "",
    " ",
    "\ud800",
)


@pytest.fixture
async def world(tmp_path: Path, films: Films, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "secret.key").write_bytes(SECRET)
    async with opened_world(tmp_path / "data", films.h264, monkeypatch) as world:
        yield world


async def test_no_name_in_an_address_leads_anywhere(world: World) -> None:
    document = await world.people["nobody"].get("/api/v1/openapi.json")
    wrong = []
    for method, path, operation in operations(document):
        if method == "OPTIONS":
            continue  # says the same of every address
        for name in re.findall(r"\{(\w+)\}", path):
            for word in IN_PATHS:
                status, body = await _call(
                    world, method, _filled(world, path) | {name: word}, path, _example(operation)
                )
                is_refused = 400 <= status < 500 or b'"valid":false' in body
                if not is_refused or SECRET in body:
                    wrong.append(f"{method} {path} with {name}={word[:60]}: {status} {body[:200]!r}")
    assert not wrong, "\n".join(wrong)


async def test_what_is_written_into_a_field_is_kept_as_it_is_or_refused(world: World) -> None:
    document = await world.people["nobody"].get("/api/v1/openapi.json")
    wrong = []
    for method, path, operation in operations(document):
        for steps in _texts(operation, document):
            for word in IN_FIELDS:
                body = _with(_example(operation), steps, word)
                status, answer = await _call(world, method, _filled(world, path), path, body)
                if status >= 500 or not _is_kept(status, answer, steps, word):
                    wrong.append(f"{method} {path} with {steps}={word[:60]!r}: {status} {answer[:200]!r}")
    assert not wrong, "\n".join(wrong)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    """Deletions come last: until then everything is there."""
    found = [(m.upper(), path, one) for path, item in document["paths"].items() for m, one in item.items()]
    yield from sorted(
        (one for one in found if one[2]["operationId"] not in LEFT_OUT), key=lambda one: one[0] == "DELETE"
    )


def _filled(world: World, path: str) -> dict[str, str]:
    names = re.findall(r"\{(\w+)\}", path)
    return {name: world.things["nothing"] for name in names} | things_at(world, path, names)


def _example(operation: Any) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    return content.get("application/json", {}).get("example")


def _texts(operation: Any, document: Any) -> Iterator[tuple[str, ...]]:
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        yield from _within(content["application/json"]["schema"], document, ())


def _within(schema: Any, document: Any, steps: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Where text stands in what this schema takes; "0" is the first of a list."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for option in schema.get("anyOf", ()):
        yield from _within(option, document, steps)
    if schema.get("type") == "string":
        yield steps
    if schema.get("type") == "array":
        yield from _within(schema.get("items", {}), document, (*steps, "0"))
    for name, inner in schema.get("properties", {}).items():
        yield from _within(inner, document, (*steps, name))


def _with(value: Any, steps: tuple[str, ...], word: str) -> Any:
    if not steps:
        return word
    if steps[0] == "0":
        return [_with(None, steps[1:], word)]
    inner = value if isinstance(value, dict) else {}
    return inner | {steps[0]: _with(inner.get(steps[0]), steps[1:], word)}


def _is_kept(status: int, answer: bytes, steps: tuple[str, ...], word: str) -> bool:
    if not 200 <= status < 300 or not answer or len(steps) != 1:
        return True
    kept = json.loads(answer).get(steps[0])
    return not isinstance(kept, str) or not word.strip() or kept in (word, unicodedata.normalize("NFC", word).strip())


async def _call(world: World, method: str, filled: dict[str, str], path: str, body: Any) -> tuple[int, bytes]:
    who = world.people["host" if "/rooms" in path else "owner"]
    there = path.format(**{name: word if "%" in word else quote(word, safe="*=-") for name, word in filled.items()})
    data = None if body is None else json.dumps(body).encode()
    headers = who.headers() | ({} if data is None else {"Content-Type": "application/json"})
    url = URL(world.url + there, encoded=True)
    async with who.session.request(method, url, data=data, headers=headers, allow_redirects=False) as answer:
        return answer.status, b"" if answer.content_type == "text/event-stream" else await answer.read()
