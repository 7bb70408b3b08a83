import pytest

from watchparty.domain.masking import HIDDEN, masked

JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl-X_y"
SECRET = "x9Kf2-sECret_4711"


@pytest.mark.parametrize(
    "line",
    [
        "Authorization: Bearer {0}",
        "{{'Authorization': 'Bearer {0}'}}",
        "authorization=Basic {0}",
        "bearer.{0} in a subprotocol",
        "GET /u/{0}?x=1",
        "GET /m/{0}/video/master.m3u8",
        "see http://localhost:8080/join/{0}",
        "/api/v1/guest/validate/{0}",
        "http://localhost/setup?token={0}&next=/",
        "?access_token={0}",
        '{{"password": "{0}", "username": "ada"}}',
        "{{'new_password': '{0}'}}",
        "Login(username='ada', password='{0}')",
        "Cookie: wp_access={0}; wp_refresh={0}",
        "Set-Cookie: wp_refresh={0}; HttpOnly",
        '{{"refresh_token":"{0}"}}',
        "signature={0}",
        "whsec_{0}",
        "key wp_{0}{0}",
    ],
)
def test_what_opens_something_is_hidden(line: str) -> None:
    for secret in (SECRET, JWT):
        hidden = masked(line.format(secret))
        assert secret not in hidden and "4711" not in hidden and "eyJ" not in hidden
        assert HIDDEN in hidden


def test_a_token_is_known_by_its_looks_wherever_it_stands() -> None:
    assert masked(f"what is {JWT}?") == f"what is {HIDDEN}?"
    assert masked(f"cut off: {JWT[:30]}") == f"cut off: {HIDDEN}"


@pytest.mark.parametrize(
    "line",
    [
        "GET /api/v1/videos/{id} 200 1.2 ms 532 B",
        "watchparty.access GET /m/{token}/{video}/{file} 206",
        "the cache is at /data/cache/segments",
        "PUT /u/{address} 200",
        "a request from 127.0.0.1 could not be read: 400 BadStatusLine",
        "the encoder libx264 is used",
        "wp_access is missing",
    ],
)
def test_everything_else_stays(line: str) -> None:
    assert masked(line).replace(HIDDEN, "{token}") == line
