import assert from "node:assert/strict";
import { test } from "node:test";

import { eventWords, standingOf, tryWords } from "../../web/lib/webhooks.js";

const WEBHOOK = { enabled: true, notice: null, failing_since: null };

test("a webhook says what it is told of", () => {
  assert.equal(eventWords([]), "Sent whenever something happens");
  assert.equal(eventWords(["RoomCreated", "Newer"]), "Sent when a room is made, Newer");
});

test("one that was disabled says why, and one that fails says so", () => {
  assert.deepEqual(standingOf(WEBHOOK), { words: "In use", tone: "soft" });
  assert.deepEqual(standingOf({ ...WEBHOOK, enabled: false }), { words: "Disabled", tone: "soft" });
  assert.deepEqual(standingOf({ ...WEBHOOK, enabled: false, notice: "Gone." }), { words: "Disabled: Gone.", tone: "bad" });
  assert.equal(standingOf({ ...WEBHOOK, failing_since: "2026-01-01T00:00:00Z" }).tone, "bad");
});

test("a try says what came of it, or that nothing did", () => {
  assert.equal(tryWords({ number: 2, at: "", seconds: 0.123, status: 500, answer: "Oh no\n", error: null }), "Try 2 · 500 · 0.12 s · Oh no");
  assert.equal(tryWords({ number: 1, at: "", seconds: 15, status: null, answer: null, error: "Nobody there." }), "Try 1 · no answer · 15.00 s · Nobody there.");
  assert.equal(tryWords({ number: 1, at: "", seconds: 1, status: 204, answer: "", error: null }), "Try 1 · 204 · 1.00 s");
});
