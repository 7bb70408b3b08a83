import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../web/lib/api.js";
import { BUSY_MS, CALM_MS, GATHER_MS, Rounds, TOLD_MS, delayAfter } from "../../web/lib/rounds.js";

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

/** What happens, told by hand. */
class News {
  open = false;
  listeners = [];

  on(name, callback) {
    const entry = { name, callback };
    this.listeners.push(entry);
    return () => this.listeners.splice(this.listeners.indexOf(entry), 1);
  }

  tell(name, data = null) {
    if (name === "open" || name === "gone") this.open = name === "open";
    for (const { callback } of this.listeners.filter((entry) => entry.name === name)) callback(data);
  }
}

function told(options = {}) {
  const world = new World();
  const news = new News();
  world.rounds = new Rounds(
    async () => {
      world.asked += 1;
      return world.answers.shift() ?? false;
    },
    world.page,
    { timers: world.timers, news, names: ["Happened"], ...options },
  );
  return { world, news };
}

test("while the server tells what happens one looks when something does, once for what comes together, and seldom otherwise", async () => {
  const { world, news } = told();
  world.rounds.start();
  await settled();
  news.tell("open");
  assert.equal(world.timer.ms, GATHER_MS);
  await world.elapse();
  assert.deepEqual([world.asked, world.timer.ms], [2, TOLD_MS]);
  news.tell("Happened");
  news.tell("Happened");
  assert.equal(world.timer.ms, GATHER_MS);
  await world.elapse();
  assert.equal(world.asked, 3);
});

test("once the server no longer tells, one asks again and again as before", async () => {
  const { world, news } = told();
  world.answers = [true, true];
  news.open = true;
  world.rounds.start();
  await settled();
  assert.equal(world.timer.ms, TOLD_MS);
  news.tell("gone");
  await world.elapse();
  assert.equal(world.timer.ms, BUSY_MS);
});

test("what does not concern it has nobody look, and what is going on untold is asked after", async () => {
  const { world, news } = told({ concerns: ({ subject }) => subject === "mine", told: 5000 });
  world.answers = [true];
  news.open = true;
  world.rounds.start();
  await settled();
  news.tell("Happened", { subject: "other" });
  assert.equal(world.timer.ms, 5000);
  news.tell("Happened", { subject: "mine" });
  assert.equal(world.timer.ms, GATHER_MS);
});

test("once stopped nobody listens any more", async () => {
  const { world, news } = told();
  world.rounds.start();
  await settled();
  world.rounds.stop();
  assert.deepEqual(news.listeners, []);
});
