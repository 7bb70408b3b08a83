"""A disk that fails during a request: what is said to whoever sent it."""

import errno
import io
from typing import Any

import pytest

from tests.client import Client
from watchparty.storage import objects, patience


@pytest.mark.parametrize(
    ("number", "status"), [(errno.EIO, 503), (errno.EROFS, 503), (errno.ENOSPC, 507), (errno.EDQUOT, 507)]
)
async def test_it_is_said_in_a_sentence_and_the_upload_can_be_sent_again(
    admin: Client, films: Any, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, "the disk says no")

    film = films.h264.read_bytes()
    made = await admin.post("/api/v1/videos", {"filename": "a.mp4", "size": len(film)}, 201)
    url = admin.absolute(made["upload"]["url"])
    with monkeypatch.context() as broken:
        broken.setattr(patience, "pause", lambda seconds: None)
        broken.setattr(objects, "_write_at", fail)
        async with admin.session.put(url, data=io.BytesIO(film)) as answer:
            assert answer.status == status
            assert answer.content_type == "application/problem+json"
            assert "the disk says no" not in await answer.text()
            assert ("Retry-After" in answer.headers) is (status == 503)
    async with admin.session.put(url, data=io.BytesIO(film)) as answer:
        assert answer.status == 200
