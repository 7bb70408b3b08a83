import assert from "node:assert/strict";
import { test } from "node:test";
import { Bookmark, beginAt } from "../../web/lib/bookmark.js";
import { wordsFor, workOn } from "../../web/lib/unready.js";
import { throttle } from "../../web/lib/throttle.js";
import { Ticker } from "../../web/lib/ticker.js";
import { World } from "./world.mjs";

test("one goes on where one left off, unless it had hardly begun or was all but over", () => {
  assert.equal(beginAt(300, 600), 300);
  assert.equal(beginAt(4, 600), 0);
  assert.equal(beginAt(590, 600), 0);
  assert.equal(beginAt(null, 600), 0);
  assert.equal(beginAt(300, null), 300);
});

test("the place is kept every ten seconds of film and when asked", () => {
  const kept = [];
  const bookmark = new Bookmark((position) => kept.push(position));
  for (let position = 100; position <= 125; position++) bookmark.at(position);
  assert.deepEqual(kept, [110, 120]);
  bookmark.flush();
  bookmark.flush();
  assert.deepEqual(kept, [110, 120, 125]);
  bookmark.at(20);
  assert.equal(kept.at(-1), 20);
});

test("a film that cannot be shown says why and whether waiting helps", () => {
  assert.equal(wordsFor({ status: "ready" }), null);
  assert.equal(wordsFor({ status: "pending", reason: "Waiting for the rest of the file." }).detail, "Waiting for the rest of the file.");
  assert.equal(wordsFor({ status: "processing", progress: 0.4 }).progress, 0.4);
  assert.equal(wordsFor({ status: "uploaded" }).waiting, true);
  const failed = wordsFor({ status: "failed", reason: "There is no picture in it." });
  assert.equal(failed.waiting, false);
  assert.equal(failed.detail, "There is no picture in it.");
});

test("what is still being done to a film that plays is told with how far it is", () => {
  assert.equal(workOn({ status: "ready", progress: 1, activity: null }), "");
  const words = workOn({ status: "ready", activity: "Preparing 360p", progress: 0.345, speed: 2.06, eta_seconds: 180 });
  assert.equal(words, "Preparing 360p · 34% · 2.1× as fast as it plays · 3 min left");
});

test("a drag makes a request now and then, and always the last one", async () => {
  const world = new World();
  const asked = [];
  const seek = throttle(200, (position) => asked.push(position), (ms, call) => world.at(world.now + ms, call));
  for (let position = 0; position < 100; position++) {
    seek(position);
    await world.run(10);
  }
  await world.run(1000);
  assert.equal(asked[0], 0);
  assert.equal(asked.at(-1), 99);
  assert.ok(asked.length <= 7, String(asked.length));
  seek(500);
  assert.equal(asked.at(-1), 500);
});

test("timers of the worker are called, and not after they were cancelled", () => {
  const orders = [];
  let tick = () => {};
  const ticker = new Ticker({ postMessage: (order) => orders.push(order), addEventListener: (_, hear) => (tick = (id) => hear({ data: id })) });
  let calls = 0;
  const cancel = ticker.every(50, () => calls++);
  ticker.after(-5, () => (calls += 100));
  assert.deepEqual(orders, [{ id: 1, every: 50 }, { id: 2, after: 0 }]);
  tick(1), tick(1), tick(2), tick(2);
  assert.equal(calls, 102);
  cancel();
  tick(1);
  assert.equal(calls, 102);
  assert.deepEqual(orders.at(-1), { id: 1, stop: true });
});
