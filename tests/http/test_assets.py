"""The front end's files as browsers fetch them."""

import gzip
import re
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from posixpath import normpath

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from watchparty.http.assets import Asset, Assets, web_folder, without_comments
from watchparty.http.pages import Pages
from watchparty.http.shell import mount

Client = TestClient[web.Request, web.Application]
IMPORT = re.compile(r"""(?:^import|^export|^\}) [^;]*?from\s+"(\.[^"]+)"|^import\s+"(\.[^"]+)\"""", re.M)
# What is fetched when somebody looks for it, and not with the page.
IMPORT_LATER = re.compile(r"""import\("(\.[^"]+)"\)""")
# Bytes that a page may load of our own, compressed; hls.js and media-chrome come on top where there is a player.
BUDGET = 60_000
# What the frame of every page brings.
FRAME = {"styles/frame.css", *(f"elements/wp-{name}.js" for name in ("menu", "toast", "sign-out", "bell"))}
INCLUDED = re.compile(r"""{% include "([\w.-]+)" %}""")


@pytest.fixture(scope="module")
def assets() -> Assets:
    return Assets(web_folder())


@pytest.fixture
async def client(assets: Assets) -> AsyncIterator[Client]:
    app = web.Application()
    mount(app, list(assets.endpoints()))
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.fixture
def small_web(tmp_path: Path) -> Path:
    for name in ("styles/a.css", "lib/b.mjs", "pages/base.html"):
        path = tmp_path / name
        path.parent.mkdir()
        path.write_text("p { color: red }")
    return tmp_path


async def test_a_file_of_this_version_may_be_kept_for_ever(client: Client, assets: Assets) -> None:
    async with client.get(assets.url("styles/tokens.css")) as answer:
        assert answer.status == 200
        assert answer.content_type == "text/css"
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


async def test_a_file_of_another_version_is_todays_and_is_not_kept(client: Client) -> None:
    async with client.get("/static/0123456789ab/styles/tokens.css") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_file_that_has_not_changed_is_not_sent_again(client: Client, assets: Assets) -> None:
    url = assets.url("lib/api.js")
    async with client.get(url) as answer:
        etag = answer.headers["ETag"]
    async with client.get(url, headers={"If-None-Match": etag}) as answer:
        assert (answer.status, await answer.read()) == (304, b"")


async def test_text_travels_compressed_only_to_those_who_can_read_it(client: Client, assets: Assets) -> None:
    url = assets.url("lib/api.js")
    plain = assets["lib/api.js"].content
    async with client.get(url, headers={"Accept-Encoding": "gzip"}, auto_decompress=False) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await answer.read()) == plain
    async with client.get(url, headers={"Accept-Encoding": "identity"}) as answer:
        assert "Content-Encoding" not in answer.headers
        assert await answer.read() == plain
        assert answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize(
    ("name", "content_type"),
    [("lib/api.js", "text/javascript"), ("vendor/hls.mjs", "text/javascript"), ("icons/mark.svg", "image/svg+xml")],
)
async def test_every_file_says_what_it_is(client: Client, assets: Assets, name: str, content_type: str) -> None:
    async with client.get(assets.url(name)) as answer:
        assert answer.content_type == content_type
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["package.json", "pages/base.html", "vendor/.stamp", "../pyproject.toml", "..%2fpyproject.toml", "lib", "x.js"],
)
async def test_what_is_not_in_the_table_is_not_there(client: Client, assets: Assets, name: str) -> None:
    assert name not in assets.names
    async with client.get(f"/static/{assets.version}/{name}") as answer:
        assert answer.status != 200


def test_one_changed_byte_makes_another_version(small_web: Path) -> None:
    before = Assets(small_web).version
    (small_web / "styles" / "a.css").write_text("p { color: Red }")
    assert Assets(small_web).version != before


def test_a_page_cannot_name_a_file_that_does_not_exist(small_web: Path) -> None:
    with pytest.raises(KeyError, match="There is no web"):
        Assets(small_web).url("styles/b.css")


def test_a_folder_without_a_front_end_is_refused_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=str(tmp_path)):
        Assets(tmp_path)


def test_every_module_imports_modules_that_exist(assets: Assets) -> None:
    modules = [name for name in assets.names if name.endswith(".js") and not name.startswith("vendor/")]
    wanted = {(name, imported) for name in modules for imported in imports(assets, name) + later(assets, name)}
    assert len(wanted) > len(modules) / 2
    assert [(name, imported) for name, imported in wanted if imported not in assets.names] == []


def test_a_page_loads_little_of_our_own(assets: Assets) -> None:
    for template, text in assets.templates.items():
        named = set(re.findall(r"(?:styles|elements)/[\w.-]+", whole(assets, text))) & set(assets.names)
        loaded = closure(assets, named | FRAME)
        size = sum(len(assets[name].gzipped or assets[name].content) for name in loaded)
        assert size < BUDGET, f"{template} loads {size:,} bytes"


def test_every_stylesheet_and_element_of_a_page_is_named_where_its_size_is_seen(assets: Assets) -> None:
    for template, text in assets.templates.items():
        hidden = re.findall(r"static\([^)]*~[^)]*\)", text)
        assert hidden == [], template


def test_a_stylesheet_brings_those_it_is_made_of_along(assets: Assets) -> None:
    room = assets["styles/room-page.css"].content
    assert b"@import" not in room
    for part in ("player", "room", "talk"):
        assert assets[f"styles/{part}.css"].content in room


def test_comments_stay_at_home_and_code_does_not() -> None:
    code = b"""// What this is for.
/**
 * @param {string} url
 */
const url = "http://here"; // kept: it shares its line
  // gone
/** @type {A} */ let a = 1;
  f(/** @type {B} */ a)
/* gone */
"""
    assert without_comments(code).splitlines() == [
        b"",
        b"",
        b"",
        b"",
        b'const url = "http://here"; // kept: it shares its line',
        b"",
        b"let a = 1;",
        b"f(a)",
        b"",
    ]


def test_no_text_of_ours_runs_over_lines_whose_indentation_stays_at_home(assets: Assets) -> None:
    for name in assets.names:
        if name.endswith(".js") and not name.startswith("vendor/"):
            odd = [line for line in assets[name].content.splitlines() if line.count(b"`") % 2]
            assert odd == [], name


def test_the_licences_of_others_travel_with_their_code(assets: Assets) -> None:
    assert assets["vendor/hls.mjs"].content == (web_folder() / "vendor" / "hls.mjs").read_bytes()
    assert "vendor/hls.LICENSE" in assets.names


def whole(assets: Assets, text: str) -> str:
    """A template with those it includes."""
    return INCLUDED.sub(lambda other: whole(assets, assets.templates[other[1]]), text)


def closure(assets: Assets, names: set[str]) -> set[str]:
    """These files and every module of ours that they import."""
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found and not name.startswith("vendor/"):
            found.add(name)
            waiting += imports(assets, name)
    return found


def imports(assets: Assets, name: str) -> list[str]:
    asset: Asset = assets[name]
    return [beside(name, "".join(groups)) for groups in IMPORT.findall(asset.content.decode())]


def later(assets: Assets, name: str) -> list[str]:
    asset: Asset = assets[name]
    return [beside(name, step) for step in IMPORT_LATER.findall(asset.content.decode())]


def beside(name: str, step: str) -> str:
    return normpath(PurePosixPath(name).parent / step)


def test_the_templates_are_drawn_with_what_exists(assets: Assets) -> None:
    answer = Pages(assets).problem(404, "There is no such film.")
    assert "There is no such film." in (answer.text or "")
