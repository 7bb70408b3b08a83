import assert from "node:assert/strict";
import { test } from "node:test";
import { OwnChange } from "../../web/lib/own-change.js";

test("a change of one's own excuses for a few seconds, and not for longer", () => {
  const change = new OwnChange();
  assert.equal(change.covers(0), false);
  change.begin(1000);
  assert.equal(change.covers(1000), true);
  assert.equal(change.covers(4900), true);
  assert.equal(change.covers(5000), false);
});

test("it is no way never to be waited for", () => {
  const change = new OwnChange();
  let excused = 0;
  for (let now = 0; now < 60_000; now += 500) {
    change.begin(now);
    if (change.covers(now)) excused += 500;
  }
  assert.ok(excused <= 12_000, String(excused));
  change.begin(120_000);
  assert.equal(change.covers(120_100), true);
});
