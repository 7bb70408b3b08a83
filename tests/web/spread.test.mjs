import assert from "node:assert/strict";
import { test } from "node:test";
import { Spread, WINDOW_MS, spreadOf, told } from "../../web/lib/spread.js";

const member = (/** @type {number | null} */ drift_ms, state = "playing") => ({ state, drift_ms });

function filled(/** @type {(number | null)[]} */ ...values) {
  const spread = new Spread();
  values.forEach((ms, second) => spread.add(second * 1000, ms));
  return spread;
}

test("the spread is between the first and the last of those who play", () => {
  assert.equal(spreadOf([member(12), member(-8), member(900, "starving"), member(null)]), 20);
  assert.equal(spreadOf([member(12), member(-8, "ready")]), null);
  assert.equal(spreadOf([]), null);
});

test("half of the time and nearly all of the time are told", () => {
  const spread = filled(...Array.from({ length: 100 }, (_, i) => i));
  assert.deepEqual(spread.summary, { median: 50, p95: 95, now: 99 });
  assert.equal(told(spread.summary), "Right now everybody is within 99 ms. In the last five minutes: half the time within 50 ms, 95 % of the time within 95 ms.");
});

test("without two who play there is nothing to tell", () => {
  assert.equal(new Spread().summary, null);
  assert.match(told(null), /two people/);
  assert.equal(filled(5, null).summary?.now, null);
  assert.doesNotMatch(told(filled(5, null).summary), /Right now/);
});

test("what is older than five minutes is forgotten", () => {
  const spread = filled(1, 2, 3);
  spread.add(WINDOW_MS + 1500, 4);
  assert.deepEqual(spread.points.map(({ ms }) => ms), [3, 4]);
  spread.add(3 * WINDOW_MS, 5);
  assert.deepEqual(spread.points.map(({ ms }) => ms), [5]);
});

test("a pause is a gap in the line, however long it lasts", () => {
  const spread = filled(10, 20, null, null, null, 10);
  assert.equal(spread.points.length, 4);
  const path = spread.path(5000, 300, 20);
  assert.equal(path.match(/M/g)?.length, 2);
  assert.equal(path, "M295.0 10.0L295.0 10.0L296.0 0.0M300.0 10.0L300.0 10.0");
});

test("the scale ends at a round number that holds all of it", () => {
  assert.equal(new Spread().top, 20);
  assert.equal(filled(21).top, 50);
  assert.equal(filled(null, 900).top, 1000);
});
