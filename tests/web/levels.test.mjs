import assert from "node:assert/strict";
import { test } from "node:test";
import { isCopy, labelOf, levelAfterSeek, menu, needless, rateOf, startLevel } from "../../web/lib/levels.js";

const low = { uri: "http://h/m/t/film/360p/video.m3u8", height: 360, bitrate: 900_000 };
const middle = { uri: "http://h/m/t/film/720p/video.m3u8", height: 720, bitrate: 3_000_000 };
const copy = { uri: "http://h/m/t/film/source/video.m3u8", height: 1080, bitrate: 6_000_000 };

test("the source is begun with when the browser kept it, else the lowest rung", () => {
  assert.equal(startLevel([low, middle, copy]), 2);
  assert.equal(startLevel([low, middle]), 0);
  assert.equal(startLevel([middle, low]), 1);
  assert.equal(startLevel([]), 0);
});

test("only the rendition called source is the original", () => {
  assert.equal(isCopy(copy), true);
  assert.equal(isCopy(low), false);
  assert.equal(isCopy({ ...low, uri: "http://h/m/source/film/360p/video.m3u8" }), false);
});

test("a rung as high as the source is kept only when it is much smaller", () => {
  const same = { uri: "http://h/m/t/film/1080p/video.m3u8", height: 1080, bitrate: 5_000_000 };
  assert.deepEqual(needless([low, same, copy]), [1]);
  assert.deepEqual(needless([low, { ...same, bitrate: 2_000_000 }, copy]), []);
  assert.deepEqual(needless([low, same]), []);
});

test("a source of high dynamic range is for screens that show it", () => {
  const hdr = { ...copy, videoRange: "PQ" };
  assert.deepEqual(needless([low, middle, hdr]), [2]);
  assert.deepEqual(needless([low, middle, hdr], true), []);
  assert.deepEqual(needless([hdr]), []);
});

test("the menu names the original, and what automatic has chosen", () => {
  assert.deepEqual(menu([low, middle, copy], 2), [
    { value: -1, label: "Auto (now Original (1080p))" },
    { value: 2, label: "Original (1080p)", detail: "6.0 Mbit/s" },
    { value: 1, label: "720p", detail: "3.0 Mbit/s" },
    { value: 0, label: "360p", detail: "900 kbit/s" },
  ]);
  assert.equal(menu([low], -1)[0].label, "Auto");
  assert.equal(labelOf({ uri: "x/audio-1/audio.m3u8", height: 0, bitrate: 128_000 }), "128 kbit/s");
});

test("a place that is not there yet is fetched from the lowest rung, which is made soonest", () => {
  const now = { chosen: -1, playing: 1, buffered: false };
  assert.equal(levelAfterSeek([low, middle], now), 0);
  assert.equal(levelAfterSeek([middle, low], { ...now, playing: 0 }), 1);
  assert.equal(levelAfterSeek([low, middle], { ...now, playing: 0 }), 0, "The line may be about to take a higher one.");
});

test("what somebody chose, the source and what is there already stay", () => {
  const now = { chosen: -1, playing: 1, buffered: false };
  assert.equal(levelAfterSeek([low, middle], { ...now, chosen: 1 }), -1);
  assert.equal(levelAfterSeek([low, middle], { ...now, buffered: true }), -1);
  assert.equal(levelAfterSeek([low, middle, copy], { ...now, playing: 2 }), -1);
  assert.equal(levelAfterSeek([low, middle], { ...now, playing: -1 }), -1);
  assert.equal(levelAfterSeek([], now), -1);
});

test("a bit rate is that of the whole film where it is known", () => {
  assert.equal(rateOf(middle), "3.0 Mbit/s");
  assert.equal(rateOf({ ...middle, average: 2_000_000 }), "2.0 Mbit/s");
  assert.equal(rateOf({ ...low, average: 0 }), "900 kbit/s");
});
