import assert from "node:assert/strict";
import { test } from "node:test";
import { brief, rows } from "../../web/lib/line.js";

const well = {
  connection: /** @type {const} */ ("open"),
  retryIn: 0,
  rtt: 4.26,
  uncertainty: 2.3,
  state: "playing",
  error: -0.0124,
  silenced: false,
  playing: true,
  film: true,
  buffered: 24.7,
  dropped: 3,
  frames: 3400,
  quality: { height: 720, bitrate: 2_440_000, automatic: true },
};

function said(/** @type {object} */ change = {}) {
  return Object.fromEntries(rows({ ...well, ...change }).map(({ name, words, figure }) => [name, [words, figure]]));
}

test("one's own line is told in plain words first, then in figures", () => {
  assert.deepEqual(said(), {
    Connection: ["connected", ""],
    "Round trip": ["very quick", "4.3 ms"],
    "Shared clock": ["exact", "± 2.3 ms"],
    "Your player": ["in step", "−12 ms"],
    "Film at hand": ["plenty", "24 s"],
    "Frames not shown": ["hardly any", "3 of 3400"],
    Picture: ["720p, chosen for you", "2.4 Mbit/s"],
  });
});

test("a lost connection counts down to its next try", () => {
  assert.deepEqual(said({ connection: "lost", retryIn: 2100 }).Connection, ["lost, trying again in 3 s", ""]);
  assert.deepEqual(said({ connection: "lost" }).Connection, ["lost, trying again…", ""]);
  assert.equal(brief({ ...well, connection: "lost", retryIn: 900 }), "lost, trying again in 1 s");
});

test("in brief it is how well one is in step", () => {
  assert.equal(brief(well), "in step, −12 ms");
  assert.equal(brief({ ...well, error: null, state: "starving" }), "buffering");
  assert.equal(brief({ ...well, silenced: true }), "muted by the browser, −12 ms");
  assert.equal(brief({ ...well, state: "idle", error: null, film: false }), "here");
});

test("what is not known yet is said to be so, and without a film there is nothing to say of it", () => {
  const early = said({ rtt: 0, uncertainty: Infinity, film: false, state: "idle", error: null });
  assert.deepEqual(early["Round trip"], ["not measured yet", ""]);
  assert.deepEqual(early["Shared clock"], ["not set yet", ""]);
  assert.deepEqual(Object.keys(early).length, 4);
});

test("a poor line is called poor", () => {
  const poor = said({ rtt: 1400, uncertainty: 80, buffered: 1.2, dropped: 900, quality: { height: 360, bitrate: 640_000, automatic: false } });
  assert.deepEqual(poor["Round trip"], ["very slow", "1.4 s"]);
  assert.deepEqual(poor["Shared clock"], ["rough", "± 80 ms"]);
  assert.deepEqual(poor["Film at hand"], ["little", "1 s"]);
  assert.equal(poor["Frames not shown"]?.[0], "many");
  assert.deepEqual(poor.Picture, ["360p, your choice", "640 kbit/s"]);
});
