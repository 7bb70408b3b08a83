import pytest

from watchparty.domain.rate import Allowance, class_of


@pytest.mark.parametrize(
    ("method", "path", "rate"),
    [
        ("POST", "/api/v1/auth/login", "auth"),
        ("PUT", "/api/v1/users/me/password", "auth"),
        ("POST", "/api/v1/auth/password", "auth"),
        ("POST", "/api/v1/auth/refresh", "write"),
        ("GET", "/api/v1/videos", "read"),
        ("DELETE", "/api/v1/videos/{id}", "write"),
        ("POST", "/api/v1/videos/{id}/urls", "urls"),
        ("PATCH", "/api/v1/uploads/{id}", None),
        ("POST", "/api/v1/uploads", "write"),
        ("GET", "/m/{token}/{video}/{file}", None),
        ("PUT", "/u/{address}", None),
        ("GET", "/videos/{id}", None),
        ("GET", "/metrics", None),
    ],
)
def test_method_and_path_tell_the_class(method: str, path: str, rate: str | None) -> None:
    assert class_of(method, path) == rate


def test_an_allowance_is_spent_at_once_or_over_a_minute_and_says_how_long_to_wait() -> None:
    allowance = Allowance.full(10, 0.0)
    assert all(allowance.take(0.0) for _ in range(10))
    assert not allowance.take(3.0)
    assert allowance.seconds_until_next == 3.0
    assert allowance.take(6.0)
    assert not allowance.take(6.0)
    assert sum(allowance.take(1000.0) for _ in range(20)) == 10
