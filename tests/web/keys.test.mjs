import assert from "node:assert/strict";
import { test } from "node:test";
import { wish } from "../../web/lib/keys.js";

const now = { position: 100, duration: 600, volume: 0.5, rate: 1 };

test("each key asks for one thing", () => {
  const wishes = [" ", "k", "K", "m", "c", "f", "?"].map((key) => wish({ key }, now).kind);
  assert.deepEqual(wishes, ["toggle", "toggle", "toggle", "mute", "captions", "fullscreen", "help"]);
  assert.deepEqual(wish({ key: "j" }, now), { kind: "seek", value: 90 });
  assert.deepEqual(wish({ key: "ArrowRight" }, now), { kind: "seek", value: 105 });
  assert.deepEqual(wish({ key: "g" }, now), { kind: "offset", value: -1 });
  assert.deepEqual(wish({ key: "H" }, now), { kind: "offset", value: 1 });
  assert.deepEqual(wish({ key: "y" }, now), { kind: "sound", value: -1 });
  assert.deepEqual(wish({ key: "U" }, now), { kind: "sound", value: 1 });
  assert.deepEqual(wish({ key: "3" }, now), { kind: "seek", value: 180 });
  assert.deepEqual(wish({ key: "ArrowUp" }, now), { kind: "volume", value: 0.55 });
  assert.deepEqual(wish({ key: ">" }, now), { kind: "rate", value: 1.25 });
  assert.deepEqual(wish({ key: "<" }, now), { kind: "rate", value: 0.75 });
});

test("nothing leads past the beginning, the end, silence or the fastest", () => {
  assert.equal(wish({ key: "j" }, { ...now, position: 3 }).value, 0);
  assert.equal(wish({ key: "l" }, { ...now, position: 599 }).value, 599.9);
  assert.equal(wish({ key: "ArrowDown" }, { ...now, volume: 0.02 }).value, 0);
  assert.equal(wish({ key: ">" }, { ...now, rate: 2 }).value, 2);
});

test("keys held with others belong to the browser", () => {
  assert.equal(wish({ key: "f", ctrlKey: true }, now), null);
  assert.equal(wish({ key: "ArrowLeft", altKey: true }, now), null);
  assert.equal(wish({ key: "m", metaKey: true }, now), null);
  assert.equal(wish({ key: "Escape" }, now), null);
});

test("a film whose length is not known yet has no tenths", () => {
  assert.equal(wish({ key: "5" }, { ...now, duration: Number.NaN }), null);
  assert.equal(wish({ key: "l" }, { ...now, duration: Number.NaN }).value, 110);
});
