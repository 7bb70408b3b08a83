"""What `pip install` brings: the program, its pages with the browser libraries, and nothing that is ours alone."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of everything in the wheel that this checkout builds."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (built,) = folder.glob("*.whl")
    return set(zipfile.ZipFile(built).namelist())


def test_the_wheel_carries_the_browser_libraries_with_their_licences(wheel: set[str]) -> None:
    for name in ("hls.mjs", "hls.worker.js", "hls.LICENSE", "media-chrome.js", "media-chrome.LICENSE"):
        assert f"watchparty/web/vendor/{name}" in wheel


@pytest.mark.parametrize("pattern", ["watchparty/**/*.py", "watchparty/**/*.sql"])
def test_the_wheel_carries_every_module_and_migration(wheel: set[str], pattern: str) -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(pattern)}
    assert ours
    assert ours <= wheel


def test_the_wheel_carries_every_page_and_element(wheel: set[str]) -> None:
    folders = ("dom", "elements", "icons", "lib", "pages", "styles", "workers")
    ours = {path.relative_to(ROOT).as_posix() for folder in folders for path in (ROOT / "web" / folder).rglob("*.*")}
    assert ours
    assert {f"watchparty/{name}" for name in ours} <= wheel


def test_the_wheel_carries_neither_the_readmes_picture_nor_what_npm_and_tsc_need(wheel: set[str]) -> None:
    assert not [
        name for name in wheel if "/images/" in name or "node_modules" in name or name.endswith((".d.ts", ".d.mts"))
    ]
    assert not [name for name in wheel if Path(name).name in ("package.json", "package-lock.json", "tsconfig.json")]


def test_the_lock_file_carries_no_address() -> None:
    lock = json.loads((ROOT / "web" / "package-lock.json").read_text())
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
    assert not [name for name, package in lock["packages"].items() if name and not package.get("integrity")]
