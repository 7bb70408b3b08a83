import json

import pytest

from watchparty.domain.event import (
    KINDS,
    Event,
    JobFailed,
    JobProgressed,
    JobStarted,
    RoomCreated,
    RoomEnded,
    UserRegistered,
    VideoChanged,
    VideoDeleted,
    VideoFailed,
    VideoProcessed,
    may_hear,
    restored,
)
from watchparty.domain.job import Job
from watchparty.domain.rights import Rights
from watchparty.domain.room import Admission, Room
from watchparty.domain.user import Person, Role, User
from watchparty.domain.video import Status, Video, Visibility

ANN, BOB = Person("ann", "Ann", Role.USER, "s1"), Person("bob", "Bob", Role.USER, "s2")
ADA = Person("ada", "Ada", Role.ADMIN, "s3")
GUEST = Person("guest", "Guest", Role.GUEST, "s4", "room")


def film(visibility: Visibility = Visibility.PRIVATE, status: Status = Status.READY) -> Video:
    return Video("film", "ann", "A film", 1.0, 1.0, visibility=visibility, status=status, reason="Why.")


def room(admission: Admission) -> Room:
    return Room("room", "Friday", "ann", admission, Rights(), None, None, 1.0, 1.0)


JOB = Job("job", "convert", "film", 1.0)

HEARD = [
    (VideoProcessed.of(film()), "ann ada"),
    (VideoChanged.of(film(Visibility.UNLISTED)), "ann ada"),
    (VideoProcessed.of(film(Visibility.PUBLIC)), "ann ada bob"),
    (VideoDeleted.of(film(Visibility.PUBLIC)), "ann ada bob"),
    (VideoFailed.of(film(Visibility.PUBLIC, Status.FAILED)), "ann ada"),
    (JobStarted.of(JOB, "ann"), "ann ada"),
    (JobStarted.of(JOB, None), "ada"),
    (RoomCreated.of(room(Admission.OPEN)), "ann ada bob"),
    (RoomCreated.of(room(Admission.APPROVAL)), "ann ada bob"),
    (RoomCreated.of(room(Admission.INVITE)), "ann ada"),
    (RoomEnded.of(room(Admission.INVITE), ("bob",)), "ann ada bob"),
    (UserRegistered.of(User("bob", "bob", "Bob", Role.USER, None, 1.0)), "bob ada"),
]


@pytest.mark.parametrize(("event", "who"), HEARD, ids=lambda value: getattr(value, "kind", value))
def test_everybody_hears_what_they_may_know_and_nothing_else(event: Event, who: str) -> None:
    assert {person.id for person in (ANN, BOB, ADA, GUEST) if may_hear(person, event)} == set(who.split())


@pytest.mark.parametrize(
    "event",
    [
        VideoFailed.of(film(status=Status.FAILED)),
        JobFailed.of(JOB, "ann", error="The disk failed."),
        JobProgressed.of(JOB, "ann", progress=0.5, speed=2.0, seconds_left=None),
        RoomEnded.of(room(Admission.APPROVAL), ("bob", "cleo")),
        UserRegistered.of(User("bob", "bob", "Bob", Role.USER, None, 1.0)),
    ],
    ids=lambda event: event.kind,
)
def test_an_event_is_the_same_after_it_was_written_down(event: Event) -> None:
    envelope = {"subject": event.subject, "owner_id": event.owner_id, "people": event.people}
    again = restored(event.kind, envelope, json.loads(json.dumps(event.fields())))
    assert again == event and type(again) is type(event)


def test_what_a_later_version_said_besides_is_passed_over() -> None:
    event = VideoChanged.of(film())
    said = {**event.fields(), "mood": "cheerful"}
    assert restored("VideoChanged", {"subject": "film", "owner_id": "ann"}, said) == event


def test_every_kind_goes_by_its_own_name() -> None:
    assert all(kind.__name__ == name for name, kind in KINDS.items())
