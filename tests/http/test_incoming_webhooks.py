"""What external encoders report, signed with the standard's own library."""

import asyncio
import json
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook

from tests.client import Client
from tests.films import Films
from tests.listening import Listening
from watchparty.domain.source import Unplayable
from watchparty.services import transcoding

ADDRESS = "/api/v1/webhooks/video-processed"


class Encoder:
    """Another program that encodes and reports."""

    def __init__(self, client: Client, secret: str) -> None:
        self.client = client
        self._signer = Webhook(secret)

    async def report(
        self,
        video_id: str,
        status: int = 200,
        *,
        said: str = "ready",
        message_id: str | None = None,
        ago: float = 0.0,
        forged: bool = False,
        **more: Any,
    ) -> Any:
        body = json.dumps({"video_id": video_id, "status": said, **more})
        message_id, at = message_id or str(uuid.uuid4()), datetime.now(UTC) - timedelta(seconds=ago)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": self._signer.sign(message_id, at, body),
            "Content-Type": "application/json",
        }
        sent = body.replace(": ", ":") if forged else body
        async with self.client.session.post(self.client.absolute(ADDRESS), data=sent, headers=headers) as answer:
            text = await answer.text()
            assert answer.status == status, f"{answer.status} instead of {status}: {text}"
            return json.loads(text)


@pytest.fixture
async def encoder(admin: Client, nobody: Client) -> Encoder:
    secret = (await admin.post("/api/v1/admin/incoming-webhooks/secret"))["secret"]
    return Encoder(nobody, secret)


@pytest.fixture
async def failed(user: Client, films: Films, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A film that this server could not make anything of."""

    class Blind:
        def __init__(self, path: str) -> None:
            pass

        def take(self) -> None:
            raise Unplayable("No decoder for this.")

    with monkeypatch.context() as broken:
        broken.setattr(transcoding, "Look", Blind)
        video = await user.until_settled((await user.upload(films.h264))["id"])
    assert video["status"] == "failed"
    return video


async def test_a_film_is_ready_once_its_file_was_opened_and_everybody_hears_so(
    user: Client, encoder: Encoder, failed: Any
) -> None:
    async with Listening.open(user) as bob:
        answer = await encoder.report(failed["id"], files=[failed["title"] + ".mp4"])
        assert answer == {"video_id": failed["id"], "status": "ready", "reason": None}
        heard = await bob.until("VideoProcessed", subject=failed["id"])
    assert heard[-1].data["status"] == "ready"
    video = await user.get(f"/api/v1/videos/{failed['id']}")
    assert video["status"] == "ready" and video["duration"] > 0
    await user.bytes(await user.master(failed["id"]))


async def test_the_same_report_again_changes_nothing(user: Client, encoder: Encoder, failed: Any) -> None:
    first = await encoder.report(failed["id"], message_id="m1")
    again = await encoder.report(failed["id"], message_id="m1")
    assert again == first
    await encoder.report(failed["id"], 409, message_id="m2")


async def test_a_report_in_the_wrong_state_is_refused(user: Client, encoder: Encoder, films: Films) -> None:
    pending = (await user.post("/api/v1/videos", {"title": "Soon"}, 201))["video"]
    ready = await user.ready(films.h264)
    for video in (pending, ready):
        for said in ("ready", "failed"):
            await encoder.report(video["id"], 409, said=said)
    await encoder.report("nothing", 404)


async def test_that_a_film_failed_is_taken_with_its_reason(user: Client, encoder: Encoder, failed: Any) -> None:
    answer = await encoder.report(failed["id"], said="failed", reason="The tape is torn.")
    assert (answer["status"], answer["reason"]) == ("failed", "The tape is torn.")
    assert (await user.get(f"/api/v1/videos/{failed['id']}"))["reason"] == "The tape is torn."


async def test_a_file_that_is_not_there_or_no_film_leaves_it_as_it_was(
    user: Client, encoder: Encoder, failed: Any, tmp_path: Path
) -> None:
    for name in ("nothing.mp4", "../../secret.key", "/etc/passwd"):
        problem = await encoder.report(failed["id"], 422, files=[name])
        assert problem["errors"][0]["pointer"] == "/files/0"
    (original,) = (tmp_path / "data" / "objects" / "originals" / failed["id"]).iterdir()
    original.write_bytes(b"no film at all")
    problem = await encoder.report(failed["id"], 422, message_id="again")
    assert problem["errors"][0]["pointer"] == "/video_id"
    assert (await user.get(f"/api/v1/videos/{failed['id']}"))["status"] == "failed"
    # What was not carried out is not remembered as such.
    await encoder.report(failed["id"], 422, message_id="again")


async def test_whatever_is_not_signed_with_the_newest_secret_is_refused(
    admin: Client, nobody: Client, encoder: Encoder, failed: Any
) -> None:
    await nobody.post(ADDRESS, {"video_id": failed["id"], "status": "ready"}, 401)
    await encoder.report(failed["id"], 401, ago=400)
    await encoder.report(failed["id"], 401, ago=-400)
    await encoder.report(failed["id"], 401, forged=True)
    await Encoder(nobody, "whsec_" + "A" * 43 + "=").report(failed["id"], 401)
    await admin.post("/api/v1/admin/incoming-webhooks/secret")
    await encoder.report(failed["id"], 401)
    assert (await admin.get("/api/v1/admin/incoming-webhooks/secret"))["created_at"]


async def test_without_a_secret_nothing_is_taken(admin: Client, nobody: Client, failed: Any) -> None:
    assert (await admin.get("/api/v1/admin/incoming-webhooks/secret")) == {"created_at": None}
    await Encoder(nobody, "whsec_" + "A" * 43 + "=").report(failed["id"], 401)


async def test_a_signed_report_that_makes_no_sense_is_answered_with_its_fields(encoder: Encoder, failed: Any) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [({"files": "a.mp4"}, "/files"), ({"mood": "fine"}, "/mood")]
    for more, pointer in wrong:
        problem = await encoder.report(failed["id"], 422, **more)
        assert problem["errors"][0]["pointer"] == pointer
    await encoder.report(failed["id"], 422, said="perhaps")


async def test_of_two_reports_at_once_one_is_carried_out(user: Client, encoder: Encoder, failed: Any) -> None:
    async def told() -> int:
        try:
            await encoder.report(failed["id"])
        except AssertionError as refused:
            assert str(refused).startswith("409")
            return 0
        return 1

    async with Listening.open(user) as bob:
        assert sum(await asyncio.gather(*(told() for _ in range(4)))) == 1
        await user.post("/api/v1/rooms", {"name": "Bell"}, 201)
        heard = await bob.until("RoomCreated", name="Bell")
    assert [each.name for each in heard].count("VideoProcessed") == 1
