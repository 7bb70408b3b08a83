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

from tests.domain.crowd import FILMS, ROLES, Crowd, Player, Said
from watchparty.domain.message import Load, Pause, Play, Rate, Seek, State, Status, Wait, WaitOp
from watchparty.domain.party_event import Changed, Refused
from watchparty.domain.rights import Control, RoomRole
from watchparty.domain.stage import Film
from watchparty.domain.waiting import LONGEST_WAIT_AT_START

people = st.sampled_from(list(ROLES))
which = st.integers(0, 5)
often = st.sampled_from([True, True, False])


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

    def says(self, who: str, said: Said, at_once: bool) -> None:
        """Somebody says something, which is on its way for a while or there at once."""
        player = self.crowd.players[who]
        player.outbox.append(said)
        if at_once:
            self.something_arrives_at_the_party(who, len(player.outbox) - 1)

    def look(self, who: str, at_once: bool) -> Player | None:
        """Somebody's player, if they are here; on a good line they know all there is to know."""
        player = self.crowd.players.get(who)
        if player and at_once:
            player.drain()
        return player

    @rule(who=people, late=st.floats(-0.2, 0.2), at_once=often)
    def play(self, who: str, late: float, at_once: bool) -> None:
        if player := self.look(who, at_once):
            self.says(who, Play(player.view.revision, self.server_ms(late)), at_once)

    @rule(who=people, off=st.none() | st.floats(-3, 3), at_once=often)
    def pause(self, who: str, off: float | None, at_once: bool) -> None:
        if player := self.look(who, at_once):
            position = None if off is None else max(0.0, player.view.position_at(self.scene.now) + off)
            self.says(who, Pause(player.view.revision, position, self.server_ms(0)), at_once)

    @rule(who=people, position=st.floats(0, 700), late=st.floats(-3, 3), at_once=often)
    def seek(self, who: str, position: float, late: float, at_once: bool) -> None:
        if player := self.look(who, at_once):
            self.says(who, Seek(player.view.revision, position, self.server_ms(late)), at_once)

    @rule(who=people, rate=st.floats(0.25, 4), at_once=often)
    def change_rate(self, who: str, rate: float, at_once: bool) -> None:
        if player := self.look(who, at_once):
            self.says(who, Rate(player.view.revision, rate), at_once)

    @rule(who=people, film=st.sampled_from(list(FILMS)), at_once=often)
    def load(self, who: str, film: str, at_once: bool) -> None:
        if player := self.look(who, at_once):
            self.says(who, Load(player.view.revision, film), at_once)

    @rule(who=people, at_once=often)
    def play_now(self, who: str, at_once: bool) -> None:
        if who in self.crowd.players:
            self.says(who, Wait(WaitOp.PLAY_NOW), at_once)

    @rule(who=people, state=st.sampled_from(list(State)), at_once=often)
    def a_player_says_how_it_is(self, who: str, state: State, at_once: bool) -> None:
        if player := self.look(who, at_once):
            position = player.view.position_at(self.scene.now)
            self.says(who, Status(player.view.revision, position, 10.0, state), at_once)

    @rule()
    def everybody_plays_in_step(self) -> None:
        """The usual evening, from wherever things are."""
        for state in (State.READY, State.PLAYING):
            for who in self.crowd.players:
                self.a_player_says_how_it_is(who, state, at_once=True)
            for who in list(self.crowd.players)[:1]:
                self.play(who, 0.0, at_once=True)
            self.time_passes(2.0)

    @rule(who=people, seconds=st.sampled_from([0.5, 1.1, 5.0, 12.0]))
    def a_player_runs_dry(self, who: str, seconds: float) -> None:
        self.a_player_says_how_it_is(who, State.STARVING, at_once=True)
        self.time_passes(seconds)

    @rule(who=people)
    def a_player_runs_dry_again_and_again(self, who: str) -> None:
        for _ in range(3):
            self.everybody_plays_in_step()
            self.a_player_runs_dry(who, 12.0)

    @rule(who=people, late=people, position=st.floats(0, 500))
    def a_seek_for_which_somebody_is_never_ready(self, who: str, late: str, position: float) -> None:
        self.everybody_plays_in_step()
        self.seek(who, position, 0.0, at_once=True)
        self.a_player_runs_dry(late, 12.0)

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
    run(examples=60, steps=50)


@pytest.mark.soak
def test_any_party_holds_at_length() -> None:
    run(examples=1_000, steps=50)


def run(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        PartyMachine, settings=settings(max_examples=examples, stateful_step_count=steps, deadline=None)
    )
