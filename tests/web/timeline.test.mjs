import assert from "node:assert/strict";
import { test } from "node:test";
import { positionAt, supersedes, timeAt } from "../../web/lib/timeline.js";

const playing = { revision: 3, video_id: "v", position: 10, rate: 1, playing: true, at: 5000, cause: "play", by: "m" };

test("a playing timeline moves with the server's clock", () => {
  assert.equal(positionAt(playing, 7500), 12.5);
  assert.equal(positionAt({ ...playing, rate: 2 }, 7500), 15);
});

test("before its start it stands where it will start", () => {
  assert.equal(positionAt(playing, 1000), 10);
});

test("a paused timeline stands still", () => {
  assert.equal(positionAt({ ...playing, playing: false }, 1e9), 10);
});

test("nothing plays past the end of the film", () => {
  assert.equal(positionAt(playing, 1e9, 90), 90);
});

test("the moment a position is reached is the inverse of the position at a moment", () => {
  assert.equal(timeAt({ ...playing, rate: 0.5 }, positionAt({ ...playing, rate: 0.5 }, 8000)), 8000);
  assert.equal(timeAt(playing, 9), Infinity);
  assert.equal(timeAt({ ...playing, playing: false }, 10), Infinity);
});

test("an older revision never replaces a newer one", () => {
  assert.equal(supersedes(null, playing), true);
  assert.equal(supersedes(playing, { ...playing, revision: 2 }), false);
  assert.equal(supersedes(playing, { ...playing, waiting_for: ["x"] }), true);
});
