import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../web/lib/api.js";
import { Pace, send } from "../../web/lib/upload.js";

const TARGET = { url: "/u/1", method: "PUT" };

test("a steady pace gives its speed and the time left", () => {
  const pace = new Pace();
  for (let second = 0; second <= 4; second += 1) pace.mark(second * 1000, second);
  assert.equal(pace.speed, 1000);
  assert.equal(pace.secondsLeft(10_000), 6);
});

test("no speed is claimed from the first instant", () => {
  const pace = new Pace();
  pace.mark(0, 0);
  assert.equal(pace.speed, null);
  pace.mark(500_000, 0.1);
  assert.equal(pace.speed, null);
  assert.equal(pace.secondsLeft(1_000_000), null);
});

test("a pace that changed is followed: what happened long ago does not count", () => {
  const pace = new Pace();
  for (let second = 0; second <= 10; second += 1) pace.mark(second * 10_000, second);
  for (let second = 11; second <= 30; second += 1) pace.mark(100_000 + (second - 10) * 100, second);
  assert.equal(pace.speed, 100);
});

test("while nothing moves no time left is claimed", () => {
  const pace = new Pace();
  pace.mark(700, 0);
  pace.mark(700, 20);
  assert.equal(pace.speed, 0);
  assert.equal(pace.secondsLeft(1000), null);
});

test("more sent than expected leaves no negative time", () => {
  const pace = new Pace();
  pace.mark(0, 0);
  pace.mark(2000, 1);
  assert.equal(pace.secondsLeft(1500), 0);
});

test("a file is sent with its progress told and the answer given back", async () => {
  let time = 0;
  const told = [];
  const transport = async ({ method, url, body, onProgress }) => {
    assert.equal(`${method} ${url}`, "PUT /u/1");
    time = 2;
    onProgress(6);
    time = 3;
    onProgress(body.size);
    return { status: 200, text: '{"video":{"id":"v"}}' };
  };
  const answer = await send(transport, TARGET, new Blob(["0123456789ab"]), { onProgress: (p) => told.push(p), now: () => time });
  assert.deepEqual(answer, { video: { id: "v" } });
  assert.deepEqual(told[0], { sent: 0, total: 12, speed: null, secondsLeft: null });
  assert.deepEqual(told[1], { sent: 6, total: 12, speed: 3, secondsLeft: 2 });
  assert.equal(told[2].secondsLeft, 0);
});

test("a refused file throws the server's sentence", async () => {
  const transport = async () => ({ status: 415, text: '{"status":415,"detail":"This is not a video."}' });
  const error = await send(transport, TARGET, new Blob(["x"])).catch((caught) => caught);
  assert.ok(error instanceof ApiProblem);
  assert.equal(error.status, 415);
  assert.equal(error.detail, "This is not a video.");
});

test("a line that is cut throws a sentence with status 0", async () => {
  const transport = async () => {
    throw new TypeError("network");
  };
  const error = await send(transport, TARGET, new Blob(["x"])).catch((caught) => caught);
  assert.equal(error.status, 0);
  assert.match(error.detail, /connection was lost/);
});

test("a cancelled upload is told apart from a cut line", async () => {
  const abort = new AbortController();
  const transport = async ({ signal }) => {
    abort.abort();
    throw signal.reason;
  };
  const error = await send(transport, TARGET, new Blob(["x"]), { signal: abort.signal }).catch((caught) => caught);
  assert.equal(error.name, "AbortError");
});
