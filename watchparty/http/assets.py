"""The files of web/ as browsers fetch them: read once at start, looked up in a table, never by joining a path."""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Any

from aiohttp import web

from watchparty.domain.errors import NotFound
from watchparty.http.endpoint import Access, Endpoint, Request

# What browsers may fetch of web/. Templates, the lock file and the checking tools lie beside these.
FOLDERS = ("dom", "elements", "icons", "lib", "styles", "vendor", "workers")
# Declarations are for the type checker, stamps for the build.
NOT_SERVED = (".d.ts", ".d.mts", ".stamp")
# Named here because a system's own table may lack them or, on some Windows machines, be wrong.
TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}
# A comment that has its lines to itself. Ours are a quarter of what would travel; those of others keep their licences.
COMMENT = re.compile(rb"^[ \t]*(?://[^\n]*|/\*(?:[^*]|\*(?!/))*\*/[ \t]*)$", re.MULTILINE)
# Types for the checker within a line, and what lines are indented by: neither means anything to a browser.
INLINE = re.compile(rb"/\*\* @\w[^*\n]*\*/ ?")
INDENT = re.compile(rb"^[ \t]+", re.MULTILINE)
# A stylesheet made of others that lie beside it. They travel within it: together they are smaller, and one journey.
SHEET = re.compile(rb'^@import "([\w-]+\.css)";$', re.MULTILINE)
FOR_EVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Asset:
    """One file, as it is and, where that pays, compressed."""

    content: bytes
    gzipped: bytes | None
    content_type: str
    etag: str


class Assets:
    """Everything below web/ that pages load. `version` changes whenever one byte of it does."""

    def __init__(self, root: Path) -> None:
        """Reads everything; raises FileNotFoundError when `root` is not a web/ folder."""
        self._assets = {name: _asset(name, _whole(path)) for name, path in _served(root)}
        self.templates = {path.name: path.read_text("utf-8") for path in sorted((root / "pages").glob("*.html"))}
        if not self._assets or not self.templates:
            raise FileNotFoundError(f"The front end is missing from {root}.")
        self.version = _version(self._assets)

    @property
    def names(self) -> Set[str]:
        return self._assets.keys()

    def __getitem__(self, name: str) -> Asset:
        return self._assets[name]

    def url(self, name: str) -> str:
        """Where pages load `name` from. Raises KeyError for a file that does not exist: a page must not name one."""
        if name not in self._assets:
            raise KeyError(f"There is no web/{name}.")
        return f"/static/{self.version}/{name}"

    def endpoints(self) -> Sequence[Endpoint]:
        return [
            Endpoint(
                "GET",
                "/static/{version}/{name:.+}",
                self.serve,
                "A file of the front end.",
                access=Access.ANYONE,
                raw=True,
                hidden=True,
            )
        ]

    async def serve(self, request: Request[None]) -> web.Response:
        asset = self._assets.get(request.path["name"])
        if asset is None:
            raise NotFound("There is no such file.")
        # A page opened before an upgrade may ask for an old version: it gets today's file, and nobody keeps that.
        lasting = request.path["version"] == self.version
        headers = {
            "Cache-Control": FOR_EVER if lasting else "no-cache",
            "ETag": asset.etag,
            "Vary": "Accept-Encoding",
            "X-Content-Type-Options": "nosniff",
        }
        if asset.etag in request.raw.headers.get("If-None-Match", ""):
            return web.Response(status=304, headers=headers)
        return web.Response(
            body=_encoded(asset, request.raw.headers.get("Accept-Encoding", ""), headers),
            content_type=asset.content_type,
            charset="utf-8" if _is_text(asset.content_type) else None,
            headers=headers,
        )


def web_folder() -> Path:
    """Where web/ is: inside the installed package, or beside it in a checkout."""
    installed = Path(str(files("watchparty"))) / "web"
    return installed if installed.is_dir() else installed.parent.parent / "web"


def _served(root: Path) -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.name.endswith(NOT_SERVED):
                yield path.relative_to(root).as_posix(), path


def _whole(path: Path) -> bytes:
    """What is in the file and, for a stylesheet, in those it imports."""
    content = path.read_bytes()
    if path.suffix != ".css":
        return content
    return SHEET.sub(lambda other: _whole(path.with_name(other[1].decode())), content)


def _asset(name: str, content: bytes) -> Asset:
    suffix = PurePosixPath(name).suffix
    content_type = TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "text/plain"
    if suffix in {".js", ".css"} and not name.startswith("vendor/"):
        content = without_comments(content)
    gzipped = gzip.compress(content, 9, mtime=0) if _is_text(content_type) and len(content) > 512 else None
    return Asset(content, gzipped, content_type, f'"{hashlib.sha256(content).hexdigest()[:20]}"')


def without_comments(code: bytes) -> bytes:
    """`code` with the lines of its comments empty: what a browser reports still names the line we wrote."""
    lines = COMMENT.sub(lambda comment: b"\n" * comment[0].count(b"\n"), code)
    return INDENT.sub(b"", INLINE.sub(b"", lines))


def _version(assets: Mapping[str, Asset]) -> str:
    digest = hashlib.sha256()
    for name, asset in sorted(assets.items()):
        digest.update(f"{name} {asset.etag}\n".encode())
    return digest.hexdigest()[:12]


def _encoded(asset: Asset, accepted: str, headers: dict[str, Any]) -> bytes:
    """The bytes to send, in the encoding that `headers` are made to name."""
    if asset.gzipped is None or "gzip" not in accepted:
        return asset.content
    headers["Content-Encoding"] = "gzip"
    return asset.gzipped


def _is_text(content_type: str) -> bool:
    return content_type.startswith("text/") or content_type in {"application/json", "image/svg+xml"}
