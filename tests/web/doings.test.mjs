import assert from "node:assert/strict";
import { test } from "node:test";
import { Doings } from "../../web/lib/doings.js";

/** A room that says what it is told to, at a server's time that goes on by hand. */
class Room extends EventTarget {
  you = { id: "ann", name: "Ann", role: "host" };
  timeline = null;
  now = 100_000;
  clock = { serverNow: () => this.now };

  constructor() {
    super();
    this.doings = new Doings(/** @type {any} */ (this));
    this.said = [];
    this.doings.addEventListener("doing", () => this.said.push(this.doings.last?.words));
  }

  nameOf(id) {
    return { ann: "Ann", bob: "Bob", cleo: "Cleo" }[id] ?? null;
  }

  tells(fields) {
    this.timeline = { revision: 1, video_id: "film", position: 754, rate: 1, playing: false, at: this.now, cause: "pause", by: null, waiting_for: [], ...fields };
    this.dispatchEvent(new Event("timeline"));
    return this.said.at(-1);
  }

  welcomes(fields) {
    this.dispatchEvent(new Event("welcome"));
    return this.tells(fields);
  }

  notices(code, text) {
    this.dispatchEvent(new CustomEvent("notice", { detail: { code, text } }));
  }
}

test("whoever comes in is told what was done last, and when", () => {
  const room = new Room();
  assert.equal(room.welcomes({ by: "bob", at: 40_000 }), "Bob paused at 12:34");
  assert.equal(room.doings.last?.at, 40_000);
});

test("a film that lies ready in a new room is nobody's doing, the next one in the queue is", () => {
  const room = new Room();
  assert.equal(room.welcomes({ cause: "load", position: 0 }), undefined);
  assert.equal(room.tells({ revision: 2, cause: "load", position: 0 }), "The next film begins");
});

test("a start is told once, though it is agreed on first and then happens", () => {
  const room = new Room();
  room.welcomes({});
  room.tells({ revision: 2, cause: "play", by: "ann", starting: true });
  room.tells({ revision: 3, cause: "play", by: "ann", playing: true, at: 100_500 });
  assert.deepEqual(room.said, ["Paused at 12:34", "You pressed play at 12:34"]);
});

test("those who are waited for are named as long as it lasts", () => {
  const room = new Room();
  room.welcomes({});
  assert.equal(room.tells({ revision: 2, cause: "wait", waiting_for: ["bob"] }), "Waiting for Bob");
  assert.ok(room.doings.last?.waits);
  assert.equal(room.tells({ revision: 2, cause: "wait", waiting_for: ["bob", "ann"] }), "Waiting for Bob and you");
  assert.equal(room.tells({ revision: 3, cause: "resume", playing: true }), "Everybody has caught up");
  assert.ok(!room.doings.last?.waits);
});

test("nobody has caught up who was left behind", () => {
  const room = new Room();
  room.welcomes({});
  room.tells({ revision: 2, cause: "wait", waiting_for: ["bob"] });
  room.notices("excused", "Going on without Bob, who will catch up.");
  assert.equal(room.tells({ revision: 3, cause: "resume", playing: true }), "Going on without Bob, who will catch up.");
  room.now += 5000;
  assert.equal(room.tells({ revision: 4, by: "bob" }), "Bob paused at 12:34");
});

test("other notices are not doings", () => {
  const room = new Room();
  room.notices("access_requested", "Dan would like to come in.");
  assert.equal(room.doings.last, null);
});

test("what is told again, word for word, is not said again", () => {
  const room = new Room();
  room.welcomes({ by: "bob" });
  room.tells({ by: "bob" });
  assert.equal(room.said.length, 1);
});
