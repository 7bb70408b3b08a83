"""Anything people and networks may do to a party, in any order; what must hold whatever happens."""

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.domain.crowd import FILMS, ROLES, Crowd, Said
from watchparty.domain.event import Changed, Refused
from watchparty.domain.message import Load, Pause, Play, Rate, Seek, State, Status, Wait, WaitOp
from watchparty.domain.room import Control, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.waiting import LONGEST_WAIT_AT_START

people = st.sampled_from(list(ROLES))
which = st.integers(0, 5)


class PartyMachine(RuleBasedStateMachine):
    @initialize(control=st.sampled_from(list(Control)))
    def open(self, control: Control) -> None:
        self.crowd = Crowd(control)
        self.scene = self.crowd.scene

    # Lines.

    @rule(who=people)
    def come_or_lose_the_line(self, who: str) -> None:
        if who in self.crowd.players:
            self.crowd.lose(who)
        else:
            self.crowd.come(who)

    @precondition(lambda self: self.crowd.zombies)
    @rule()
    def the_party_notices_a_broken_line(self) -> None:
        self.crowd.notice()

    @rule(who=people, index=which)
    def something_arrives_at_a_player(self, who: str, index: int) -> None:
        player = self.crowd.players.get(who)
        if player and player.inbox:
            player.hear(index)

    @rule(who=people, index=which)
    def something_arrives_at_the_party(self, who: str, index: int) -> None:
        player = self.crowd.players.get(who)
        if not player or not player.outbox:
            return
        self.crowd.later(0.0)
        before, watchers = self.scene.party.told, self.scene.party.watchers
        events = self.crowd.hear(who, index)
        refused = [event for event in events if isinstance(event, Refused)]
        if refused:
            assert events == refused, "somebody else heard of a command that was refused"
            assert [each.seat for each in refused] == [player.seat]
            assert self.scene.party.told == before
            assert self.scene.party.watchers == watchers

    @rule(whole=st.booleans())
    def everything_arrives(self, whole: bool) -> None:
        for who, player in self.crowd.players.items():
            player.drain()
            while whole and player.outbox:
                self.something_arrives_at_the_party(who, 0)
        if not whole:
            return
        for player in self.crowd.players.values():
            player.drain()
            assert player.view == self.scene.timeline

    # What people and players say, by what they know.

    def says(self, who: str, said: Said) -> None:
        self.crowd.players[who].outbox.append(said)

    @rule(who=people, late=st.floats(-0.2, 0.2))
    def play(self, who: str, late: float) -> None:
        if player := self.crowd.players.get(who):
            self.says(who, Play(player.view.revision, self.server_ms(late)))

    @rule(who=people, off=st.none() | st.floats(-3, 3))
    def pause(self, who: str, off: float | None) -> None:
        if player := self.crowd.players.get(who):
            position = None if off is None else max(0.0, player.view.position_at(self.scene.now) + off)
            self.says(who, Pause(player.view.revision, position, self.server_ms(0)))

    @rule(who=people, position=st.floats(0, 700), late=st.floats(-3, 3))
    def seek(self, who: str, position: float, late: float) -> None:
        if player := self.crowd.players.get(who):
            self.says(who, Seek(player.view.revision, position, self.server_ms(late)))

    @rule(who=people, rate=st.floats(0.25, 4))
    def change_rate(self, who: str, rate: float) -> None:
        if player := self.crowd.players.get(who):
            self.says(who, Rate(player.view.revision, rate))

    @rule(who=people, film=st.sampled_from(list(FILMS)))
    def load(self, who: str, film: str) -> None:
        if player := self.crowd.players.get(who):
            self.says(who, Load(player.view.revision, film))

    @rule(who=people)
    def play_now(self, who: str) -> None:
        if who in self.crowd.players:
            self.says(who, Wait(WaitOp.PLAY_NOW))

    @rule(who=people, state=st.sampled_from(list(State)))
    def a_player_says_how_it_is(self, who: str, state: State) -> None:
        if player := self.crowd.players.get(who):
            position = player.view.position_at(self.scene.now)
            self.says(who, Status(player.view.revision, position, 10.0, state))

    @rule(state=st.sampled_from([State.READY, State.PLAYING]))
    def all_players_are_in_step(self, state: State) -> None:
        for who, player in self.crowd.players.items():
            player.drain()
            self.a_player_says_how_it_is(who, state)
            player.outbox.insert(0, player.outbox.pop())
            self.something_arrives_at_the_party(who, 0)

    def server_ms(self, late: float) -> float:
        return (self.scene.now - late) * 1000

    # What happens from outside, and time.

    @rule(film=st.none() | st.sampled_from(list(FILMS.values())), ready=st.booleans())
    def the_film_is_taken_away_or_another_put_there(self, film: Film | None, ready: bool) -> None:
        film = film and replace(film, is_ready=ready, duration=film.duration if ready else None)
        self.scene.events += self.scene.party.put(film, None, self.scene.now)
        self.crowd.deliver()

    @rule(duration=st.floats(1, 600))
    def the_film_turns_out_to_be_this_long(self, duration: float) -> None:
        film = self.scene.party.film
        if film is not None and film.duration is None:
            self.scene.events += self.scene.party.know_film(
                replace(film, duration=duration, is_ready=True), self.scene.now
            )
            self.crowd.deliver()

    @rule(who=people, role=st.sampled_from([RoomRole.COHOST, RoomRole.MEMBER]))
    def somebody_has_another_role(self, who: str, role: RoomRole) -> None:
        self.scene.events += self.scene.party.change_member(who, self.scene.now, role=role)
        self.crowd.deliver()

    @rule(who=people, rtt=st.floats(0, 2))
    def a_line_turns_out_to_be_slow(self, who: str, rtt: float) -> None:
        if player := self.crowd.players.get(who):
            self.scene.party.measure(player.seat, rtt)

    @rule(seconds=st.sampled_from([0.01, 0.1, 0.3, 1.0, 2.0, 5.0, 10.0, 60.0, 300.0]))
    def time_passes(self, seconds: float) -> None:
        until = self.scene.now + seconds
        while self.scene.now < until:
            # In steps, so that what is frozen in between is seen.
            self.crowd.later(min(0.5 if seconds < 60 else 5.0, until - self.scene.now))
            self.nobody_freezes_the_room_for_long_or_often()

    @precondition(lambda self: self.scene.starting)
    @rule()
    def a_wait_always_ends_and_then_the_room_plays(self) -> None:
        told = len(self.scene.events)
        self.crowd.later(LONGEST_WAIT_AT_START + 1.0)
        since = [event for event in self.scene.events[told:] if isinstance(event, Changed)]
        assert any(changed.timeline.playing for changed in since)

    # What always holds.

    @invariant()
    def revisions_have_no_gap(self) -> None:
        revisions = self.crowd.revisions
        assert all(later - earlier in (0, 1) for earlier, later in itertools.pairwise(revisions))
        assert revisions[-1] == self.scene.timeline.revision
        del revisions[:-1]

    @invariant()
    def the_position_is_within_the_film(self) -> None:
        film = self.scene.party.film
        for position in (self.scene.position, self.scene.timeline.position):
            assert math.isfinite(position)
            assert position >= 0
            assert film is None or film.duration is None or position <= film.duration

    @invariant()
    def whoever_is_waited_for_is_here(self) -> None:
        assert set(self.scene.waiting_for) <= {watcher.member_id for watcher in self.scene.party.watchers}

    @invariant()
    def a_room_that_wants_to_play_has_a_moment_when_something_happens(self) -> None:
        film = self.scene.party.film
        if self.scene.starting or (self.scene.timeline.playing and film is not None and film.duration is not None):
            assert self.scene.party.deadline is not None

    @invariant()
    def nobody_freezes_the_room_for_long_or_often(self) -> None:
        self.crowd.patience.check(self.scene.now)

    def teardown(self) -> None:
        """The lines hold from now on: in the end everybody knows the same, and nobody is waited for."""
        if not hasattr(self, "crowd"):
            return
        self.everything_arrives(True)
        self.crowd.later(100.0)
        for player in self.crowd.players.values():
            player.drain()
            assert player.view == self.scene.timeline
        assert not self.scene.starting
        self.revisions_have_no_gap()


def test_any_party_holds() -> None:
    run(examples=100, steps=50)


@pytest.mark.soak
def test_any_party_holds_at_length() -> None:
    run(examples=1_000, steps=50)


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        PartyMachine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
