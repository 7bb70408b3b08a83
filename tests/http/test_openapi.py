"""openapi.json, held to its standard, and to what programs make of it."""

import asyncio
import importlib
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import validate

from tests.client import PASSWORD, Client

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture
async def document(nobody: Client) -> Any:
    return await nobody.get("/api/v1/openapi.json")


async def test_it_is_openapi_3_1_and_every_reference_leads_somewhere(document: Any) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1")
    for reference in set(re.findall(r"'#/(.*?)'", str(document))):
        there = document
        for step in reference.split("/"):
            there = there[step]


async def test_operations_have_names_of_their_own_that_a_method_can_bear(document: Any) -> None:
    names = Counter(operation["operationId"] for operation in _operations(document))
    assert {name: count for name, count in names.items() if count > 1} == {}
    assert all(name.isidentifier() and name.islower() for name in names)


async def test_every_operation_says_who_may_and_what_may_go_wrong(document: Any) -> None:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            statuses = set(operation["responses"])
            assert {"400", "401", "403", "429", "503"} <= statuses, (method, path)
            assert operation["security"], (method, path)
            assert "default" not in statuses
            named = {parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "path"}
            assert named == set(re.findall(r"\{(\w+)\}", path))
            if "requestBody" in operation:
                assert {"415", "413", "422"} <= statuses, (method, path)


async def test_bodies_come_with_an_example_that_names_what_is_required(document: Any) -> None:
    body = document["paths"]["/api/v1/auth/login"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["example"]) == {"username", "password"}


async def test_what_an_address_gives_in_several_forms_is_described_in_each(document: Any) -> None:
    events = document["paths"]["/api/v1/rooms/{id}/sessions/{session_id}/events"]["get"]
    content = events["responses"]["200"]["content"]
    assert set(content) == {"text/csv", "application/json"}
    names = {option["$ref"].rpartition("/")[2] for option in content["application/json"]["schema"]["anyOf"]}
    assert names == {"EventList", "SessionFile"}


async def test_types_of_one_name_do_not_hide_each_other(document: Any) -> None:
    paths = document["paths"]
    signed_in = paths["/api/v1/auth/login"]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = document["components"]["schemas"][signed_in["$ref"].rpartition("/")[2]]
    assert "access_token" in schema["properties"]


async def test_a_generated_client_signs_in_creates_lists_and_gets(tmp_path: Path, admin: Client) -> None:
    (tmp_path / "openapi.json").write_bytes(
        await (await admin.session.get(admin.absolute("/api/v1/openapi.json"))).read()
    )
    await asyncio.to_thread(_generate, tmp_path)
    sys.path.insert(0, str(tmp_path))
    try:
        room = await asyncio.to_thread(_use, admin.url)
    finally:
        sys.path.remove(str(tmp_path))
    assert room.name == "Friday"
    assert (await admin.get(f"/api/v1/rooms/{room.id}"))["name"] == "Friday"


def _operations(document: Any) -> list[Any]:
    return [item[method] for item in document["paths"].values() for method in METHODS & item.keys()]


def _generate(folder: Path) -> None:
    program = "from openapi_python_client.cli import app; app()"
    command = [sys.executable, "-c", program, "generate", "--path", str(folder / "openapi.json"), "--meta", "none"]
    subprocess.run([*command, "--output-path", str(folder / "generated")], check=True, capture_output=True)


def _use(url: str) -> Any:
    """What somebody writes who has nothing but the generated client."""
    client = importlib.import_module("generated.client")
    models = importlib.import_module("generated.models")

    def call(name: str, client: Any, *arguments: Any, **named: Any) -> Any:
        return importlib.import_module(f"generated.api.{name}").sync(*arguments, client=client, **named)

    with client.Client(base_url=url) as nobody:
        session = call("auth.user_login", nobody, body=models.Login(username="ada", password=PASSWORD))
    with client.AuthenticatedClient(base_url=url, token=session.access_token) as ada:
        made = call("rooms.room_create", ada, body=models.NewRoom(name="Friday"))
        assert [room.id for room in call("rooms.room_page", ada).items] == [made.id]
        refused = call("rooms.room_create", ada, body=models.NewRoom(name=""))
        assert (refused.status, refused.errors[0].pointer) == (422, "/name")
        return call("rooms.room_show", ada, made.id)
