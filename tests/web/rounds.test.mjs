import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../web/lib/api.js";
import { BUSY_MS, CALM_MS, Rounds, delayAfter } from "../../web/lib/rounds.js";

/** A page, and timers that go off when told to. */
class World {
  page = Object.assign(new EventTarget(), { hidden: false });
  timer = null;
  timers = {
    set: (call, ms) => (this.timer = { call, ms }),
    clear: (timer) => {
      if (timer === this.timer) this.timer = null;
    },
  };
  asked = 0;
  answers = [];

  rounds = new Rounds(
    async () => {
      this.asked += 1;
      const answer = this.answers.shift() ?? false;
      if (answer instanceof Error) throw answer;
      return await answer;
    },
    this.page,
    { timers: this.timers },
  );

  show(visible) {
    this.page.hidden = !visible;
    this.page.dispatchEvent(new Event("visibilitychange"));
  }

  async elapse() {
    this.timer.call();
    await settled();
  }
}

const OUT_OF_REACH = new ApiProblem({ status: 0, detail: "The server cannot be reached." });
const settled = () => new Promise((done) => setImmediate(done));

test("while something is going on it is asked after soon, and seldom once nothing is", async () => {
  const world = new World();
  world.answers = [true, false];
  world.rounds.start();
  await settled();
  assert.equal(world.timer.ms, BUSY_MS);
  await world.elapse();
  assert.deepEqual([world.asked, world.timer.ms], [2, CALM_MS]);
});

test("nothing is asked in a tab that nobody sees, and at once when it is seen again", async () => {
  const world = new World();
  world.answers = [true, true];
  world.rounds.start();
  await settled();
  world.show(false);
  assert.equal(world.timer, null);
  world.show(true);
  await settled();
  assert.deepEqual([world.asked, world.timer.ms], [2, BUSY_MS]);
});

test("an answer that comes when the tab is hidden already starts no timer", async () => {
  const world = new World();
  world.answers = [true];
  world.rounds.start();
  world.show(false);
  await settled();
  assert.deepEqual([world.asked, world.timer], [1, null]);
});

test("a server that does not answer is asked ever more seldom, until it answers", async () => {
  const world = new World();
  world.answers = [OUT_OF_REACH, OUT_OF_REACH, true];
  world.rounds.start();
  await settled();
  const first = world.timer.ms;
  await world.elapse();
  assert.ok(world.timer.ms > first);
  await world.elapse();
  assert.equal(world.timer.ms, BUSY_MS);
  assert.equal(delayAfter(true, 20), 60_000);
});

test("what is asked for during a look is looked at after it, once", async () => {
  const world = new World();
  let answer = () => {};
  world.answers = [new Promise((done) => (answer = done)), false];
  world.rounds.start();
  world.rounds.soon();
  world.rounds.soon();
  assert.equal(world.asked, 1);
  answer(true);
  await settled();
  assert.deepEqual([world.asked, world.timer.ms], [2, CALM_MS]);
});

test("once stopped nothing is asked any more", async () => {
  const world = new World();
  world.answers = [true];
  world.rounds.start();
  await settled();
  world.rounds.stop();
  world.rounds.soon();
  world.show(true);
  await settled();
  assert.deepEqual([world.asked, world.timer], [1, null]);
});
