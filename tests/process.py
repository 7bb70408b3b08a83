"""The real server as a child process: started, killed and started again as its owner would."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import psutil

from tests.client import Client

SETUP_LINK = re.compile(r"/setup\?token=([\w.~-]+)")


class ServerProcess:
    """`watchparty serve` on a data directory. Nothing in it is shared with the tests' own process."""

    def __init__(
        self, data: Path, *flags: str, command: Sequence[str] = (), environment: dict[str, str] | None = None
    ) -> None:
        self.data = data
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.lines: list[str] = []
        # Several people come from this one address, and faster than people do.
        self._flags = flags if "--rates" in flags else (*flags, "--rates", "off")
        self._command = command or (sys.executable, "-m", "watchparty")
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None
        self._reader: threading.Thread | None = None

    def start(self, seconds: float = 30) -> None:
        """Starts it and waits until it answers."""
        assert self._process is None, "It runs already."
        command = [*self._command, "serve", "--host", "127.0.0.1", "--port", str(self.port), "--data", str(self.data)]
        self._process = subprocess.Popen(
            [*command, *self._flags],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=self._environment if self._environment is not None else {**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        self._reader = threading.Thread(target=self._read, args=(self._process,))
        self._reader.start()
        self._wait_until_it_answers(time.monotonic() + seconds)

    def stop(self, seconds: float = 20) -> int:
        """Ends it as Ctrl-C does; answers its exit code."""
        return self._end(signal.SIGINT, seconds)

    def kill(self) -> None:
        """kill -9: no time to put anything in order."""
        self._end(signal.SIGKILL, 10)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def output(self) -> str:
        return "\n".join(self.lines)

    @property
    def process(self) -> psutil.Process:
        assert self._process is not None, "It does not run."
        return psutil.Process(self._process.pid)

    @property
    def setup_token(self) -> str:
        """The token of the newest set-up link in the terminal."""
        until = time.monotonic() + 10
        while not (found := SETUP_LINK.findall(self.output)):
            assert time.monotonic() < until, f"No set-up link was printed:\n{self.output}"
            time.sleep(0.02)
        return str(found[-1])

    def client(self, token: str | None = None) -> Client:
        """Somebody who speaks to it: `async with server_process.client() as api`."""
        return Client(self.url, token)

    def _end(self, sign: signal.Signals, seconds: float) -> int:
        assert self._process is not None, "It does not run."
        process, self._process = self._process, None
        process.send_signal(sign)
        try:
            code = process.wait(seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"It did not stop within {seconds} s:\n{self.output}") from None
        finally:
            if self._reader:
                self._reader.join()
        return code

    def _read(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        with process.stdout:
            for line in process.stdout:
                self.lines.append(line.rstrip("\n"))

    def _wait_until_it_answers(self, until: float) -> None:
        while True:
            assert self.running, f"The server ended instead of starting:\n{self.output}"
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                    if answer.status == 200:
                        return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                pass
            assert time.monotonic() < until, f"The server was not ready in time:\n{self.output}"
            time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
