import assert from "node:assert/strict";
import { test } from "node:test";
import { captionsFor, keepTrack, keptTrack, soundFor } from "../../web/lib/choosing.js";
import { levelFor } from "../../web/lib/levels.js";

const english = { name: "English", language: "eng" };
const comments = { name: "Comments", language: "en" };
const german = { name: "Deutsch", language: "ger" };
const unnamed = { name: "Sound", language: undefined };

test("the next film's track in the same language is meant, however its code is written", () => {
  assert.equal(soundFor({ name: "German", language: "de" }, [english, german]), 1);
  assert.equal(soundFor({ name: "Comments", language: "eng" }, [english, comments, german]), 1);
  assert.equal(soundFor({ name: "Anything", language: "en-GB" }, [german, english, comments]), 1);
});

test("a film without it keeps its own choice", () => {
  assert.equal(soundFor({ name: "Français", language: "fr" }, [english, german]), -1);
  assert.equal(soundFor({ name: "Sound", language: null }, [english, german]), -1);
  assert.equal(soundFor(null, [english]), -1);
  assert.equal(soundFor(german, []), -1);
});

test("tracks without a language are told by their names", () => {
  assert.equal(soundFor({ name: "Sound", language: null }, [english, unnamed]), 1);
  assert.equal(soundFor({ name: "Sound", language: "und" }, [english, { name: "Sound", language: "und" }]), 1);
});

test("captions are found by language and name", () => {
  const subtitles = [
    { id: "a", label: "eng", language: "eng", url: "" },
    { id: "b", label: "ger", language: "ger", url: "" },
    { id: "c", label: "film.de", language: "de", url: "" },
  ];
  assert.equal(captionsFor({ name: "film.de", language: "de" }, subtitles), "c");
  assert.equal(captionsFor({ name: "another.de", language: "de" }, subtitles), "b");
  assert.equal(captionsFor({ name: "x", language: "it" }, subtitles), null);
});

test("what is kept comes back, and anything else is ignored", () => {
  assert.deepEqual(keptTrack(keepTrack(german)), german);
  assert.deepEqual(keptTrack(keepTrack(unnamed)), { name: "Sound", language: null });
  for (const bad of [null, "", "de", "[]", "{}", '{"name": 1, "language": "de"}', '{"name": "x", "language": 3}', "null", "7"]) {
    assert.equal(keptTrack(bad), null, bad);
  }
});

test("the picture that is wanted is the same height, or the next lower one, or the lowest", () => {
  const levels = [240, 360, 720, 720].map((height, i) => ({ uri: String(i), height, bitrate: 1e6 * (i + 1) }));
  assert.equal(levelFor(levels, 360), 1);
  assert.equal(levelFor(levels, 720), 3);
  assert.equal(levelFor(levels, 1080), 3);
  assert.equal(levelFor(levels, 480), 1);
  assert.equal(levelFor(levels, 144), 0);
  for (const none of [0, Number.NaN, -1]) assert.equal(levelFor(levels, none), -1);
  assert.equal(levelFor([{ uri: "a", height: 0, bitrate: 1 }], 720), -1);
});
