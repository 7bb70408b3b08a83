import assert from "node:assert/strict";
import { test } from "node:test";
import { standing, told, waiting } from "../../web/lib/telling.js";

const paused = { revision: 3, video_id: "film", position: 754, rate: 1, playing: false, at: 0, cause: "pause", by: "ann" };

test("it is said who did what, and where in the film", () => {
  assert.equal(told(paused, "Ann", false), "Ann paused at 12:34");
  assert.equal(told(paused, "Ann", true), "You paused at 12:34");
  assert.equal(told({ ...paused, cause: "seek" }, null, false), "Went to 12:34");
  assert.equal(told({ ...paused, cause: "restart" }, null, false), "Stopped at 12:34 while the server was started again");
  assert.equal(told({ ...paused, cause: "something new" }, "Ann", false), "");
});

test("those who are late are named, not more of them than can be read", () => {
  assert.equal(waiting([]), "Getting ready");
  assert.equal(waiting(["Bob"]), "Waiting for Bob");
  assert.equal(waiting(["Bob", "Cleo"]), "Waiting for Bob and Cleo");
  assert.equal(waiting(["Bob", "Cleo", "Dan"]), "Waiting for Bob, Cleo and Dan");
  assert.equal(waiting(["Bob", "Cleo", "Dan", "Eve"]), "Waiting for Bob, Cleo and 2 others");
});

test("a member's standing is honest to the millisecond", () => {
  const member = { id: "b", name: "Bob", role: "member", rtt_ms: 2, state: "playing", drift_ms: -12.4 };
  assert.deepEqual(standing(member), { word: "in step", tone: "good", drift: "−12 ms" });
  assert.equal(standing({ ...member, drift_ms: 140 }).word, "catching up");
  assert.equal(standing({ ...member, drift_ms: 140 }).drift, "+140 ms");
  assert.equal(standing({ ...member, drift_ms: null }).drift, "");
  assert.equal(standing({ ...member, state: "starving" }).tone, "bad");
  assert.equal(standing({ ...member, state: "unheard of" }).word, "not watching");
});
