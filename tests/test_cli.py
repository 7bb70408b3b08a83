"""The command line, as a person and a script use it."""

import asyncio
import io
import subprocess
import sys
from pathlib import Path

import pytest

from tests.client import PASSWORD
from tests.process import SETUP_LINK, ServerProcess
from watchparty.cli import main
from watchparty.services import passwords


def watchparty(*arguments: str, words: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "watchparty", *arguments]
    return subprocess.run(command, input=words, capture_output=True, text=True, timeout=60, check=False)


def add(data: Path, name: str, *, role: str = "admin", password: str = PASSWORD) -> subprocess.CompletedProcess[str]:
    arguments = ["user", "add", name, "--role", role, "--password-stdin", "--data", str(data)]
    return watchparty(*arguments, words=password + "\n")


async def test_an_account_made_by_a_script_signs_in_whether_the_server_runs_or_not(
    server_process: ServerProcess,
) -> None:
    made = add(server_process.data, "ada")
    assert (made.returncode, made.stdout) == (0, "Added ada (admin).\n")
    async with server_process.client() as api:
        assert (await api.login("ada"))["user"]["role"] == "admin"
    server_process.stop()
    assert add(server_process.data, "bob", role="user").returncode == 0
    server_process.start()
    async with server_process.client() as api:
        assert (await api.login("bob"))["user"]["role"] == "user"


def test_a_refused_account_is_told_in_a_sentence(tmp_path: Path) -> None:
    assert add(tmp_path, "ada").returncode == 0
    for name, password in (("ada", PASSWORD), ("a b", PASSWORD), ("eve", "short")):
        refused = add(tmp_path, name, password=password)
        assert refused.returncode == 1
        assert refused.stderr.startswith("watchparty: ") and "Traceback" not in refused.stderr


async def test_an_account_disabled_by_a_script_is_signed_out_of_a_running_server(server_process: ServerProcess) -> None:
    async with server_process.client() as ada, server_process.client() as bob:
        await ada.setup(server_process.setup_token)
        await bob.register("bob")
        assert await asyncio.to_thread(main, ["user", "disable", "bob", "--data", str(server_process.data)]) == 0
        me = bob.absolute("/api/v1/users/me")
        while True:  # noticed within some seconds; for how long it may take, the test's own end says
            async with bob.session.get(me, headers=bob.headers()) as answer:
                if answer.status == 401:
                    break
            await asyncio.sleep(0.1)
        await ada.get("/api/v1/users/me")


def test_accounts_are_listed_disabled_enabled_and_given_passwords(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(passwords, "ROUNDS", 4)

    def run(*arguments: str, words: str = PASSWORD) -> tuple[int, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(words + "\n"))
        status = main(["user", *arguments, "--data", str(tmp_path)])
        said = capsys.readouterr()
        return status, said.out + said.err

    assert run("add", "ada", "--role", "admin", "--password-stdin")[0] == 0
    assert run("add", "bob", "--password-stdin")[0] == 0
    assert run("disable", "bob")[0] == 0
    listed = run("list")[1].splitlines()
    assert [line.split()[:2] for line in listed] == [["ada", "admin"], ["bob", "user"]]
    assert listed[1].endswith("disabled")
    assert run("enable", "BOB") == (0, "bob can sign in again.\n")
    assert run("password", "bob", "--password-stdin", "--no-second-step", words="another one, longer")[0] == 0
    for arguments, sentence in (
        (["disable", "ada"], "only administrator"),
        (["enable", "nobody"], "There is no user nobody."),
        (["password", "bob"], "--password-stdin"),
    ):
        status, said = run(*arguments)
        assert status == 1 and said.startswith("watchparty: ") and sentence in said


async def test_a_new_setup_link_ends_the_older_one(server_process: ServerProcess) -> None:
    older = server_process.setup_token
    newer = watchparty("setup-link", "--data", str(server_process.data))
    (token,) = SETUP_LINK.findall(newer.stdout)
    async with server_process.client() as api:
        await api.post("/api/v1/setup", {"token": older, "username": "eve", "password": PASSWORD}, 403)
        await api.setup(token)
    assert watchparty("setup-link", "--data", str(server_process.data)).returncode == 1


def test_a_taken_port_is_told_in_a_sentence(server_process: ServerProcess, tmp_path: Path) -> None:
    port = str(server_process.port)
    second = watchparty("serve", "--host", "127.0.0.1", "--port", port, "--data", str(tmp_path / "other"))
    assert second.returncode == 1
    assert second.stderr.strip().splitlines()[-1].startswith("watchparty: This port is taken.")
    assert "Traceback" not in second.stderr


def test_wrong_settings_and_places_are_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("prot = 8080\n")
    unknown = watchparty("serve", "--data", str(tmp_path))
    assert unknown.returncode == 1 and "prot" in unknown.stderr and "Traceback" not in unknown.stderr
    (tmp_path / "file").write_text("")
    no_folder = watchparty("serve", "--data", str(tmp_path / "file"))
    assert no_folder.returncode == 1 and "Traceback" not in no_folder.stderr


def test_the_version_is_printed() -> None:
    assert watchparty("version").stdout.startswith("WatchParty ")
