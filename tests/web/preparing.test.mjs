import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../web/lib/api.js";
import { isSettled, saying, statuses } from "../../web/lib/preparing.js";

/** Asks until it is over; answers what was heard and how long was waited between. */
async function heard(answers, abort = new AbortController()) {
  const waits = [];
  const api = {
    get: async (path) => {
      assert.equal(path, "/videos/v/status");
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer;
    },
  };
  const told = [];
  for await (const status of statuses(api, "v", { signal: abort.signal, wait: async (seconds) => waits.push(seconds) })) {
    told.push(status.status);
    if (answers.length === 0) abort.abort();
  }
  return { told, waits };
}

test("a film is asked after once a second until it can be watched", async () => {
  const { told, waits } = await heard([{ status: "uploaded" }, { status: "processing" }, { status: "ready" }]);
  assert.deepEqual(told, ["uploaded", "processing", "ready"]);
  assert.deepEqual(waits, [1, 1]);
});

test("a film that failed is not asked after again", async () => {
  const { told } = await heard([{ status: "failed" }, { status: "ready" }]);
  assert.deepEqual(told, ["failed"]);
});

test("a server out of reach is waited for", async () => {
  const { told, waits } = await heard([new ApiProblem({ status: 0, detail: "" }), { status: "ready" }]);
  assert.deepEqual(told, ["ready"]);
  assert.deepEqual(waits, [1]);
});

test("a film that is gone ends the asking with the server's sentence", async () => {
  await assert.rejects(heard([new ApiProblem({ status: 404, detail: "There is no such video." })]), /no such video/);
});

test("nobody asks on behalf of a page that has moved on", async () => {
  const abort = new AbortController();
  abort.abort();
  assert.deepEqual((await heard([{ status: "ready" }], abort)).told, []);
});

test("the server's own reason goes before ours", () => {
  assert.equal(saying({ status: "processing", reason: "Reading the file" }), "Reading the file");
  assert.equal(saying({ status: "uploaded", reason: null }), "Waiting its turn");
});

test("only what will not change by itself is settled", () => {
  const all = ["pending", "uploaded", "processing", "ready", "failed", "missing"];
  assert.deepEqual(all.filter(isSettled), ["ready", "failed", "missing"]);
});
