import assert from "node:assert/strict";
import { test } from "node:test";

import { Events, HIDDEN_MS } from "../../web/lib/events.js";

class Line extends EventTarget {
  readyState = 0;

  constructor(url) {
    super();
    this.url = url;
  }

  opens() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  says(name, data, lastEventId = "") {
    this.dispatchEvent(Object.assign(new Event(name), { data: JSON.stringify(data), lastEventId }));
  }

  breaks(forGood) {
    this.readyState = forGood ? 2 : 0;
    this.dispatchEvent(new Event("error"));
  }

  close() {
    this.readyState = 2;
    this.closed = true;
  }
}

/** A page, its lines, and timers that go off when told to. */
class World {
  page = Object.assign(new EventTarget(), { hidden: false });
  lines = [];
  timer = null;
  renewed = 0;
  heard = [];
  events = new Events({
    connect: (url) => {
      const line = new Line(url);
      this.lines.push(line);
      return line;
    },
    page: this.page,
    renew: async () => {
      this.renewed += 1;
    },
    timers: {
      set: (call, ms) => (this.timer = { call, ms }),
      clear: (timer) => {
        if (timer === this.timer) this.timer = null;
      },
    },
  });

  get line() {
    return this.lines.at(-1);
  }

  hears(...names) {
    for (const name of names) this.events.on(name, (data) => this.heard.push([name, data]));
  }

  show(visible) {
    this.page.hidden = !visible;
    this.page.dispatchEvent(new Event("visibilitychange"));
  }

  async elapse() {
    const { call } = this.timer;
    this.timer = null;
    call();
    await new Promise((done) => setImmediate(done));
  }
}

test("nothing is connected before somebody wants to hear something, and one line serves all who do", () => {
  const world = new World();
  assert.equal(world.lines.length, 0);
  world.hears("VideoProcessed", "VideoProcessed", "JobFailed");
  assert.equal(world.lines.length, 1);
  assert.equal(world.line.url, "/api/v1/events");
  world.line.opens();
  world.line.says("VideoProcessed", { subject: "film" }, "5");
  world.line.says("JobFailed", { subject: "job" }, "6");
  world.line.says("RoomCreated", { subject: "room" }, "7");
  assert.deepEqual(world.heard, [
    ["VideoProcessed", { subject: "film" }],
    ["VideoProcessed", { subject: "film" }],
    ["JobFailed", { subject: "job" }],
  ]);
});

test("whoever no longer wants to hear is not told", () => {
  const world = new World();
  const end = world.events.on("JobFailed", () => world.heard.push("no"));
  end();
  world.line.says("JobFailed", {});
  assert.deepEqual(world.heard, []);
});

test("it is said when there is a line and when there is none", () => {
  const world = new World();
  world.hears("open", "gone");
  assert.equal(world.events.open, false);
  world.line.opens();
  assert.equal(world.events.open, true);
  world.line.breaks(false);
  world.line.breaks(false);
  assert.equal(world.events.open, false);
  world.line.opens();
  assert.deepEqual(world.heard.map(([name]) => name), ["open", "gone", "open"]);
  assert.equal(world.lines.length, 1, "the browser takes up a broken line by itself");
});

test("after an answer that was none the session is renewed and another line taken, from where the last one ended", async () => {
  const world = new World();
  world.hears("JobFailed");
  world.line.opens();
  world.line.says("JobFailed", {}, "41");
  world.line.breaks(true);
  await world.elapse();
  assert.deepEqual([world.renewed, world.lines.length], [1, 2]);
  assert.equal(world.line.url, "/api/v1/events?last_event_id=41");
  world.line.says("JobFailed", { subject: "job" }, "42");
  assert.equal(world.heard.length, 2);
});

test("a server that does not answer is asked ever more seldom, until it does", async () => {
  const world = new World();
  world.hears("JobFailed");
  const waits = [];
  for (let i = 0; i < 8; i++) {
    world.line.breaks(true);
    waits.push(world.timer.ms);
    await world.elapse();
  }
  assert.deepEqual(waits, [2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  world.line.opens();
  world.line.breaks(true);
  assert.equal(world.timer.ms, 2000);
});

test("a tab that nobody sees gives its line back after a while, and takes one at once when it is seen again", async () => {
  const world = new World();
  world.hears("JobFailed", "gone");
  world.line.opens();
  world.line.says("JobFailed", {}, "3");
  world.show(false);
  assert.equal(world.timer.ms, HIDDEN_MS);
  assert.equal(world.line.closed, undefined);
  await world.elapse();
  assert.equal(world.lines[0].closed, true);
  assert.equal(world.heard.at(-1)[0], "gone");
  world.show(true);
  assert.equal(world.line.url, "/api/v1/events?last_event_id=3");
});

test("a tab that was hidden for a moment only keeps its line", () => {
  const world = new World();
  world.hears("JobFailed");
  world.show(false);
  world.show(true);
  assert.deepEqual([world.lines.length, world.timer, world.line.closed], [1, null, undefined]);
});

test("what was missed has everything asked for anew", () => {
  const world = new World();
  world.hears("open");
  world.line.opens();
  world.line.says("missed", {});
  assert.equal(world.heard.length, 2);
});

test("what a line says that was let go is not heard", async () => {
  const world = new World();
  world.hears("JobFailed");
  const old = world.line;
  old.breaks(true);
  await world.elapse();
  old.says("JobFailed", {});
  assert.deepEqual(world.heard, []);
});
