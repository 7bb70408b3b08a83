import assert from "node:assert/strict";
import { test } from "node:test";

import { bitRate, codecsOf, factsOf, isSound, nameOf, readiness, stored, summary } from "../../web/lib/renditions.js";

const ORIGINAL = {
  name: "source", width: 1920, height: 1080, bitrate: 5_200_000, mode: "copy", ready_segments: 900, segments: 900,
  codecs: "avc1.640028", stored_bytes: 0,
};
const RUNG = {
  name: "720p", width: 1280, height: 720, bitrate: 2_800_000, mode: "encode", ready_segments: 225, segments: 900,
  codecs: "avc1.64001f", stored_bytes: 180_000_000,
};
const SOUND = {
  name: "audio-1", width: null, height: null, bitrate: 128_000, mode: "encode", ready_segments: 0, segments: 900,
  codecs: "mp4a.40.2", stored_bytes: 0,
};

test("renditions go by the names of the player's menu", () => {
  assert.deepEqual([ORIGINAL, RUNG, SOUND, { ...SOUND, name: "audio-2", mode: "copy" }].map(nameOf), ["Original", "720p", "Sound", "Sound 2"]);
  assert.deepEqual([ORIGINAL, SOUND].map(isSound), [false, true]);
});

test("codecs are named in words", () => {
  const named = ["avc1.640028", "hvc1.2.4.L153.B0", "hev1.1.6.L93.B0", "av01.0.08M.08", "vp09.00.31.08", "mp4a.40.2", "opus", "fLaC", "ec-3"];
  assert.deepEqual(named.map(codecsOf), ["H.264", "HEVC", "HEVC", "AV1", "VP9", "AAC", "Opus", "FLAC", "Dolby Digital Plus"]);
  assert.equal(codecsOf("avc1.640028, mp4a.40.2"), "H.264 and AAC");
  assert.equal(codecsOf("xyz1.2"), "xyz1.2");
});

test("bit rates are written with as many figures as they deserve", () => {
  assert.deepEqual([128_000, 999_400, 2_800_000, 16_000_000].map((rate) => bitRate(rate, "en")), [
    "128 kbit/s", "999 kbit/s", "2.8 Mbit/s", "16 Mbit/s",
  ]);
});

test("what is not known of a rendition is left out", () => {
  assert.equal(factsOf(RUNG), "1280 × 720 · H.264 · 2.8 Mbit/s");
  assert.equal(factsOf({ ...SOUND, codecs: null }), "128 kbit/s");
});

test("a copied rendition is always ready and takes no room; an encoded one as far as it was made", () => {
  assert.deepEqual(readiness(ORIGINAL), { part: 1, words: "always ready" });
  assert.deepEqual(readiness(RUNG), { part: 0.25, words: "225 of 900 segments" });
  assert.deepEqual(readiness({ ...RUNG, ready_segments: 900 }), { part: 1, words: "all ready" });
  assert.deepEqual(readiness(SOUND), { part: 0, words: "made when watched" });
  assert.deepEqual(readiness({ ...SOUND, segments: 0 }), { part: 0, words: "made when watched" });
  assert.deepEqual([ORIGINAL, RUNG, SOUND].map(stored), ["nothing", "180 MB", "nothing yet"]);
});

test("why a picture is encoded is said in one sentence", () => {
  assert.match(summary([ORIGINAL, RUNG], null), /^The original picture is sent untouched/);
  assert.equal(summary([RUNG], "The picture is HEVC, which not every browser shows."), "The picture is HEVC, which not every browser shows. That is why it is encoded for watching.");
  assert.equal(summary([SOUND], null), "This film is sound alone.");
});
