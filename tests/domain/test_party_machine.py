"""Anything people and networks may do to a party, in any order; what must hold whatever happens."""

import itertools
import math

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.domain.scene import Scene
from watchparty.domain.event import Changed
from watchparty.domain.message import State
from watchparty.domain.rights import Control, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.waiting import LONGEST_WAIT_AT_START

NAMES = ["ann", "bob", "cleo", "gus"]
ROLES = {"ann": RoomRole.HOST, "bob": RoomRole.MEMBER, "cleo": RoomRole.COHOST, "gus": RoomRole.GUEST}
people = st.sampled_from(NAMES)
# How many revisions behind the sender is.
behind = st.integers(0, 3)


class PartyMachine(RuleBasedStateMachine):
    @initialize(control=st.sampled_from(list(Control)))
    def open(self, control: Control) -> None:
        self.scene = Scene(control=control)
        self.first = self.scene.timeline.revision
        self.stood_since = self.scene.now

    def seated(self) -> set[str]:
        return {watcher.seat for watcher in self.scene.party.watchers}

    def seen(self, behind: int) -> int:
        return max(0, self.scene.timeline.revision - behind)

    @rule(who=people)
    def come_or_go(self, who: str) -> None:
        if who in self.seated():
            self.scene.leave(who)
        else:
            self.scene.sit(who, ROLES[who])

    @rule(who=people, state=st.sampled_from(list(State)), behind=behind)
    def report(self, who: str, state: State, behind: int) -> None:
        if who in self.seated():
            self.scene.says(who, state, revision=self.seen(behind))

    @rule(who=people, behind=behind)
    def play(self, who: str, behind: int) -> None:
        if who in self.seated():
            self.scene.play(who, seen=self.seen(behind))

    @rule(who=people, behind=behind, position=st.none() | st.floats(-10, 700))
    def pause(self, who: str, behind: int, position: float | None) -> None:
        if who in self.seated():
            self.scene.pause(who, seen=self.seen(behind), position=position)

    @rule(who=people, behind=behind, position=st.floats(0, 700), ago=st.floats(-3, 3))
    def seek(self, who: str, behind: int, position: float, ago: float) -> None:
        if who in self.seated():
            self.scene.seek(who, position, seen=self.seen(behind), at=self.scene.now - ago)

    @rule(who=people, rate=st.floats(0.25, 4))
    def change_rate(self, who: str, rate: float) -> None:
        if who in self.seated():
            self.scene.rate(who, rate)

    @rule(who=people)
    def play_now(self, who: str) -> None:
        if who in self.seated():
            self.scene.play_now(who)

    @rule(who=people, duration=st.floats(0.1, 600))
    def load(self, who: str, duration: float) -> None:
        if who in self.seated():
            self.scene.load(who, Film("other", duration, is_ready=True))

    @rule(seconds=st.sampled_from([0.01, 0.1, 0.3, 1.0, 5.0, 60.0, 600.0]))
    def wait(self, seconds: float) -> None:
        self.scene.later(seconds)

    @precondition(lambda self: self.scene.starting)
    @rule()
    def a_wait_always_ends(self) -> None:
        self.scene.later(LONGEST_WAIT_AT_START + 0.1)
        assert not self.scene.starting

    @invariant()
    def revisions_have_no_gap(self) -> None:
        revisions = [self.first, *self.scene.revisions()]
        assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(revisions))
        assert revisions[-1] == self.scene.timeline.revision

    @invariant()
    def what_was_told_last_is_what_is(self) -> None:
        told = self.scene.told(Changed)
        assert not told or told[-1] == self.scene.party.told

    @invariant()
    def the_position_is_within_the_film(self) -> None:
        film = self.scene.party.film
        assert film is not None
        assert film.duration is not None
        for position in (self.scene.position, self.scene.timeline.position):
            assert math.isfinite(position)
            assert 0 <= position <= film.duration

    @invariant()
    def whoever_is_waited_for_is_here(self) -> None:
        assert set(self.scene.waiting_for) <= {watcher.member_id for watcher in self.scene.party.watchers}

    @invariant()
    def a_room_that_wants_to_play_has_a_moment_when_something_happens(self) -> None:
        if self.scene.starting or self.scene.timeline.playing:
            assert self.scene.party.deadline is not None


PartyMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestAnyParty = PartyMachine.TestCase
