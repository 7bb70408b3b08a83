import assert from "node:assert/strict";
import { test } from "node:test";
import { keptShift, laid, moved, shiftLabel, shiftOf } from "../../web/lib/shift.js";

test("a loudspeaker is late in steps of ten milliseconds, and by half a second at most", () => {
  assert.equal(shiftOf(123), 120);
  assert.equal(shiftOf(700), 500);
  assert.equal(shiftOf(-1e9), -500);
  assert.equal(Object.is(shiftOf(-4), 0), true);
  for (const nonsense of [Number.NaN, Infinity, undefined]) assert.equal(shiftOf(nonsense), 0);
});

test("what was kept and cannot have been chosen is ignored", () => {
  assert.equal(keptShift("120"), 120);
  assert.equal(keptShift("-500"), -500);
  for (const bad of [null, "", " ", "510", "7", "late", "1e9", "{}", "NaN", "Infinity"]) assert.equal(keptShift(bad), 0, bad);
});

test("it is written with its sign", () => {
  assert.deepEqual([120, -30, 0].map(shiftLabel), ["+120 ms", "−30 ms", "0 ms"]);
});

test("sound that comes earlier is told that its time begins later", () => {
  const given = [{ baseTime: 9000, timescale: 90_000, trackId: 1 }, { baseTime: 0, timescale: 48_000, trackId: 2 }];
  assert.deepEqual(laid(given, 0.2), [{ baseTime: 27_000, timescale: 90_000, trackId: 1 }, { baseTime: 9600, timescale: 48_000, trackId: 2 }]);
  assert.deepEqual(laid(given, -0.1).map(({ baseTime }) => baseTime), [0, -4800]);
  assert.deepEqual(laid(given, 0), given);
});

test("segments move with it, and the first still begins where the film does", () => {
  const segment = (start) => ({
    start,
    duration: 4,
    startPTS: start,
    endPTS: start + 4,
    setStart(to) {
      this.start = to;
    },
    setDuration(to) {
      this.duration = to;
    },
  });
  const segments = [segment(0), segment(4), segment(8)];
  moved(segments, -0.3);
  assert.deepEqual(segments.map(({ start }) => start), [0, 3.7, 7.7]);
  assert.deepEqual(segments.map(({ duration }) => duration), [3.7, 4, 4]);
  assert.equal(segments[1].startPTS, undefined);
  moved(segments, 0.3);
  assert.deepEqual(segments.map(({ start }) => start), [0, 4, 8]);
});
