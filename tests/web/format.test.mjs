import assert from "node:assert/strict";
import { test } from "node:test";

import { ago, clock, counted, percent, since, size, speed, timeLeft } from "../../web/lib/format.js";

test("sizes are written in the largest unit that keeps them above one", () => {
  const said = [0, 999, 1000, 12_345_678, 1_400_000_000, 2_000_000_000_000].map((bytes) => size(bytes, "en"));
  assert.deepEqual(said, ["0 bytes", "999 bytes", "1 kB", "12 MB", "1.4 GB", "2 TB"]);
});

test("speed is size per second", () => {
  assert.equal(speed(8_200_000, "en"), "8.2 MB/s");
});

test("a clock has hours only when there are some", () => {
  assert.deepEqual([0, 5.9, 65, 3600, 3723, -1].map(clock), ["0:00", "0:05", "1:05", "1:00:00", "1:02:03", "0:00"]);
});

test("the time left is as rough as such a guess deserves", () => {
  const said = [2, 12, 54, 58, 150, 3600, 5400].map(timeLeft);
  assert.deepEqual(said, [
    "a few seconds left", "15 s left", "55 s left", "1 min left", "3 min left", "1 h left", "1 h 30 min left",
  ]);
});

test("a hundred per cent is said only of what is done", () => {
  assert.deepEqual([0, 0.374, 0.999, 1, 1.2].map((part) => percent(part, "en")), ["0%", "37%", "99%", "100%", "100%"]);
});

test("moments near now are told by their distance, far ones by their date", () => {
  const now = Date.parse("2026-03-10T12:00:00Z");
  const said = ["2026-03-10T11:59:40Z", "2026-03-10T11:55:00Z", "2026-03-09T11:00:00Z", "2026-02-01T12:00:00Z"];
  assert.deepEqual(said.map((at) => ago(at, now, "en")), ["just now", "5 minutes ago", "yesterday", "Feb 1, 2026"]);
});

test("how long ago something was is said as roughly as anybody wants to know it", () => {
  assert.deepEqual([0, 9, 10, 59, 60, 3599, 3600, 9000].map(since), ["just now", "just now", "10 s ago", "50 s ago", "1 min ago", "59 min ago", "1 h ago", "2 h ago"]);
});

test("one is one, and many are many", () => {
  assert.deepEqual([1, 0, 3000].map((n) => counted(n, "person", "people", "en")), ["1 person", "0 people", "3,000 people"]);
});
