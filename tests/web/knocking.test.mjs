import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiProblem } from "../../web/lib/api.js";
import { answered } from "../../web/lib/knocking.js";

/** A server that answers in this order. */
function server(...answers) {
  const asked = [];
  const get = async (path) => {
    asked.push(path);
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return { status: answer };
  };
  return { asked, get };
}

function refusal(status, retryAfter = null) {
  return new ApiProblem({ status, detail: "No." }, retryAfter);
}

test("an answer is heard as soon as there is one, and asked for until then", async () => {
  const api = server("pending", "pending", "approved");
  assert.equal(await answered("a b", api, async () => {}), "approved");
  assert.deepEqual(api.asked, Array(3).fill("/access-requests/a%20b?wait=20"));
  assert.equal(await answered("x", server("denied"), async () => {}), "denied");
});

test("a server that cannot be reached is asked again after a while", async () => {
  const waits = [];
  assert.equal(await answered("x", server(refusal(0), refusal(429, 7), "approved"), async (ms) => void waits.push(ms)), "approved");
  assert.deepEqual(waits, [2000, 7000]);
});

test("a request that is no more was withdrawn, or its room is gone", async () => {
  assert.equal(await answered("x", server(refusal(404)), async () => {}), "withdrawn");
});
