"""What every floor's tests share: films, the real server, and people who speak to it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from xdist.workermanage import WorkerController

from tests.films import Films
from tests.process import ServerProcess
from watchparty.services import passwords

FIGURES = pytest.StashKey[list[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--picture", metavar="FILE", help="keep the picture of two browsers in step (for the README) there"
    )


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Films:
    """Small films of several kinds, each made once, whichever of pytest's processes wants it first."""
    ours = tmp_path_factory.getbasetemp()
    folder = (ours if worker_id == "master" else ours.parent) / "films"
    folder.mkdir(exist_ok=True)
    return Films(folder)


@pytest.fixture(scope="session", autouse=True)
def passwords_that_need_no_guard() -> Iterator[None]:
    """A hash takes a quarter of a second to protect what nobody knows; everybody knows the passwords of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "ROUNDS", 4)
        yield


@pytest.fixture
def server_process(tmp_path: Path) -> Iterator[ServerProcess]:
    """The real server, ready, on an empty data directory of its own."""
    server = ServerProcess(tmp_path / "data")
    server.start()
    yield server
    if server.running:
        server.stop()


@pytest.fixture(scope="session")
def figures(pytestconfig: pytest.Config) -> list[str]:
    """Lines of measured figures; all of them are printed when the run is over."""
    return pytestconfig.stash.setdefault(FIGURES, [])


def pytest_sessionfinish(session: pytest.Session) -> None:
    # Several of pytest's processes: what one of them measured is handed to the one that prints.
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["figures"] = session.config.stash.get(FIGURES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    node.config.stash.setdefault(FIGURES, []).extend(node.workeroutput["figures"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    if lines := config.stash.get(FIGURES, []):
        terminalreporter.section("measured")
        for line in lines:
            terminalreporter.line(line)
