import assert from "node:assert/strict";
import { test } from "node:test";

import { groups, searched } from "../../web/lib/openapi.js";
import { call, heard, LONGEST } from "../../web/lib/trial.js";

const DOCUMENT = {
  paths: {
    "/api/v1/rooms/{id}": {
      patch: {
        summary: "Change a room.",
        parameters: [
          { name: "id", in: "path", required: true, schema: { type: "string" } },
          { name: "limit", in: "query", schema: { type: "integer" } },
          { name: "sort", in: "query", schema: { enum: ["newest", "oldest"] } },
          { name: "If-Match", in: "header", schema: { type: "string" } },
        ],
        requestBody: { content: { "application/json": { schema: { type: "object" }, example: { name: "Friday" } } } },
        responses: {},
      },
    },
    "/livez": { get: { summary: "Is it alive?", responses: {} } },
  },
};
const all = groups(DOCUMENT);
const [change] = all[0].operations;

test("an operation says what there is to fill in and what to send for a start", () => {
  assert.deepEqual(change.inputs.map(({ name, place }) => `${place} ${name}`), ["path id", "query limit", "query sort", "header If-Match"]);
  assert.deepEqual(change.inputs[2].values, ["newest", "oldest"]);
  assert.deepEqual([change.takes, change.example], ["application/json", { name: "Friday" }]);
});

test("what is filled in goes where it belongs, and what is empty stays away", () => {
  const { url, init } = call(change, { id: "a/b", limit: "", sort: "oldest", "If-Match": '"1"' }, "{}", "");
  assert.equal(url, "/api/v1/rooms/a%2Fb?sort=oldest");
  assert.deepEqual(init, { method: "PATCH", headers: { "If-Match": '"1"', "Content-Type": "application/json" }, credentials: "same-origin", body: "{}" });
});

test("with a token the session of the browser stays at home", () => {
  const { init } = call(change, { id: "1" }, "", "secret");
  assert.deepEqual([init.headers, init.credentials, init.body], [{ Authorization: "Bearer secret" }, "omit", undefined]);
});

test("an answer is shown with its headers, JSON indented", async () => {
  const response = new Response('{"a":1}', { status: 422, statusText: "Unprocessable", headers: { "Content-Type": "application/problem+json", "X-Request-ID": "r" } });
  assert.deepEqual(await heard(response, 5), {
    status: 422,
    reason: "Unprocessable",
    milliseconds: 5,
    headers: "content-type: application/problem+json\nx-request-id: r",
    body: '{\n  "a": 1\n}',
  });
});

test("what is not text is told by its size, and what is too long is cut", async () => {
  const film = new Response(new Uint8Array(9), { headers: { "Content-Type": "video/mp4" } });
  assert.equal((await heard(film, 0)).body, "(9 bytes of video/mp4)");
  const long = new Response("x".repeat(LONGEST + 5), { headers: { "Content-Type": "text/plain" } });
  assert.match((await heard(long, 0)).body, /… and 5 characters more$/);
});

test("operations are found by words of their method, address and summary", () => {
  const names = (/** @type {string} */ words) => searched(all, words).map(({ name }) => name);
  assert.deepEqual(names(""), ["rooms", "server"]);
  assert.deepEqual(names("patch ROOM"), ["rooms"]);
  assert.deepEqual(names("alive"), ["server"]);
  assert.deepEqual(names("alive patch"), []);
});
