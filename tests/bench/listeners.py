"""Many sockets in one process of their own, which only note when there is something to read.

    python -m tests.bench.listeners PORT PATH SEATS ROUNDS < tokens     prints the receipt of every round as JSON

Run by seats.py, for a room of this server as for its peer: `PATH` says which. One seat pauses and plays in turn; what
is measured is from its sending a pause to the first byte of it being readable at the last of all sockets. Nothing is
parsed meanwhile.
"""

import base64
import json
import os
import re
import select
import socket
import sys
import time
from collections.abc import Sequence

# Seconds without a byte after which a room is taken to be quiet, and between two rounds.
QUIET = 0.05
LONGEST = 10.0
# Seconds after which every line gives a sign of life, unasked (RFC 6455, section 5.5.3): the server cuts silent ones.
BREATH = 3.0
PONG = bytes([0x8A, 0x80, 0, 0, 0, 0])
# Pauses that warm up everybody and are not counted.
WARM = 5


class Listeners:
    """All sockets at one address, each with a token of its own where there are any."""

    def __init__(self, port: int, path: str, seats: int, tokens: Sequence[str]) -> None:
        self._poll = select.epoll()
        self._sockets: dict[int, socket.socket] = {}
        self._revision = 0
        self._breathed_at = time.perf_counter()
        for i in range(seats):
            self._open(port, path, tokens[i % len(tokens)] if tokens else "")
            if i % 50 == 49:
                self.settle()  # read what those who came are told of the others
        self.settle()

    def pause(self) -> float:
        """Seconds until the last one had it."""
        self._say("play")
        self.settle()
        sent = time.perf_counter()
        self._say("pause")
        waiting = set(self._sockets)
        received = sent
        while waiting and time.perf_counter() < sent + LONGEST:
            ready = {number for number, _ in self._poll.poll(0.5)} & waiting
            received = time.perf_counter() if ready else received
            for number in ready:
                self._poll.modify(number, 0)
            waiting -= ready
        for number in self._sockets:
            self._poll.modify(number, select.EPOLLIN)
        self.settle()
        assert not waiting, f"{len(waiting)} seats never heard of a pause"
        return received - sent

    def settle(self) -> None:
        """Read until nobody says anything any more."""
        if time.perf_counter() > self._breathed_at + BREATH:
            self._breathed_at = time.perf_counter()
            for line in self._sockets.values():
                line.sendall(PONG)
        while ready := self._poll.poll(QUIET):
            for number, _ in ready:
                assert self._sockets[number].recv(1 << 20), "the server has hung up"

    def _open(self, port: int, path: str, token: str) -> None:
        line = socket.create_connection(("127.0.0.1", port))
        key = base64.b64encode(os.urandom(16)).decode()
        protocols = f"Sec-WebSocket-Protocol: watchparty.v1, bearer.{token}\r\n" if token else ""
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n{protocols}\r\n".encode()
        )
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += line.recv(4096)
        assert b" 101 " in answer, answer
        line.sendall(client_frame(b'{"type":"hello"}'))
        welcome = answer.partition(b"\r\n\r\n")[2]
        while not (found := re.search(rb'"revision": ?(\d+)', welcome)):
            welcome += line.recv(1 << 16)
        self._revision = int(found[1])
        self._sockets[line.fileno()] = line
        self._poll.register(line.fileno(), select.EPOLLIN)

    def _say(self, kind: str) -> None:
        words = json.dumps({"type": kind, "seen": self._revision})
        next(iter(self._sockets.values())).sendall(client_frame(words.encode()))
        self._revision += 1


def client_frame(payload: bytes) -> bytes:
    """A short text frame as a client sends it, masked with zeros (RFC 6455, section 5.3)."""
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


def main(port: int, path: str, seats: int, rounds: int) -> None:
    listeners = Listeners(port, path, seats, sys.stdin.read().split())
    print("seated", flush=True)
    found = [listeners.pause() for _ in range(WARM + rounds)][WARM:]
    print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
