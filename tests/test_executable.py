"""The one-file executable is built and tried where nothing else is. Built anew only when something in it changed."""

import hashlib
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

ROOT = Path(__file__).parent.parent
BUILT = ROOT / "build" / "tested"
CONTENT = ("watchparty/**/*.py", "watchparty/**/*.sql", "web/**/*", "packaging/front_end.py", "build.spec")


def test_the_executable_works_where_nothing_else_is() -> None:
    executable = BUILT / what_goes_in() / "watchparty"
    if not executable.exists():
        build(executable.parent)
    smoke = run(sys.executable, "packaging/smoke.py", str(executable))
    print("\n" + smoke.strip())


def build(folder: Path) -> None:
    for older in BUILT.glob("*/watchparty"):
        older.unlink()
    work = ("--workpath", str(BUILT / "work"), "--distpath", str(folder))
    run(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *work, "build.spec")


def what_goes_in() -> str:
    """A name that changes with our own files and with every version of what is packed with them."""
    content = hashlib.sha256()
    for package in sorted(f"{one.name} {one.version}" for one in distributions()):
        content.update(package.encode())
    for path in sorted(path for pattern in CONTENT for path in ROOT.glob(pattern)):
        if path.is_file() and "node_modules" not in path.parts and "images" not in path.parts:
            content.update(str(path).encode() + path.read_bytes())
    return content.hexdigest()[:20]


def run(*command: str) -> str:
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=600)
    assert done.returncode == 0, done.stdout
    return done.stdout
