import assert from "node:assert/strict";
import { test } from "node:test";
import { calm, correct, moved, PATIENT, typical } from "../../web/lib/drift.js";

/** Show the same error for a while and collect what was decided. */
function watch(error, { ms = 3000, reachable = true, drift = calm(), from = 0, settings } = {}) {
  const decisions = [];
  for (let now = from; now < from + ms; now += 50) {
    const look = { now, error: typeof error === "function" ? error(now) : error, reachable };
    const answer = correct(drift, look, settings);
    drift = answer.drift;
    if (answer.correction.kind !== "stay") decisions.push({ now, ...answer.correction });
  }
  return { drift, decisions };
}

test("within 8 ms nothing is done", () => {
  assert.deepEqual(watch(0.0079).decisions, []);
  assert.deepEqual(watch(-0.0079).decisions, []);
});

test("nothing is decided before seven looks", () => {
  const { drift, decisions } = watch(0.3, { ms: 300 });
  assert.equal(typical(drift), null);
  assert.deepEqual(decisions, []);
});

test("from 8 ms on the speed is bent the right way, five times a second at most", () => {
  const { decisions } = watch(0.05);
  assert.ok(decisions.every(({ kind, factor }) => kind === "bend" && Math.abs(factor - 0.95) < 1e-9));
  decisions.slice(1).forEach(({ now }, i) => assert.ok(now - decisions[i].now >= 200));
  assert.ok(watch(-0.05).decisions.every(({ factor }) => factor > 1));
});

test("the speed never leaves 0.92 to 1.08", () => {
  for (const error of [-0.39, -0.2, 0.2, 0.39, -0.7, 0.7]) {
    for (const { kind, factor } of watch(error, { reachable: false }).decisions) {
      assert.equal(kind, "bend");
      assert.ok(factor >= 0.92 && factor <= 1.08);
    }
  }
});

test("once bent it goes on to 3 ms and then lets go", () => {
  const bent = watch(0.03);
  assert.equal(bent.drift.bending, true);
  const near = watch(0.005, { drift: bent.drift, from: 3000 });
  assert.equal(near.drift.bending, true);
  const there = watch(0.002, { drift: near.drift, from: 6000 });
  assert.equal(there.drift.bending, false);
  assert.equal(there.decisions.at(-1).factor, 1);
});

test("one wild look among seven changes nothing", () => {
  assert.deepEqual(watch((now) => (now % 350 === 0 ? 2 : 0)).decisions, []);
});

test("400 ms are sought when the place is buffered, bent when it is not", () => {
  assert.equal(watch(0.5).decisions[0].kind, "seek");
  assert.equal(watch(0.5, { reachable: false }).decisions[0].kind, "bend");
});

test("750 ms are sought in any case", () => {
  assert.equal(watch(-0.8, { reachable: false }).decisions[0].kind, "seek");
});

test("two seeks are at least a second and a half apart", () => {
  const seeks = watch(1, { ms: 9000 }).decisions.filter(({ kind }) => kind === "seek");
  seeks.slice(1).forEach(({ now }, i) => assert.ok(now - seeks[i].now >= 1500));
});

test("after three seeks in vain within ten seconds it rests and says so", () => {
  const { drift, decisions } = watch(1, { ms: 9000 });
  assert.equal(decisions.filter(({ kind }) => kind === "seek").length, 3);
  assert.equal(drift.tired, true);
  const rested = watch(0.01, { drift, from: 30_000 });
  assert.equal(rested.drift.tired, false);
});

test("a moved player is measured anew but its seeks are remembered", () => {
  const { drift } = watch(1, { ms: 400 });
  assert.equal(moved(drift).samples.length, 0);
  assert.equal(moved(drift).seeks.length, 1);
});

test("patient players are left alone up to 80 ms", () => {
  assert.deepEqual(watch(0.07, { settings: PATIENT }).decisions, []);
  assert.equal(watch(0.1, { settings: PATIENT }).decisions[0].kind, "bend");
});
