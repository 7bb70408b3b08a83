import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../web/lib/clock.js";
import { stoppingPlace } from "../../web/lib/halt.js";

const TIMELINE = { revision: 3, video_id: "film", position: 10, rate: 2, playing: true, at: 5000, cause: "play", by: "ann" };

/** A clock on which it is 6000 ms at the server, after a round trip of `rtt` ms. */
function clockOf(rtt) {
  const clock = new Clock(() => 1000);
  clock.add({ t0: 1000 - rtt, t1: 6000 - rtt / 2, t2: 6000 - rtt / 2, t3: 1000 });
  return clock;
}

test("one stops where the room will be when the slowest line has brought the news", () => {
  const near = stoppingPlace(TIMELINE, clockOf(2), [2, null], 600);
  const far = stoppingPlace(TIMELINE, clockOf(2), [2, 100], 600);
  assert.ok(near > 12.05 && near < 12.12, String(near));
  assert.ok(Math.abs(far - near - 2 * 0.049) < 0.001, String(far));
});

test("nobody waits for a hopeless line", () => {
  assert.equal(stoppingPlace(TIMELINE, clockOf(2), [9000], 600), 12.5);
});

test("the room says where to stand when it stands already, near the end, and before the time is known", () => {
  assert.equal(stoppingPlace({ ...TIMELINE, playing: false }, clockOf(2), [2], 600), undefined);
  assert.equal(stoppingPlace(TIMELINE, clockOf(2), [2], 12.2), undefined);
  assert.equal(stoppingPlace(TIMELINE, new Clock(() => 0), [2], 600), undefined);
  assert.equal(stoppingPlace(null, clockOf(2), [2], 600), undefined);
});
