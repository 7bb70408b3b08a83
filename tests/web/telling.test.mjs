import assert from "node:assert/strict";
import { test } from "node:test";
import { apart, standing, told, waiting } from "../../web/lib/telling.js";

const paused = { revision: 3, video_id: "film", position: 754, rate: 1, playing: false, at: 0, cause: "pause", by: "ann" };

test("it is said who did what, and where in the film", () => {
  assert.equal(told(paused, "Ann", false), "Ann paused at 12:34");
  assert.equal(told(paused, "Ann", true), "You paused at 12:34");
  assert.equal(told({ ...paused, cause: "seek" }, null, false), "Went to 12:34");
  assert.equal(told({ ...paused, cause: "restart" }, null, false), "Stopped at 12:34 while the server was started again");
  assert.equal(told({ ...paused, cause: "rate", rate: 1.5 }, "Ann", false), "Ann set the speed to 1.5×");
  assert.equal(told({ ...paused, cause: "load" }, "Ann", false), "Ann put on a film");
  assert.equal(told({ ...paused, cause: "load" }, null, false), "The next film begins");
  assert.equal(told({ ...paused, cause: "load", video_id: null }, "Ann", true), "You took the film away");
  assert.equal(told({ ...paused, cause: "load", video_id: null }, null, false), "The film is gone");
  assert.equal(told({ ...paused, cause: "next" }, null, false), "The next film begins");
  assert.equal(told({ ...paused, cause: "next" }, "Ann", false), "Ann went on to the next film");
  assert.equal(told({ ...paused, cause: "play", position: 0 }, null, false), "The film begins");
  assert.equal(told({ ...paused, cause: "play" }, null, false), "Playing from 12:34");
  assert.equal(told({ ...paused, cause: "something new" }, "Ann", false), "");
});

test("those who are late are named, not more of them than can be read", () => {
  assert.equal(waiting([]), "Getting ready");
  assert.equal(waiting(["Bob"]), "Waiting for Bob");
  assert.equal(waiting(["Bob", "Cleo"]), "Waiting for Bob and Cleo");
  assert.equal(waiting(["Bob", "Cleo", "Dan"]), "Waiting for Bob, Cleo and Dan");
  assert.equal(waiting(["Bob", "Cleo", "Dan", "Eve"]), "Waiting for Bob, Cleo and 2 others");
});

const member = { id: "b", name: "Bob", role: "member", rtt_ms: 2, state: "playing", drift_ms: -12.4 };

test("a member's standing is honest to the millisecond", () => {
  assert.deepEqual(standing(member), { word: "in step", tone: "good", drift: "−12 ms" });
  assert.equal(standing({ ...member, drift_ms: 140 }).word, "catching up");
  assert.equal(standing({ ...member, drift_ms: 140 }).drift, "+140 ms");
  assert.equal(standing({ ...member, drift_ms: null }).drift, "");
  assert.equal(standing({ ...member, state: "starving" }).tone, "bad");
});

test("a drift says which way, and no more than is known", () => {
  assert.deepEqual([12.4, -12.6, 0.4, -0.4, 1449, -9_999, 10_000, -1e9].map(apart), ["+12 ms", "−13 ms", "0 ms", "0 ms", "+1.4 s", "−10.0 s", "over 10 s", "over 10 s"]);
});

test("every state of a member has a word of its own, and a tone", () => {
  const words = (/** @type {object} */ fields, /** @type {object} */ room = {}) => {
    const { word, tone } = standing({ ...member, drift_ms: null, ...fields }, room);
    return `${word}, ${tone}`;
  };
  assert.equal(words({ state: "ready" }), "ready, good");
  assert.equal(words({ state: "ready" }, { playing: false }), "in step, good");
  assert.equal(words({ state: "starving" }), "buffering, bad");
  assert.equal(words({ state: "hidden" }), "in another tab, none");
  assert.equal(words({ state: "joining" }), "coming in, none");
  assert.equal(words({ state: "away" }), "away, bad");
  assert.equal(words({ state: "idle" }), "chat only, none");
  assert.equal(words({ state: "idle" }, { film: false }), "here, none");
  assert.equal(words({ state: "unheard of" }), "chat only, none");
});

test("it shows whose browser keeps the sound back, unless they have a greater trouble", () => {
  assert.deepEqual(standing({ ...member, silenced: true }), { word: "muted by the browser", tone: "fair", drift: "−12 ms" });
  assert.equal(standing({ ...member, state: "idle", silenced: true }).word, "stopped by the browser");
  assert.equal(standing({ ...member, state: "starving", silenced: true }).tone, "bad");
});
