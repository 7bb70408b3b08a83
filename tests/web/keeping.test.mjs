import assert from "node:assert/strict";
import { test } from "node:test";

import { cacheFacts } from "../../web/lib/cache.js";
import { keepingWords } from "../../web/lib/keeping.js";

const KEEP = { id: "k", kind: "keep", video_id: "v", status: "running", progress: 0.25, speed: 1.5, eta_seconds: 600, attempts: 1, created_at: "2026-01-01T00:00:00Z" };

test("the switch explains what it does, and that it takes room", () => {
  const { words, progress } = keepingWords(false, KEEP, 5_000_000);
  assert.match(words, /every quality.*room on the disk/s);
  assert.equal(progress, null);
});

test("once it is on, the switch tells how far, how fast and how long still", () => {
  assert.deepEqual(keepingWords(true, KEEP, 0), { words: "Preparing everything · 25% · 1.5× · 10 min left", progress: 0.25 });
  assert.match(keepingWords(true, { ...KEEP, status: "queued" }, 0).words, /as soon as/);
});

test("the switch tells what came of it", () => {
  assert.equal(keepingWords(true, { ...KEEP, status: "done" }, 1_200_000_000).words, "Everything that has been prepared is kept: 1.2 GB.");
  assert.equal(keepingWords(true, undefined, 0).words, "Everything that has been prepared is kept.");
  assert.equal(keepingWords(true, { ...KEEP, status: "failed", error: "The disk is full." }, 0).words, "The disk is full.");
});

const CACHE = { bytes: 31e9, kept_bytes: 8.2e9, cap_bytes: 50e9, free_bytes: 120e9, floor_bytes: 5e9 };

test("the cache is told by how full it is, with the largest films first", () => {
  const videos = Array.from({ length: 10 }, (_, i) => ({ id: `${i}`, title: `Film ${i}`, stored_bytes: i * 1e9, kept: false }));
  const { part, used, facts, largest, warning } = cacheFacts({ cache: CACHE, videos }, "en");
  assert.deepEqual([part, used, warning], [0.62, "31 GB of 50 GB used", ""]);
  assert.deepEqual(facts.map(({ value }) => value), ["8.2 GB", "120 GB", "5 GB"]);
  assert.deepEqual(largest.map(({ id }) => id), ["9", "8", "7", "6", "5", "4", "3", "2"]);
});

test("a disk that is nearly full is said so; a cache without a cap is not divided by", () => {
  assert.match(cacheFacts({ cache: { ...CACHE, free_bytes: 5.5e9 } }).warning, /nearly full/);
  assert.equal(cacheFacts({ cache: { ...CACHE, cap_bytes: 0 } }).part, 0);
});
