"""What `make lint`, `make test` and `make soak` do, once setup.sh has made the checkout ready.

Everything runs even when an early step fails, so that one run tells all; pytest comes last, so that its closing lines
are the last thing seen.
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

import front_end

ROOT = Path(__file__).resolve().parent.parent
WEB = ROOT / "web"
PYTHON = sys.executable
# Each brings browsers of its own.
MOST_WORKERS = 4
OWN_TOOLS = [str(path.relative_to(ROOT)) for path in sorted((ROOT / "packaging").glob("*.py"))]


def main() -> int:
    what, arguments = sys.argv[1], sys.argv[2:]
    os.environ["PATH"] = os.pathsep.join([str(Path(PYTHON).parent), os.environ["PATH"]])
    failed = [] if what == "soak" or arguments else lint()
    if what == "test":
        failed += [] if arguments else browser_units()
        failed += run("pytest", PYTHON, "-m", "pytest", *arguments) if arguments else every_test()
    if what == "soak":
        failed += run("pytest", PYTHON, "-m", "pytest", "-m", "soak", *arguments)
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def lint() -> list[str]:
    install_typescript()
    return [
        *run("ruff", PYTHON, "-m", "ruff", "check", "--quiet", "."),
        *run("ruff format", PYTHON, "-m", "ruff", "format", "--check", "--quiet", "."),
        *run("mypy", PYTHON, "-m", "mypy", "--no-error-summary"),
        *run("mypy of packaging/", PYTHON, "-m", "mypy", "--no-error-summary", "--config-file", "packaging/mypy.ini"),
        *run("import-linter", str(Path(PYTHON).with_name("lint-imports")), "--no-logo"),
        *run("tsc", front_end.node(), "web/node_modules/typescript/bin/tsc", "-p", "web"),
    ]


def browser_units() -> list[str]:
    """The tests of web/lib, which need no browser."""
    files = [str(path) for path in sorted((ROOT / "tests" / "web").rglob("*.test.*js"))]
    return run("node --test", front_end.node(), "--test", "--test-reporter=dot", *files) if files else []


def every_test() -> list[str]:
    """Several at a time, a file to each; then, with the machine to themselves, those that are judged by the clock."""
    workers = str(min((os.cpu_count() or 1) + 1, MOST_WORKERS))  # one more than cores: somebody always waits
    pytest = (PYTHON, "-m", "pytest")
    return [
        *run("pytest", *pytest, "-n", workers, "--dist", "loadfile", "-m", "not soak and not alone"),
        *run("pytest", *pytest, "-m", "alone and not soak"),
    ]


def install_typescript() -> None:
    """TypeScript and axe-core are for checking alone: they live in web/node_modules, which git ignores."""
    stamp = WEB / "node_modules" / ".watchparty"
    lock = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    if not stamp.is_file() or stamp.read_text() != lock:
        front_end.install(WEB)
        stamp.write_text(lock)


def run(name: str, *command: str) -> list[str]:
    """Runs one tool with its output in plain sight; answers its name when it failed, so that failures add up."""
    begun = time.monotonic()
    code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL).returncode
    if name != "pytest":
        print(f"{name}: {'ok' if code == 0 else 'FAILED'} ({time.monotonic() - begun:.1f} s)", flush=True)
    return [] if code == 0 else [name]


if __name__ == "__main__":
    sys.exit(main())
