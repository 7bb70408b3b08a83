import assert from "node:assert/strict";
import { test } from "node:test";
import { BEAT_MS, contextTime, due, FLASH_MS, lit } from "../../web/lib/beats.js";

/** What a page that looks every 50 ms hands over from `from` to `to`. */
function handed(late, { from = 0, to = 5000, begun = 1000, every = 50 } = {}) {
  const beats = [];
  let last = -1;
  for (let now = from; now <= to; now += every) {
    for (const beat of due({ begun, now, late: typeof late === "function" ? late(now) : late, last })) {
      last = beat.beat;
      beats.push({ ...beat, now });
    }
  }
  return beats;
}

test("every second has one click, earlier by as much as the loudspeaker is late", () => {
  for (const late of [-500, -120, 0, 120, 500]) {
    const beats = handed(late);
    assert.deepEqual(beats.map(({ beat }) => beat), beats.map((_, i) => i));
    for (const { beat, at, now } of beats) {
      assert.equal(at, 1000 + beat * BEAT_MS - late);
      assert.ok(at >= now && at <= now + 250, `${late}: ${at - now}`);
    }
  }
});

test("a changed value is heard at the next beat, and no beat is heard twice", () => {
  const beats = handed((now) => (now < 2500 ? 0 : 400));
  assert.equal(new Set(beats.map(({ beat }) => beat)).size, beats.length);
  assert.equal(beats.at(-1).at, 1000 + beats.at(-1).beat * BEAT_MS - 400);
});

test("a page that was held up leaves out what it missed", () => {
  const [first] = due({ begun: 1000, now: 7300, late: 100, last: 1 });
  assert.equal(first, undefined);
  assert.deepEqual(due({ begun: 1000, now: 7700, late: 100, last: 1 }), [{ beat: 7, at: 7900 }]);
});

test("the light is on once a second, for a moment", () => {
  let flashes = 0;
  for (let at = 0, before = false; at < 10_000; at++) {
    const on = lit(at, 1000);
    if (on && !before) flashes++;
    before = on;
  }
  assert.equal(flashes, 9);
  assert.equal(lit(1000, 1000), true);
  assert.equal(lit(1000 + FLASH_MS, 1000), false);
  assert.equal(lit(999, 1000), false);
});

test("a moment is put on the sound card's clock, by what leaves the browser", () => {
  const context = { currentTime: 12.05, baseLatency: 0.01, outputLatency: 0.04 };
  assert.equal(contextTime(5100, 5000, context, { contextTime: 12, performanceTime: 5000 }), 12.1);
  assert.ok(Math.abs(contextTime(5100, 5000, context, { contextTime: 0, performanceTime: 0 }) - 12.11) < 1e-9);
  assert.ok(Math.abs(contextTime(5100, 5000, { currentTime: 12, baseLatency: 0.01 }, null) - 12.09) < 1e-9);
});
