import pytest

from tests.domain.scene import FILM, Scene
from watchparty.domain.message import State
from watchparty.domain.party_event import Changed, Logged, Preparing, PresenceChanged
from watchparty.domain.rights import Control, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.timeline import Cause


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_play_is_scheduled_a_little_ahead_for_everybody(scene: Scene) -> None:
    scene.play("ann")
    assert scene.timeline.playing
    assert scene.timeline.at == pytest.approx(scene.now + 0.25)
    assert (scene.timeline.cause, scene.timeline.by) == (Cause.PLAY, "ann")


@pytest.mark.parametrize(("rtt", "lead"), [(0.0, 0.25), (0.2, 0.55), (3.0, 1.5)])
def test_a_start_leaves_time_for_the_slowest_line(scene: Scene, rtt: float, lead: float) -> None:
    scene.ready("ann")
    scene.party.measure("ann", rtt)
    scene.play("ann")
    assert scene.timeline.at == pytest.approx(scene.now + lead)


def test_the_line_of_somebody_who_only_talks_delays_nobody(scene: Scene) -> None:
    scene.party.measure("ann", 3.0)
    scene.play("ann")
    assert scene.timeline.at == pytest.approx(scene.now + 0.25)


def test_everybody_ready_at_the_position_starts_without_preparing(scene: Scene) -> None:
    scene.sit("bob")
    scene.ready("ann", "bob")
    scene.play("bob")
    assert scene.timeline.playing
    assert not scene.told(Preparing)


def test_a_pause_takes_effect_at_once_and_says_where(scene: Scene) -> None:
    scene.play("ann")
    scene.later(10.25)
    scene.pause("ann")
    assert not scene.timeline.playing
    assert scene.timeline.position == pytest.approx(10.0)


def test_a_pause_keeps_the_frame_its_sender_froze_on(scene: Scene) -> None:
    scene.everybody_playing("ann")
    frozen = scene.position - 0.04
    scene.pause("ann", position=frozen)
    assert scene.timeline.position == frozen


def test_a_pause_far_from_where_the_room_is_pauses_where_the_room_is(scene: Scene) -> None:
    scene.everybody_playing("ann")
    here = scene.position
    scene.pause("ann", position=300.0)
    assert scene.timeline.position == here


def test_the_position_of_a_starving_member_is_not_believed(scene: Scene) -> None:
    scene.everybody_playing("ann")
    scene.starving("ann")
    here = scene.position
    scene.pause("ann", position=here - 0.5)
    assert scene.timeline.position == here


def test_a_seek_while_paused_stays_paused(scene: Scene) -> None:
    scene.seek("ann", 60.0)
    assert (scene.timeline.playing, scene.timeline.position) == (False, 60.0)


def test_a_seek_while_playing_has_everybody_prepare_and_go_on_together(scene: Scene) -> None:
    scene.sit("bob")
    scene.everybody_playing("ann", "bob")
    scene.seek("ann", 60.0)
    prepared = scene.told(Preparing)[-1]
    assert (scene.timeline.playing, scene.starting, prepared.position) == (False, True, 60.0)
    scene.ready("ann")
    assert not scene.timeline.playing
    scene.ready("bob")
    assert (scene.timeline.playing, scene.timeline.position, scene.timeline.cause) == (True, 60.0, Cause.SEEK)


def test_ready_for_an_older_position_does_not_count(scene: Scene) -> None:
    scene.everybody_playing("ann")
    older = scene.timeline.revision
    scene.seek("ann", 60.0)
    scene.says("ann", State.READY, revision=older)
    assert not scene.timeline.playing


def test_the_end_of_the_film_stops_the_timeline_there(scene: Scene) -> None:
    scene.seek("ann", 590.0)
    scene.play("ann")
    scene.later(60.0)
    assert (scene.timeline.playing, scene.timeline.position, scene.timeline.cause) == (False, 600.0, Cause.END)


def test_play_at_the_end_begins_again(scene: Scene) -> None:
    scene.seek("ann", 600.0)
    scene.play("ann")
    assert (scene.timeline.playing, scene.timeline.position) == (True, 0.0)


def test_a_change_of_rate_is_told_and_the_end_comes_sooner(scene: Scene) -> None:
    scene.play("ann")
    scene.later(100.25)
    scene.rate("ann", 2.0)
    assert scene.timeline.position == pytest.approx(100.0)
    scene.later(251.0)
    assert scene.timeline.cause is Cause.END


def test_another_film_stands_at_its_beginning(scene: Scene) -> None:
    scene.everybody_playing("ann")
    assert scene.load("ann", Film("next", 60.0, is_ready=True)) is None
    assert (scene.timeline.video_id, scene.timeline.position, scene.timeline.playing) == ("next", 0.0, False)


def test_without_a_film_there_is_nothing_to_play_or_seek() -> None:
    scene = Scene(film=None)
    assert scene.play("ann") == "no_video"
    assert scene.seek("ann", 0.0) == "no_video"


def test_a_film_that_is_not_ready_cannot_be_played_until_it_is() -> None:
    scene = Scene(film=Film("film", None, is_ready=False))
    assert scene.play("ann") == "video_not_ready"
    scene.party.know_film(FILM, scene.now)
    assert scene.play("ann") is None


@pytest.mark.parametrize("position", [600.1, 1e12])
def test_a_position_past_the_end_is_a_bad_position(scene: Scene, position: float) -> None:
    assert scene.seek("ann", position) == "bad_position"
    scene.play("ann")
    assert scene.pause("ann", position=position) == "bad_position"


def test_a_guest_cannot_pause_the_owners_room() -> None:
    scene = Scene(control=Control.HOSTS)
    scene.sit("gus", RoomRole.GUEST)
    scene.play("ann")
    assert scene.pause("gus") == "not_allowed"
    assert scene.timeline.playing


@pytest.mark.parametrize("role", [RoomRole.COHOST, RoomRole.HOST])
def test_hosts_steer_a_room_where_only_hosts_may(role: RoomRole) -> None:
    scene = Scene(control=Control.HOSTS)
    scene.sit("cleo", role)
    assert scene.play("cleo") is None


def test_where_everyone_may_a_guest_may(scene: Scene) -> None:
    scene.sit("gus", RoomRole.GUEST)
    assert scene.play("gus") is None


def test_a_refused_command_changes_nothing_and_only_its_sender_hears(scene: Scene) -> None:
    before = scene.timeline, len(scene.told(Changed))
    assert scene.pause("ann") == "already_paused"
    assert (scene.timeline, len(scene.told(Changed))) == before


def test_somebody_with_two_seats_is_in_the_room_until_the_second_is_empty(scene: Scene) -> None:
    scene.sit("ann", RoomRole.HOST, seat="ann's phone")
    scene.play("ann")
    scene.leave("ann")
    scene.later(120.0)
    assert scene.timeline.playing


def test_a_room_that_everybody_left_stops_where_they_left_it(scene: Scene) -> None:
    scene.everybody_playing("ann")
    left_at = scene.position
    scene.leave("ann")
    scene.later(59.0)
    assert scene.timeline.playing
    scene.later(2.0)
    assert (scene.timeline.playing, scene.timeline.position) == (False, left_at)


def test_a_room_goes_on_when_the_only_one_comes_back_in_time(scene: Scene) -> None:
    scene.play("ann")
    scene.leave("ann")
    scene.later(30.0)
    scene.sit("ann", RoomRole.HOST)
    scene.later(120.0)
    assert scene.timeline.playing


def test_what_people_did_is_logged_with_the_position(scene: Scene) -> None:
    scene.play("ann")
    scene.later(10.25)
    scene.pause("ann")
    scene.seek("ann", 60.0)
    logged = [(line.kind, line.member_id, round(line.position or 0.0, 3)) for line in scene.told(Logged)]
    assert logged == [("played", "ann", 0.0), ("paused", "ann", 10.0), ("sought", "ann", 60.0)]


def test_a_status_for_a_revision_that_does_not_exist_is_refused(scene: Scene) -> None:
    scene.sit("bob")
    scene.says("bob", State.READY, revision=99)
    assert scene.party.watchers[1].state is None


def test_the_drift_of_a_player_is_measured_from_where_it_says_it_is(scene: Scene) -> None:
    scene.play("ann")
    scene.later(5.25)
    scene.party.measure("ann", 0.2)
    scene.says("ann", State.PLAYING, position=4.95)
    assert scene.party.watchers[0].drift == pytest.approx(0.05)
    assert scene.told(PresenceChanged)
