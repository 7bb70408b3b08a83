"""What can be set, and from where: flag, then WATCHPARTY_*, then config.toml in the data directory, then default."""

import ipaddress
import re
import shlex
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
import platformdirs

PREFIX = "WATCHPARTY_"

# Settings that are lists: in the environment their parts are separated by commas.
_LISTS = {"allowed_hosts", "trusted_proxies", "cors_origins"}
_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-f:]+\](:\d{1,5})?")

Port = Annotated[int, msgspec.Meta(ge=0, le=65535)]
Bytes = Annotated[int, msgspec.Meta(ge=1)]
Slots = Annotated[int, msgspec.Meta(ge=1, le=64)]


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sizes are in bytes. `library` is the watched folder, `<data>/library` by default; `workers` jobs run at once.

    `library_watch`: whether to rely on the system's events for what changes there, or to look every 2 s, which is what
    `auto` does on network mounts. `metrics`: who may read /metrics, this machine and administrators or everybody.
    `registration`: who may make an account, everybody, whoever was invited, or nobody; `invites`: who invites them.
    `trusted_proxies`: networks whose X-Forwarded-* headers are believed. `cors_origins`: websites whose scripts may
    use the API with tokens. `rates`: whether there is a limit to how often one client may ask.
    `log`: how a line of the log looks; `log_level`: from which weight on there is one. `otel`:
    where spans are sent to, such as http://localhost:4318.
    Administrators change `registration`, `quota` (what one person's films may take, 0: no bound), `max_upload`,
    `public_to_all`, `segment_cache`, `keep_free` and `background` while the server runs, too.

    `webhook_private`: whether webhooks may be sent to this machine and to private networks.

    `scan_command` is a program with its arguments, asked about every new file, whose path it is given last, before
    anybody sees it: it exits with 0 for a clean one, with 1 for one to be refused. No shell takes part.

    `sources` is no setting: it says of each that is not the default where it comes from.
    """

    data: str
    host: str = "0.0.0.0"
    port: Port = 8080
    library: str | None = None
    library_watch: Literal["auto", "events", "polling"] = "auto"
    metrics: Literal["local", "everyone"] = "local"
    registration: Literal["open", "invitation", "closed"] = "open"
    invites: Literal["admins", "everyone"] = "admins"
    allowed_hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    cors_origins: tuple[str, ...] = ()
    rates: Literal["on", "off"] = "on"
    log: Literal["text", "json"] = "text"
    otel: str | None = None
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    scan_command: tuple[str, ...] = ()
    max_upload: Bytes = 64 << 30
    quota: Annotated[int, msgspec.Meta(ge=0)] = 0
    public_to_all: bool = False
    segment_cache: Bytes = 10 << 30
    keep_free: Bytes = 1 << 30
    background: bool = True
    webhook_private: bool = False
    workers: Slots = 5
    tls_cert: str | None = None
    tls_key: str | None = None
    sources: Mapping[str, Literal["flag", "environment", "file"]] = {}

    def __post_init__(self) -> None:
        for network in self.trusted_proxies:
            ipaddress.ip_network(network, strict=False)  # whose ValueError names what is wrong with it
        for origin in self.cors_origins:
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is not a website such as https://films.example")

    @property
    def folder(self) -> Path:
        return Path(self.data)

    @property
    def scheme(self) -> str:
        """The server itself speaks TLS when it was given a certificate."""
        return "http" if self.tls_cert is None else "https"

    @property
    def library_folder(self) -> Path:
        return Path(self.library) if self.library else self.folder / "library"


class BadSetting(Exception):
    """A setting nobody knows, or a value it cannot have; the sentence names it and where it stands."""


def read_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """The settings in force. `flags` that are None were not given. Raises BadSetting."""
    given = {name: value for name, value in flags.items() if value is not None}
    env = _from_environment(environment)
    data = Path(given.get("data") or env.get("data") or default_data()).expanduser().absolute()
    file = _from_file(data / "config.toml")
    sources = {**dict.fromkeys(file, "file"), **dict.fromkeys(env, "environment"), **dict.fromkeys(given, "flag")}
    values = {**file, **env, **given, "data": str(data), "sources": sources}
    try:
        return msgspec.convert(values, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise BadSetting(f"A setting cannot be used: {error}.") from error


def default_data() -> Path:
    """`data/` in a checkout, else where this platform keeps the data of programs."""
    checkout = Path(__file__).parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "data").is_dir():
        return checkout / "data"
    return platformdirs.user_data_path("watchparty", appauthor=False)


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    known = {field.name for field in msgspec.structs.fields(Settings)} - {"sources"}
    for variable, text in environment.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            raise BadSetting(f"There is no setting {variable}. Known are {', '.join(sorted(known))}.")
        found[name] = _written(name, text)
    return found


def _written(name: str, text: str) -> str | list[str]:
    """A setting as it is written on a line: lists with commas, a command as a shell would read it."""
    if name == "scan_command":
        return shlex.split(text)
    return [part.strip() for part in text.split(",")] if name in _LISTS else text


def _from_file(path: Path) -> dict[str, Any]:
    try:
        values = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path} cannot be read: {error}.") from error
    known = {field.name for field in msgspec.structs.fields(Settings)} - {"data", "sources"}
    if unknown := sorted(set(values) - known):
        raise BadSetting(f"{path} names settings there are none of: {', '.join(unknown)}.")
    return values
