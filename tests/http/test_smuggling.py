"""Requests that two readers may read differently: each is refused whole, and the line is cut.

A proxy in front of the server may see the end of a request elsewhere; what it takes for a body would then be a request
of its own here, in somebody else's name (request smuggling, RFC 9112 sections 6.1, 6.3 and 11.2).
"""

import json

from tests.http.raw import Answer, sent
from watchparty.app import Running

SMUGGLED = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n"
POST = b"POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
GET = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n"

CORPUS = {
    "length and chunks": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks and length": CHUNKED + b"Content-Length: 4\r\n\r\n0\r\n\r\n",
    "two lengths": POST + b"Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}",
    "two lengths that agree": POST + b"Content-Length: 2\r\nContent-Length: 2\r\n\r\n{}",
    "a list of lengths": POST + b"Content-Length: 2, 2\r\n\r\n{}",
    "a length with a sign": POST + b"Content-Length: +2\r\n\r\n{}",
    "a negative length": POST + b"Content-Length: -2\r\n\r\n{}",
    "a hexadecimal length": POST + b"Content-Length: 0x2\r\n\r\n{}",
    "a length with an underscore": POST + b"Content-Length: 1_0\r\n\r\n{}",
    "a length in other digits": POST + "Content-Length: ²\r\n\r\n{}".encode(),
    "a length that overflows": POST + b"Content-Length: 18446744073709551618\r\n\r\n{}",
    "an empty length": POST + b"Content-Length:\r\n\r\n{}",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks that are not last": POST + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks twice in a list": POST + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
    "a coding with a control character": POST + b"Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n",
    "a space before the colon": POST + b"Content-Length : 2\r\n\r\n{}",
    "a space before the coding's colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": GET + b"X-Folded: one\r\n two\r\n\r\n",
    "a folded coding": POST + b"Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "a first header that is folded": b"GET /livez HTTP/1.1\r\n Host: localhost\r\n\r\n",
    "lines that end in LF alone": b"GET /livez HTTP/1.1\nHost: localhost\n\n",
    "one header that ends in LF alone": GET + b"X-A: b\nX-C: d\r\n\r\n",
    "a header that ends in CR alone": GET + b"X-A: b\rX-C: d\r\n\r\n",
    "a NUL in a header": GET + b"X-A: b\x00c\r\n\r\n",
    "a NUL in a name": GET + b"X-\x00A: b\r\n\r\n",
    "a NUL in the target": b"GET /live\x00z HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a name that is no token": GET + b"X(A): b\r\n\r\n",
    "a header without a name": GET + b": b\r\n\r\n",
    "a header without a colon": GET + b"X-A\r\n\r\n",
    "no host": b"GET /livez HTTP/1.1\r\n\r\n",
    "two hosts": GET + b"Host: evil.example\r\n\r\n",
    "a chunk size with a sign": CHUNKED + b"\r\n+2\r\n{}\r\n0\r\n\r\n",
    "a chunk size with a prefix": CHUNKED + b"\r\n0x2\r\n{}\r\n0\r\n\r\n",
    "a chunk size that is none": CHUNKED + b"\r\nzz\r\n{}\r\n0\r\n\r\n",
    "a chunk size that overflows": CHUNKED + b"\r\n10000000000000002\r\n{}\r\n0\r\n\r\n",
    "a chunk size with a space": CHUNKED + b"\r\n2 \r\n{}\r\n0\r\n\r\n",
    "a chunk longer than it says": CHUNKED + b"\r\n1\r\n{}\r\n0\r\n\r\n",
    "a chunk that ends in LF alone": CHUNKED + b"\r\n2\n{}\n0\n\n",
    "an extension with a line feed in it": CHUNKED + b"\r\n2;a\n\r\n{}\r\n0\r\n\r\n",
    "another version": b"GET /livez HTTP/3.7\r\nHost: localhost\r\n\r\n",
    "a version that is none": b"GET /livez HTTP/one\r\nHost: localhost\r\n\r\n",
    "no version": b"GET /livez\r\nHost: localhost\r\n\r\n",
    "bytes that are no request": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
}
TOO_LARGE = {
    "a header of 64 kB": GET + b"X-A: " + b"a" * 65_536 + b"\r\n\r\n",
    "a name of 64 kB": GET + b"X" * 65_536 + b": a\r\n\r\n",
    "a target of 64 kB": b"GET /" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a thousand headers": GET + b"".join(b"X-%d: a\r\n" % number for number in range(1_000)) + b"\r\n",
}


async def test_what_may_be_read_in_two_ways_is_refused_and_the_line_is_cut(running: Running) -> None:
    wrong = {name: await broken(running.port, data, range(400, 500)) for name, data in CORPUS.items()}
    assert {name: what for name, what in wrong.items() if what} == {}


async def test_headers_without_end_are_431_and_the_line_is_cut(running: Running) -> None:
    wrong = {name: await broken(running.port, data, range(431, 432)) for name, data in TOO_LARGE.items()}
    assert {name: what for name, what in wrong.items() if what} == {}


async def broken(port: int, data: bytes, statuses: range) -> list[str]:
    """What is wrong with the answer to these bytes, after which a whole request comes."""
    answer = await sent(port, data, then=SMUGGLED)
    held = {
        f"status {answer.status}": answer.status in statuses,
        f"{answer.answers} answers: what followed was read as a request": answer.answers == 1,
        "the line was not cut": answer.closed,
        f"not a problem: {answer.body[:200]!r}": _is_a_problem(answer),
        f"headers {answer.headers}": _has_all_headers(answer.headers),
    }
    return [what for what, holds in held.items() if not holds]


def _is_a_problem(answer: Answer) -> bool:
    if answer.headers.get("content-type") != "application/problem+json":
        return False
    return bool(json.loads(answer.body)["detail"]) and b"Traceback" not in answer.body and b"aiohttp" not in answer.body


def _has_all_headers(headers: dict[str, str]) -> bool:
    given = {"content-security-policy", "x-content-type-options", "x-frame-options", "x-request-id"}
    return given <= set(headers) and "aiohttp" not in headers.get("server", "")


async def test_what_is_as_it_should_be_is_answered(running: Running) -> None:
    whole = GET + b"\r\n" + CHUNKED + b"\r\n2\r\n{}\r\n0\r\n\r\n" + GET + b"Connection: close\r\n\r\n"
    answer = await sent(running.port, whole)
    assert (answer.status, answer.answers, answer.closed) == (200, 3, True)
