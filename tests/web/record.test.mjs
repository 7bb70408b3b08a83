import assert from "node:assert/strict";
import { test } from "node:test";
import { cast, chapter, recorded } from "../../web/lib/record.js";

const event = { kind: "paused", name: "Ann", target_name: null, title: "Nosferatu", position: 754, from_position: null, detail: null, at: "2026-03-10T20:15:00Z" };

function says(/** @type {object} */ change) {
  return recorded({ ...event, ...change });
}

test("every kind of event is a sentence", () => {
  assert.equal(says({}), "Ann paused at 12:34");
  assert.equal(says({ kind: "joined" }), "Ann came in");
  assert.equal(says({ kind: "played" }), "Ann pressed play at 12:34");
  assert.equal(says({ kind: "sought", from_position: 10 }), "Ann went from 0:10 to 12:34");
  assert.equal(says({ kind: "sought" }), "Ann went to 12:34");
  assert.equal(says({ kind: "rate", detail: "1.5" }), "Ann set the speed to 1.5×");
  assert.equal(says({ kind: "loaded" }), "Ann put on “Nosferatu”");
  assert.equal(says({ kind: "loaded", name: null }), "“Nosferatu” came on");
  assert.equal(says({ kind: "loaded", title: null }), "Ann took the film away");
  assert.equal(says({ kind: "ended", name: null, title: null }), "The film ended");
  assert.equal(says({ kind: "waited", name: "Bob" }), "The room waited for Bob at 12:34");
  assert.equal(says({ kind: "excused", name: "Bob" }), "The room went on without Bob at 12:34");
  assert.equal(says({ kind: "restarted", name: null }), "The server was started again");
  assert.equal(says({ kind: "kicked", target_name: "Bob" }), "Ann showed Bob out");
  assert.equal(says({ kind: "role", target_name: "Bob", detail: "cohost" }), "Ann made Bob a co-host");
  assert.equal(says({ kind: "settings", detail: "name, password" }), "Ann changed the room's name and password");
  assert.equal(says({ kind: "queued", detail: "M" }), "Ann added “M” to the queue");
  assert.equal(says({ kind: "unqueued", detail: "M" }), "Ann took “M” off the queue");
  assert.equal(says({ kind: "reordered", detail: "M" }), "Ann moved “M” in the queue");
  assert.equal(says({ kind: "voted", name: null }), "Most people wanted the next film");
});

test("what is not known is somebody's, and a newer server's word is shown as it is", () => {
  assert.equal(says({ kind: "muted", name: null }), "Somebody muted somebody");
  assert.equal(says({ kind: "tap_danced" }), "Ann: tap danced");
  assert.equal(says({ name: "$& {whom}" }), "$& {whom} paused at 12:34");
});

test("a session is known by when it was, how long, and who came", () => {
  const session = { id: "s", started_at: "2026-03-10T20:15:00Z", ended_at: "2026-03-10T22:07:00Z", live: false, events: 12, films: [], people: ["Ann", "Bob"].map((name) => ({ name })) };
  assert.equal(chapter(session, "en-GB", "UTC"), "Tue 10 Mar, 20:15, 1 h 52 min");
  assert.match(chapter({ ...session, live: true, ended_at: null }, "en-GB", "UTC"), /going on now/);
  const crowd = ["Ann", "Bob", "Cleo", "Dan"].map((name) => ({ name }));
  assert.equal(cast(session), "Ann and Bob");
  assert.equal(cast({ ...session, people: crowd, films: [{ title: "Nosferatu" }] }), "Ann, Bob and 2 others, with “Nosferatu”");
});
