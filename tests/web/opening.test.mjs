import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate } from "node:timers/promises";
import { ApiProblem } from "../../web/lib/api.js";
import { beginning, opened } from "../../web/lib/opening.js";

const NOT_READY = new ApiProblem({ status: 409, detail: "It is not ready yet." });

/** Answers in turn; throws those that are errors. */
function turns(answers) {
  return async () => {
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
}

test("a film that is ready opens at the first asking", async () => {
  const told = [];
  const answer = await opened({ fresh: turns([{ hls_url: "/m/t/film/master.m3u8" }]) }, "film", new AbortController().signal, (words) => told.push(words), { get: turns([]) });
  assert.equal(answer.hls_url, "/m/t/film/master.m3u8");
  assert.deepEqual(told, []);
});

test("a film that is being prepared is told of, and opens when it is ready", async () => {
  const told = [];
  const api = { get: turns([{ status: "processing", progress: 0.5, reason: null }, { status: "ready", progress: 1, reason: null }]) };
  const answer = await opened({ fresh: turns([NOT_READY, { hls_url: "x" }]) }, "film", new AbortController().signal, (words) => told.push(words.progress), api);
  assert.equal(answer.hls_url, "x");
  assert.deepEqual(told, [0.5]);
});

test("whoever sits before a film is not kept from it once it is ready", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const api = { get: turns([{ status: "processing", progress: 0.5, reason: null }, { status: "ready", progress: 1, reason: null }]) };
  const opening = opened({ fresh: turns([NOT_READY, { hls_url: "x" }]) }, "film", new AbortController().signal, () => {}, api);
  await setImmediate();
  t.mock.timers.tick(250);
  assert.equal((await opening).hls_url, "x");
});

test("a film that failed says why and is not waited for", async () => {
  const told = [];
  const api = { get: turns([{ status: "failed", progress: null, reason: "There is no picture in it." }]) };
  const answer = await opened({ fresh: turns([NOT_READY]) }, "film", new AbortController().signal, (words) => told.push(words.detail), api);
  assert.equal(answer, null);
  assert.deepEqual(told, ["There is no picture in it."]);
});

test("a film one may not see is no matter of waiting", async () => {
  const gone = new ApiProblem({ status: 404, detail: "There is no such video." });
  await assert.rejects(opened({ fresh: turns([gone]) }, "film", new AbortController().signal, () => {}, { get: turns([]) }), /no such video/);
});

test("one begins where one left off, and at the beginning of a film that was all but over", async () => {
  const api = (position) => ({ get: async (path) => (path.endsWith("/position") ? { position } : { duration: 600 }) });
  const { signal } = new AbortController();
  assert.equal(await beginning("film", signal, api(300)), 300);
  assert.equal(await beginning("film", signal, api(598)), 0);
  const silent = { get: async () => Promise.reject(new ApiProblem({ status: 0, detail: "" })) };
  assert.equal(await beginning("film", signal, silent), 0);
});
