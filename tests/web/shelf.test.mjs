import assert from "node:assert/strict";
import { test } from "node:test";

import { isBusy, noteOf, toAskAbout } from "../../web/lib/shelf.js";

const FILM = { id: "v", status: "ready", mine: true };
const FILL = { id: "j", kind: "fill", video_id: "v", status: "running", progress: 0.374, attempts: 1, created_at: "2026-01-01T00:00:00Z" };

test("a film that is simply ready needs no note", () => {
  assert.equal(noteOf(FILM, undefined), null);
  assert.equal(noteOf(FILM, { ...FILL, kind: "poster" }), null);
});

test("a film that is encoded in the background can be watched already, and says so", () => {
  assert.deepEqual(noteOf(FILM, FILL), { words: "Can be watched · preparing 37%", tone: "soft", progress: 0.374, works: true, watchable: true });
  assert.equal(noteOf(FILM, { ...FILL, progress: 0 })?.words, "Can be watched · preparing");
  assert.equal(noteOf(FILM, { ...FILL, kind: "keep" })?.words, "Can be watched · keeping all of it ready 37%");
});

test("a new film says what it waits for", () => {
  assert.equal(noteOf({ ...FILM, status: "processing" }, undefined)?.words, "Being looked at");
  assert.deepEqual(noteOf({ ...FILM, status: "pending" }, undefined), {
    words: "Waiting for the file", tone: "soft", progress: null, works: false, watchable: false,
  });
});

test("a film that cannot be shown says why, in the server's words", () => {
  const failed = noteOf({ ...FILM, status: "failed", reason: "There is no picture in this file." }, undefined);
  assert.deepEqual([failed?.words, failed?.tone], ["There is no picture in this file.", "bad"]);
  assert.equal(noteOf({ ...FILM, status: "missing" }, undefined)?.tone, "bad");
});

test("the library is looked at often only while something happens in it", () => {
  assert.equal(isBusy([FILM, { ...FILM, status: "failed" }, { ...FILM, status: "pending" }], []), false);
  assert.equal(isBusy([FILM], [FILL]), true);
  assert.equal(isBusy([{ ...FILM, status: "uploaded" }], []), true);
});

test("a hundred films on their way are asked about a few at a time, and all have their turn", () => {
  const films = Array.from({ length: 100 }, (_, i) => ({ ...FILM, id: `v${i}`, status: "uploaded" }));
  const turns = new Set();
  for (let round = 0; round < 25; round++) {
    const asked = toAskAbout(films, new Set(), round);
    assert.equal(asked.length, 4);
    for (const id of asked) turns.add(id);
  }
  assert.equal(turns.size, 100);
});

test("films that the list has told about, and those that are settled, are not asked about", () => {
  const films = [FILM, { ...FILM, id: "a", status: "uploaded" }, { ...FILM, id: "b", status: "processing" }];
  assert.deepEqual(toAskAbout(films, new Set(["a"]), 7), ["b"]);
});
