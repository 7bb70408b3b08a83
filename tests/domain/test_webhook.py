import json
import time

import pytest
from standardwebhooks import Webhook as Receiver
from standardwebhooks import WebhookVerificationError

from watchparty.domain.errors import Invalid
from watchparty.domain.event import VideoDeleted
from watchparty.domain.video import Status, Visibility
from watchparty.domain.webhook import (
    MOST_RETRIES,
    TOLERANCE,
    body_of,
    clean_kinds,
    clean_url,
    is_public,
    is_signed,
    retry_delay,
    secret_words,
    signatures,
)

SECRET, FORMER = b"s" * 32, b"f" * 32


def test_the_standard_s_own_library_accepts_either_secret_and_nothing_changed() -> None:
    now = int(time.time())
    headers = {"webhook-id": "m1", "webhook-timestamp": str(now)}
    headers["webhook-signature"] = signatures([SECRET, FORMER], "m1", now, b'{"a":1}')
    for secret in (SECRET, FORMER):
        assert Receiver(secret_words(secret)).verify(b'{"a":1}', headers) == {"a": 1}
    with pytest.raises(WebhookVerificationError):
        Receiver(secret_words(SECRET)).verify(b'{"a":2}', headers)
    with pytest.raises(WebhookVerificationError):
        Receiver(secret_words(b"x" * 32)).verify(b'{"a":1}', headers)


def test_a_signature_is_good_for_five_minutes_either_way_and_for_these_bytes_alone() -> None:
    given = signatures([SECRET], "m1", 1000, b"body")
    assert is_signed(SECRET, "m1", "1000", b"body", f"v2,other {given}", 1000 + TOLERANCE)
    assert is_signed(SECRET, "m1", "1000", b"body", given, 1000 - TOLERANCE)
    for late in (1001 + TOLERANCE, 999 - TOLERANCE):
        assert not is_signed(SECRET, "m1", "1000", b"body", given, late)
    assert not is_signed(SECRET, "m2", "1000", b"body", given, 1000)
    assert not is_signed(SECRET, "m1", "1001", b"body", given, 1000)
    assert not is_signed(SECRET, "m1", "1000", b"bodY", given, 1000)
    assert not is_signed(FORMER, "m1", "1000", b"body", given, 1000)
    for nonsense in ("", "v1", "v1,", "v1,é", given[:-4]):
        assert not is_signed(SECRET, "m1", "1000", b"body", nonsense, 1000)
    for nonsense in ("", "-1", "1e3", "9" * 40, "²"):
        assert not is_signed(SECRET, "m1", nonsense, b"body", given, 1000)
    assert not is_signed(SECRET, "", "1000", b"body", signatures([SECRET], "", 1000, b"body"), 1000)


def test_tries_come_ever_more_seldom_and_end_after_ten_more() -> None:
    waits = [retry_delay(tries, 1.0) for tries in range(1, MOST_RETRIES + 2)]
    assert waits[:4] == [5.0, 20.0, 80.0, 320.0] and waits[-1] is None and waits.count(None) == 1
    known = [wait for wait in waits if wait is not None]
    assert known == sorted(known) and 24 * 3600 < sum(known) < 3 * 24 * 3600
    assert retry_delay(3, 0.0) == 40.0


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.0.1",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a00:1::1",
    ],
)
def test_addresses_of_this_machine_and_of_private_networks_are_known_however_written(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_internet_are_asked(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "ftp://example.org",
        "file:///etc/passwd",
        "https://",
        "example.org",
        "javascript:alert(1)",
        "https://ann:secret@example.org",
        "https://ex\u202eample.org",
        "https://[::1",
        "https://a:99999",
        "https://a:0",
        "http://localhost/",
        "http://127.0.0.1:8080/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "x" * 3000,
    ],
)
def test_an_address_that_cannot_or_must_not_be_asked_is_refused_at_once(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        clean_url(url, private_too=False)
    assert refused.value.pointer == "/url"


def test_private_addresses_are_taken_where_the_setting_allows_it() -> None:
    assert clean_url(" http://127.0.0.1:8080/hook ", private_too=True) == "http://127.0.0.1:8080/hook"
    assert clean_url("https://example.org/hook?a=1", private_too=False) == "https://example.org/hook?a=1"


def test_kinds_are_taken_once_and_unknown_ones_and_progress_are_named() -> None:
    assert clean_kinds(["VideoProcessed", "JobFailed", "VideoProcessed"]) == ("VideoProcessed", "JobFailed")
    for kind in ("Everything", "JobProgressed"):
        with pytest.raises(Invalid) as refused:
            clean_kinds(["VideoProcessed", kind])
        assert refused.value.pointer == "/events/1"


def test_what_is_sent_says_what_happened_when_and_to_what() -> None:
    event = VideoDeleted(
        subject="film",
        owner_id="ann",
        at=0.5,
        seq=3,
        people=("bob",),
        title="Solaris",
        visibility=Visibility.PUBLIC,
        status=Status.READY,
    )
    said = json.loads(body_of(event))
    assert (said["type"], said["timestamp"]) == ("VideoDeleted", "1970-01-01T00:00:00.500Z")
    assert said["data"]["subject"] == "film" and said["data"]["title"] == "Solaris" and "people" not in said["data"]
