"""The command line: serve, accounts from a script, and a new set-up link."""

import argparse
import asyncio
import contextlib
import errno
import importlib
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from watchparty import __version__
from watchparty.domain.errors import Problem
from watchparty.services.log import written
from watchparty.settings import BadSetting, Settings, read_settings

CHILDREN = {"_inspect": "watchparty.media.child", "_encode": "watchparty.media.trial"}
"""Short-lived children of the server: one looks at a new file, one tries an encoder, so that a crash in a decoder or a
driver takes only them along."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status: 0, 1 for a failure told in a sentence, 2 for wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] in CHILDREN:
        return int(importlib.import_module(CHILDREN[given[0]]).main(given[1:]))
    parser = _parser()
    options = parser.parse_args(given if given and not _starts_with_flag(given) else ["serve", *given])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    try:
        return int(options.command(options))
    except (BadSetting, Refused, Problem) as error:
        print(f"watchparty: {error}", file=sys.stderr)
    except OSError as error:
        print(f"watchparty: {_sentence(error)}", file=sys.stderr)
    return 1


def serve(options: argparse.Namespace) -> int:
    settings = _settings(options)
    with contextlib.suppress(KeyboardInterrupt), written(settings.log, settings.log_level):
        asyncio.run(_serve(settings))
    return 0


def add_user(options: argparse.Namespace) -> int:
    return asyncio.run(_add_user(_settings(options), options.name, _password(options), options.role))


def list_users(options: argparse.Namespace) -> int:
    return asyncio.run(_with_accounts(_settings(options), _list_users))


def disable_user(options: argparse.Namespace) -> int:
    return asyncio.run(_with_accounts(_settings(options), lambda accounts: _switch(accounts, options.name, on=False)))


def enable_user(options: argparse.Namespace) -> int:
    return asyncio.run(_with_accounts(_settings(options), lambda accounts: _switch(accounts, options.name, on=True)))


def set_password(options: argparse.Namespace) -> int:
    password = _password(options)
    return asyncio.run(
        _with_accounts(
            _settings(options),
            lambda accounts: _set_password(accounts, options.name, password, alone=options.no_second_step),
        )
    )


def setup_link(options: argparse.Namespace) -> int:
    return asyncio.run(_setup_link(_settings(options)))


def show_version(options: argparse.Namespace) -> int:
    print(f"WatchParty {__version__}")
    return 0


class Refused(Exception):
    """A command that cannot be carried out, in a sentence."""


async def _serve(settings: Settings) -> None:
    # Loaded here, so that `watchparty version` and the child that looks at files start without the whole server.
    app = importlib.import_module("watchparty.app")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # Windows has Ctrl-C as KeyboardInterrupt only
            loop.add_signal_handler(number, stop.set)
    while not stop.is_set():
        async with app.serving(settings) as running:
            print(_greeting(settings, running), flush=True)
            await _either(stop, running.restart)
            print("Stopping." if stop.is_set() else "Starting anew.", flush=True)


async def _either(*events: asyncio.Event) -> None:
    """Until one of them is set."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    for task in waiting:
        task.cancel()


def _greeting(settings: Settings, running: Any) -> str:
    lines = [("On this machine", running.local_url)]
    lines += [("On your network", url) for url in running.network_urls]
    if running.setup_url:
        lines.append(("Set up", f"{running.setup_url}   (once; expires in 30 minutes)"))
    lines.append(("Watching", f"{settings.library_folder}   (drop videos here)"))
    body = "\n".join(f"  {name:<17} {text}" for name, text in lines)
    return f"WatchParty {__version__}\n\n{body}\n\n  Ctrl-C stops the server. Nothing leaves your network.\n"


async def _add_user(settings: Settings, name: str, password: str, role: str) -> int:
    app = importlib.import_module("watchparty.app")
    async with app.opened_accounts(settings) as accounts:
        user = await app.add_account(accounts, name, password, role)
    print(f"Added {user.username} ({user.role}).")
    return 0


async def _with_accounts(settings: Settings, act: Callable[[Any], Awaitable[None]]) -> int:
    app = importlib.import_module("watchparty.app")
    async with app.opened_accounts(settings) as accounts:
        await act(accounts)
    return 0


async def _list_users(accounts: Any) -> None:
    for user in await accounts.users.everybody():
        state = "  disabled" if user.disabled else ""
        print(f"{user.username:<32}  {user.role:<5}  {user.display_name}{state}")


async def _switch(accounts: Any, name: str, *, on: bool) -> None:
    user = await accounts.users.named(name)
    await (accounts.users.enable(user.id) if on else accounts.users.disable(user.id))
    print(
        f"{user.username} can sign in again." if on else f"{user.username} is signed out and cannot sign in any more."
    )


async def _set_password(accounts: Any, name: str, password: str, *, alone: bool) -> None:
    user = await accounts.users.named(name)
    await accounts.users.set_password(user.id, password)
    if alone:
        await accounts.two_steps.reset(user.id)
    print(f"{user.username} has a new password, and is signed out everywhere.")


async def _setup_link(settings: Settings) -> int:
    app = importlib.import_module("watchparty.app")
    async with app.opened_accounts(settings) as accounts:
        token = await accounts.users.new_setup_token()
    if token is None:
        raise Refused("This server has been set up already. Sign in instead.")
    print(f"{app.local_url(settings.host, settings.port, 'http')}/setup?token={token}")
    return 0


def _password(options: argparse.Namespace) -> str:
    if not options.password_stdin:
        raise Refused("Give the password on standard input, with --password-stdin.")
    return sys.stdin.readline().rstrip("\r\n")


def _settings(options: argparse.Namespace) -> Settings:
    flags = {name: value for name, value in vars(options).items() if name in Settings.__struct_fields__}
    return read_settings(flags, os.environ)


def _sentence(error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return "This port is taken. Choose another with --port, or stop the program that uses it."
    return f"{error.filename}: {error.strerror}." if error.filename else f"{error}."


def _starts_with_flag(given: Sequence[str]) -> bool:
    return given[0].startswith("-") and given[0] not in {"-h", "--help"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="watchparty",
        description="A media server in one file: everybody in the room sees the same frame of the same film.",
        epilog="Settings: a flag wins over WATCHPARTY_* in the environment, that over config.toml in the data"
        " directory, that over the default.",
    )
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _command(commands, "serve", "start the server (what happens without a command, too)", serve, _serve_flags)
    user = commands.add_parser("user", help="accounts").add_subparsers(required=True, metavar="COMMAND")
    _command(user, "add", "make an account, server running or not", add_user, _user_flags)
    _command(user, "list", "print every account", list_users, lambda parser: None)
    _command(user, "disable", "sign somebody out and let them in no more", disable_user, _name_flag)
    _command(user, "enable", "let somebody in again", enable_user, _name_flag)
    _command(user, "password", "give somebody a new password", set_password, _password_flags)
    _command(commands, "setup-link", "print a new link that makes the first administrator", setup_link, _address_flags)
    _command(commands, "version", "print the version", show_version, lambda parser: None)
    return parser


def _command(
    commands: Any, name: str, text: str, run: Callable[..., int], flags: Callable[[argparse.ArgumentParser], None]
) -> None:
    parser = commands.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
    parser.add_argument("--data", metavar="DIR", help="where everything is kept")
    flags(parser)
    parser.set_defaults(command=run)


def _address_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--host", metavar="H", help="address to listen on (0.0.0.0: every network)")
    parser.add_argument("--port", metavar="P", type=int, help="port to listen on (8080)")


def _serve_flags(parser: argparse.ArgumentParser) -> None:
    _address_flags(parser)
    parser.add_argument("--library", metavar="DIR", help="the watched folder (library, in the data directory)")
    parser.add_argument(
        "--library-watch",
        choices=["auto", "events", "polling"],
        help="how changes in it are noticed (auto: told by the system; looked for every 2 s on network mounts)",
    )
    parser.add_argument(
        "--registration",
        choices=["open", "invitation", "closed"],
        help="who may make an account: everybody, whoever was invited, nobody",
    )
    parser.add_argument("--invites", choices=["admins", "everyone"], help="who may invite others to make one (admins)")
    parser.add_argument("--metrics", choices=["local", "everyone"], help="who may read /metrics besides admins (local)")
    parser.add_argument("--log", choices=["text", "json"], help="how a line of the log looks (text)")
    parser.add_argument("--log-level", choices=["debug", "info", "warning", "error"], help="the least of its lines")
    parser.add_argument("--otel", metavar="URL", help="collector that spans are sent to (OTLP over HTTP)")
    parser.add_argument("--rates", choices=["on", "off"], help="whether one client may only ask so often (on)")
    parser.add_argument("--workers", metavar="N", type=int, help="jobs that run at once (5)")
    parser.add_argument(
        "--webhook-private",
        action="store_const",
        const=True,
        help="let webhooks be sent to this machine and to private networks",
    )
    parser.add_argument("--tls-cert", metavar="FILE", help="certificate chain, for https")
    parser.add_argument("--tls-key", metavar="FILE", help="its private key")


def _user_flags(parser: argparse.ArgumentParser) -> None:
    _name_flag(parser)
    parser.add_argument("--role", choices=["admin", "user"], default="user")
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")


def _password_flags(parser: argparse.ArgumentParser) -> None:
    _name_flag(parser)
    parser.add_argument("--password-stdin", action="store_true", help="read the password from standard input")
    parser.add_argument("--no-second-step", action="store_true", help="switch two-step sign-in off as well")


def _name_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name")
