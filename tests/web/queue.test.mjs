import assert from "node:assert/strict";
import { test } from "node:test";
import { Ahead } from "../../web/lib/ahead.js";
import { ballot, mayAdd, placeAt, placeByKey, secondsLeft, sum, whole } from "../../web/lib/queue.js";

const item = (/** @type {string} */ id, /** @type {number | null} */ duration = 60) =>
  /** @type {const} */ ({ id, video_id: id, title: id, duration, by: "ann", by_name: "Ann", status: "ready" });

test("the queue is summed up in films and time, as far as that is known", () => {
  assert.equal(sum([item("a")]), "1 film · 1:00");
  assert.equal(sum([item("a", 3600), item("b", 305), item("c", null)]), "3 films · 1:05:05");
  assert.equal(sum([item("a", null)]), "1 film");
});

test("votes are told with how many are needed, once there is one", () => {
  const queue = { items: [item("a")], votes: [], needed: 2, next_at: null };
  assert.equal(ballot(queue), "");
  assert.equal(ballot({ ...queue, votes: ["bob"] }), "1 vote of 2 needed");
  assert.equal(ballot({ ...queue, votes: ["bob", "cleo"], needed: 3 }), "2 votes of 3 needed");
});

test("seconds are counted down to none and never below", () => {
  assert.equal(secondsLeft(null, 0), null);
  assert.equal(secondsLeft(8000, 0), 8);
  assert.equal(secondsLeft(8000, 7001), 1);
  assert.equal(secondsLeft(8000, 9000), 0);
});

test("a dragged film comes to lie after those it has passed", () => {
  assert.equal(placeAt(5, [20, 60, 100]), 0);
  assert.equal(placeAt(70, [20, 60, 100]), 2);
  assert.equal(placeAt(500, [20, 60, 100]), 3);
});

test("arrows, Home and End move a film, and not beyond the ends", () => {
  assert.equal(placeByKey("ArrowUp", 1, 3), 0);
  assert.equal(placeByKey("ArrowDown", 1, 3), 2);
  assert.equal(placeByKey("ArrowUp", 0, 3), null);
  assert.equal(placeByKey("ArrowDown", 2, 3), null);
  assert.equal(placeByKey("End", 0, 3), 2);
  assert.equal(placeByKey("Home", 0, 3), null);
  assert.equal(placeByKey("x", 1, 3), null);
});

test("guests may have no films to add", () => {
  const you = (/** @type {string} */ role) => ({ you: { role }, may: () => true });
  assert.equal(mayAdd(you("member")), true);
  assert.equal(mayAdd(you("guest")), false);
  assert.equal(mayAdd({ ...you("member"), may: () => false }), false);
});

test("what a server leaves out of the queue is as if there were none", () => {
  assert.deepEqual(whole({}), { items: [], votes: [], needed: 1, next_at: null });
});

test("the next film's permission is asked for once, given once, and not when it has grown old", async () => {
  let now = 0;
  let asked = 0;
  const ahead = new Ahead(async (videoId) => ({ hls_url: `${videoId} ${++asked}`, expires_at: "" }), () => now);
  void ahead.prepare("a");
  void ahead.prepare("a");
  assert.equal(await ahead.take("b"), null);
  assert.equal((await ahead.take("a"))?.hls_url, "a 1");
  assert.equal(await ahead.take("a"), null);
  void ahead.prepare("a");
  now = 200_000;
  assert.equal(await ahead.take("a"), null);
});

test("a film that cannot be watched yet is no trouble beforehand", async () => {
  const ahead = new Ahead(() => Promise.reject(new Error("409")), () => 0);
  assert.equal(await ahead.prepare("a"), null);
  assert.equal(await ahead.take("a"), null);
});
