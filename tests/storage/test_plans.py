"""No statement looks through a whole table that grows: SQLite is asked how it would carry out each one."""

import ast
import inspect
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

import watchparty.storage
from watchparty.storage.migrations import migrate

FOLDER = Path(inspect.getfile(watchparty.storage)).parent
# What has to be read whole, and why that is right.
WHOLE = {
    "SELECT id, library_path, status, size": "the watched folder is compared with every film of it",
    "SELECT mark FROM left_out": "the same for films that were deleted",
    "SELECT object_key, poster_key, own_poster_key FROM videos": "at the start, what lies there is compared with that",
    "SELECT storyboard_key FROM videos": "the same for storyboards",
    "SELECT * FROM users WHERE role = 'admin'": "people are few, and it is asked once a look at the folder",
    "SELECT id FROM users WHERE role = 'admin'": "people are few, and it is asked when one of them is shut out",
    "SELECT api_keys.*, display_name": "at the start, every key is remembered",
    "SELECT * FROM webhooks WHERE enabled": "there are at most a hundred",
    "SELECT COUNT(*) FROM sessions": "those who look after the server ask for it now and then",
    "SELECT status, COUNT(*) AS videos FROM videos": "the same; ten thousand films take two milliseconds",
    "SELECT 1 FROM sqlite_schema": "it has as many rows as there are tables",
    "SELECT 1 FROM users WHERE role = 'admin'": "people are few, and it is asked before a restore",
    "SELECT 1 FROM setup_token": "there is one",
    "SELECT name, value FROM preferences": "there are as many as settings",
}


def statements() -> Iterator[tuple[str, str]]:
    """Every statement that storage runs, with the file and line that it is written in."""
    for path in sorted(FOLDER.glob("*.py")):
        tree = ast.parse(path.read_text())
        constants = {
            target.id: text
            for node in tree.body
            if isinstance(node, ast.Assign) and (text := _text(node.value, {})) is not None
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if _runs_sql(node):
                assert isinstance(node, ast.Call)
                text = _text(node.args[0], constants)
                if text is not None:
                    yield f"{path.name}:{node.lineno}", text


def _runs_sql(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"execute", "executemany"}
        and bool(node.args)
    )


def _text(node: ast.expr, constants: dict[str, str]) -> str | None:
    """What a string expression comes to, where that can be read off the source."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return constants.get(name)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            parts = _text(left, constants), _text(right, constants)
            return None if None in parts else "".join(part for part in parts if part is not None)
        case _:
            return None


STATEMENTS = [
    pytest.param(sql, id=where)
    for where, sql in statements()
    if sql.lstrip().upper().startswith(("SELECT", "UPDATE", "DELETE", "INSERT", "WITH"))
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    folder = tmp_path_factory.mktemp("plans")
    migrate(folder / "watchparty.db", folder / "backups")
    connection = sqlite3.connect(folder / "watchparty.db")
    yield connection
    connection.close()


def test_statements_are_found() -> None:
    assert len(STATEMENTS) > 80


@pytest.mark.parametrize("sql", STATEMENTS)
def test_no_statement_scans_a_growing_table(database: sqlite3.Connection, sql: str) -> None:
    if any(sql.lstrip().startswith(beginning) for beginning in WHOLE):
        return
    scans = [line for line in plan(database, sql) if _SCAN.match(line)]
    assert not scans, sql


# A walk along an index is what a page of a list is. Tables that a statement makes of its arguments are short.
_SCAN = re.compile(r"SCAN (?!wanted|json_each|CONSTANT ROW)\S+$")
_NAMED = re.compile(r":([a-z_]+)")


def plan(database: sqlite3.Connection, sql: str) -> list[str]:
    """SQLite's own words for how it would carry it out; nothing is bound, which counts as NULL."""
    names = dict.fromkeys(_NAMED.findall(sql))
    values = names or (None,) * sql.count("?")
    return [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
