from watchparty.domain.message import State, Status
from watchparty.domain.rights import RoomRole
from watchparty.domain.watcher import MOST_DRIFT, Watcher, spread

BOB = Watcher("seat", "bob", "Bob", RoomRole.MEMBER)


def heard(state: State, watcher: Watcher = BOB) -> Watcher:
    return watcher.report(Status(1, 0.0, 10.0, state), cue=1, begun=True, now=10.0)


def test_a_drift_beyond_sense_is_only_far_off() -> None:
    assert BOB.drifts(0.012).drift == 0.012
    assert (BOB.drifts(1e9).drift, BOB.drifts(-1e300).drift) == (MOST_DRIFT, -MOST_DRIFT)


def test_whoever_ran_dry_has_no_drift_any_more() -> None:
    assert heard(State.STARVING, BOB.drifts(0.01)).drift is None


def test_the_spread_is_from_the_first_to_the_last_of_those_who_play() -> None:
    ahead, behind, waiting = BOB.drifts(0.02), BOB.drifts(-0.03), heard(State.READY)
    assert spread([ahead, waiting, behind]) == 0.05
    assert spread([ahead, waiting]) is None, "nobody is apart from themselves"
    assert spread([]) is None
