import assert from "node:assert/strict";
import { test } from "node:test";
import { offsetLabel, offsetOf, shifted } from "../../web/lib/offset.js";

test("an offset goes in tenths, and half a minute at most", () => {
  assert.equal(offsetOf(0.1 + 0.2), 0.3);
  assert.equal(offsetOf(-0.04), 0);
  assert.equal(Object.is(offsetOf(-0.04), 0), true);
  assert.equal(offsetOf(31), 30);
  assert.equal(offsetOf(-1e9), -30);
  assert.equal(offsetOf(Number.NaN), 0);
});

test("adding up steps stays exact", () => {
  let offset = 0;
  for (let i = 0; i < 300; i++) offset = offsetOf(offset + 0.1);
  assert.equal(offset, 30);
});

test("it is written with its sign", () => {
  assert.deepEqual([0.3, -1, 0].map(offsetLabel), ["+0.3 s", "−1.0 s", "0.0 s"]);
});

test("a cue moves with both its ends, and none begins before the film", () => {
  assert.deepEqual(shifted({ start: 3, end: 5 }, 1.5), { start: 4.5, end: 6.5 });
  assert.deepEqual(shifted({ start: 3, end: 5 }, -4), { start: 0, end: 1 });
  assert.deepEqual(shifted({ start: 3, end: 5 }, -9), { start: 0, end: 0 });
});
