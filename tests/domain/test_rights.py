import pytest

from tests.domain.scene import Scene
from watchparty.domain.rights import HOSTS, Action, Control, Rights, RoomRole

USUAL = Rights()


def test_roles_are_ranked_from_guest_to_host() -> None:
    ranked = sorted(RoomRole, key=lambda role: role.rank)
    assert ranked == [RoomRole.GUEST, RoomRole.MEMBER, RoomRole.COHOST, RoomRole.HOST]


@pytest.mark.parametrize("action", list(Action))
@pytest.mark.parametrize("least", list(RoomRole))
def test_an_action_is_for_its_least_role_and_those_above(action: Action, least: RoomRole) -> None:
    rights = USUAL.change({action: least})
    assert [role for role in RoomRole if rights.allows(role, action)] == [
        role for role in RoomRole if role.rank >= least.rank
    ]


@pytest.mark.parametrize("action", list(Action))
def test_nothing_can_be_taken_from_the_host(action: Action) -> None:
    assert all(USUAL.change({action: least}).allows(RoomRole.HOST, action) for least in RoomRole)


def test_usually_everybody_steers_and_talks_members_choose_and_invite_and_hosts_show_out() -> None:
    assert USUAL.words == {
        "play": "guest", "seek": "guest", "rate": "guest", "queue": "member",
        "chat": "guest", "invite": "member", "kick": "cohost",
    }  # fmt: skip
    assert Rights.of(USUAL.words) == USUAL


@pytest.mark.parametrize("words", [{"fly": "guest"}, {"play": "owner"}, {"play": ""}])
def test_words_that_are_no_rights_are_refused(words: dict[str, str]) -> None:
    with pytest.raises((TypeError, ValueError)):
        Rights.of(words)
    with pytest.raises((TypeError, ValueError)):
        USUAL.change(words)


def test_in_a_room_steered_by_hosts_only_hosts_touch_the_film() -> None:
    rights = USUAL.steered_by(Control.HOSTS)
    touching = [Action.PLAY, Action.SEEK, Action.RATE, Action.QUEUE]
    assert all(rights.allows(role, action) == (role in HOSTS) for role in RoomRole for action in touching)
    assert rights.allows(RoomRole.GUEST, Action.CHAT)
    assert rights.allows(RoomRole.MEMBER, Action.INVITE)


def test_giving_the_film_back_to_everybody_gives_the_usual_rights_and_keeps_the_others() -> None:
    rights = USUAL.change({"chat": "cohost", "seek": "host"}).steered_by(Control.HOSTS).steered_by(Control.EVERYONE)
    assert rights == USUAL.change({"chat": "cohost"})


@pytest.mark.parametrize(
    ("play", "control"),
    [("guest", "everyone"), ("member", "everyone"), ("cohost", "hosts"), ("host", "hosts")],
)
def test_the_shorthand_says_who_plays_and_pauses(play: str, control: str) -> None:
    assert USUAL.change({"play": play}).control == control


def test_a_refusal_says_who_may() -> None:
    rights = USUAL.change({"seek": "host"})
    assert rights.why_not(RoomRole.COHOST, Action.SEEK) == "Only the host may jump in the film here."
    assert rights.why_not(RoomRole.GUEST, Action.QUEUE) == "Only members and hosts may choose films here."
    assert rights.why_not(RoomRole.GUEST, Action.PLAY) is None


def test_what_has_changed_is_told_in_sentences_and_nothing_else() -> None:
    rights = USUAL.change({"play": "cohost", "invite": "guest"})
    assert rights.news_since(USUAL) == (
        "Only hosts may play and pause from now on. Everybody may invite people from now on."
    )
    assert rights.news_since(rights) == ""


def test_each_gesture_asks_for_its_own_right() -> None:
    scene = Scene(rights=USUAL.change({"seek": "cohost", "rate": "member"}))
    scene.sit("gus", RoomRole.GUEST)
    assert scene.play("gus") is None
    assert scene.seek("gus", 30.0) == "not_allowed"
    assert scene.rate("gus", 1.5) == "not_allowed"
    scene.sit("bob")
    assert scene.seek("bob", 30.0) == "not_allowed"
    assert scene.rate("bob", 1.5) is None


def test_a_right_taken_away_is_gone_with_the_next_gesture() -> None:
    scene = Scene()
    scene.sit("bob")
    assert scene.play("bob") is None
    scene.party.rights = USUAL.change({"play": "cohost"})
    assert scene.pause("bob") == "not_allowed"
    assert scene.seek("bob", 30.0) is None


def test_a_cohost_can_be_restricted_to_less_than_the_host() -> None:
    scene = Scene(rights=USUAL.change({"play": "host"}))
    scene.sit("cleo", RoomRole.COHOST)
    assert scene.play("cleo") == "not_allowed"
    assert scene.play_now("cleo") == "not_allowed"
    assert scene.play("ann") is None


def test_whoever_sits_in_the_hosts_chair_has_the_hosts_rights() -> None:
    scene = Scene(rights=USUAL.change({"play": "host"}))
    scene.sit("bob")
    assert scene.party.why_not("bob", Action.PLAY) is not None
    scene.leave("ann")
    scene.later(61.0)
    assert scene.party.why_not("bob", Action.PLAY) is None
