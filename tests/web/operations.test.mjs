import assert from "node:assert/strict";
import { test } from "node:test";

import { CONTAINERS, SOUNDS, codecAfter, codecsFor, heightsBelow } from "../../web/lib/operations.js";

const values = (choices) => choices.map(({ value }) => value);

test("a smaller copy is smaller than the film", () => {
  assert.deepEqual(values(heightsBelow(1080)), ["720", "480", "360"]);
  assert.deepEqual(values(heightsBelow(360)), []);
  assert.deepEqual(values(heightsBelow(null)), []);
});

test("every container offers a picture and a sound that go into it", () => {
  for (const { value } of CONTAINERS) {
    assert.ok(codecsFor(value, "video").length > 0, value);
    assert.ok(codecsFor(value, "audio").length > 0, value);
  }
  assert.deepEqual(values(codecsFor("webm", "video")), ["vp9", "av1"]);
  assert.deepEqual(codecsFor("nothing", "audio"), []);
});

test("a codec stays chosen where it still fits, and becomes the usual one where not", () => {
  assert.equal(codecAfter("mkv", "video", "vp9"), "vp9");
  assert.equal(codecAfter("webm", "video", "hevc"), "vp9");
  assert.equal(codecAfter("webm", "audio", undefined), "opus");
});

test("every format of sound has a name", () => {
  assert.deepEqual(values(SOUNDS), ["m4a", "mp3", "opus", "flac", "wav"]);
});
