import assert from "node:assert/strict";
import { test } from "node:test";
import { begins, listed, notBegun } from "../../web/lib/waiting-room.js";

const HOSTS = { play: "cohost", seek: "cohost", rate: "cohost", queue: "cohost", chat: "guest", invite: "member", kick: "cohost" };
const ANN = { name: "Ann", role: "host" };
const BOB = { name: "Bob", role: "member" };

test("a film stands before its beginning until somebody starts it", () => {
  const timeline = { position: 0, playing: false, cause: "load", starting: false };
  assert.equal(notBegun(timeline), true);
  assert.equal(notBegun({ ...timeline, starting: true }), false);
  assert.equal(notBegun({ ...timeline, playing: true }), false);
  assert.equal(notBegun({ ...timeline, position: 3 }), false);
  assert.equal(notBegun({ ...timeline, cause: "seek" }), false);
  assert.equal(notBegun(null), false);
});

test("people are listed, and a crowd is counted", () => {
  assert.equal(listed([]), "nobody yet");
  assert.equal(listed(["Ann", "Ann"]), "Ann");
  assert.equal(listed(["Ann", "Bob", "Cleo"]), "Ann, Bob and Cleo");
  assert.equal(listed(["Ann", "Bob", "Cleo", "Dan", "Eve", "Fay"]), "Ann, Bob, Cleo and 3 others");
});

test("one is told who starts the film", () => {
  assert.equal(begins([ANN, BOB], HOSTS, "Ann", false), "Ann starts the film.");
  assert.equal(begins([BOB], HOSTS, "Ann", false), "It begins when Ann has come.");
  assert.equal(begins([ANN, { name: "Cleo", role: "cohost" }], HOSTS, "Ann", false), "Ann or Cleo starts the film.");
  assert.match(begins([ANN, BOB], HOSTS, "Ann", true), /^Start it/);
});
