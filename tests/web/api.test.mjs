import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, ApiProblem } from "../../web/lib/api.js";

/** A server that answers from a list, and remembers what it was asked. */
function server(...answers) {
  const asked = [];
  const fetch = async (url, request) => {
    asked.push({ url, method: request.method, body: request.body, headers: request.headers, keepalive: request.keepalive });
    const answer = answers.shift();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { api: new Api({ fetch }), asked };
}

const json = (value, status = 200) => new Response(JSON.stringify(value), { status });
const problem = (status, detail, more = {}, headers = {}) =>
  new Response(JSON.stringify({ status, detail, ...more }), { status, headers });

test("an object goes out and comes back as JSON", async () => {
  const { api, asked } = server(json({ id: "a" }, 201));
  assert.deepEqual(await api.post("/rooms", { name: "Friday" }), { id: "a" });
  assert.equal(asked[0].url, "/api/v1/rooms");
  assert.equal(asked[0].body, '{"name":"Friday"}');
  assert.equal(asked[0].headers["Content-Type"], "application/json");
});

test("a request without a body does not claim to have one", async () => {
  const { api, asked } = server(json({}));
  await api.get("/videos");
  assert.equal(asked[0].body, undefined);
  assert.equal("Content-Type" in asked[0].headers, false);
});

test("a deletion may say why it may be done, and a problem of what kind it is", async () => {
  const type = "urn:watchparty:problem:totp_required";
  const { api, asked } = server(new Response(null, { status: 204 }), problem(409, "No.", { type }), problem(409, "No."));
  await api.delete("/users/me", { body: { password: "secret" } });
  assert.deepEqual([asked[0].method, asked[0].body], ["DELETE", '{"password":"secret"}']);
  await assert.rejects(api.delete("/users/me"), (error) => error instanceof ApiProblem && error.type === type);
  await assert.rejects(api.delete("/users/me"), (error) => error instanceof ApiProblem && error.type === "about:blank");
});

test("an answer without content is null", async () => {
  const { api } = server(new Response(null, { status: 204 }));
  assert.equal(await api.delete("/videos/a"), null);
});

test("a refusal carries the server's sentence and what is wrong with which field", async () => {
  const errors = [{ pointer: "/username", detail: "3 to 32 characters." }, { pointer: "/tags/2", detail: "Too long." }];
  const { api } = server(problem(422, "Some fields are not acceptable.", { errors, request_id: "r1" }));
  const error = await api.post("/auth/register", {}).catch((caught) => caught);
  assert.ok(error instanceof ApiProblem);
  assert.equal(error.status, 422);
  assert.equal(error.message, "Some fields are not acceptable.");
  assert.equal(error.field("username"), "3 to 32 characters.");
  assert.equal(error.field("tags"), "Too long.");
  assert.equal(error.field("user"), null);
  assert.equal(error.requestId, "r1");
});

test("a refusal that says when to come back keeps the seconds", async () => {
  const { api } = server(problem(429, "Too many tries.", {}, { "Retry-After": "12" }));
  const error = await api.post("/auth/login", {}).catch((caught) => caught);
  assert.equal(error.retryAfter, 12);
});

test("a page of HTML in place of problem details becomes a sentence", async () => {
  const { api } = server(new Response("<h1>Bad gateway</h1>", { status: 502 }));
  const error = await api.get("/videos").catch((caught) => caught);
  assert.equal(error.status, 502);
  assert.match(error.detail, /^The server answered with an error \(502\)/);
});

test("a session that has run out is renewed once and the request sent again", async () => {
  const { api, asked } = server(problem(401, "Sign in first."), json({}), json({ items: [] }));
  assert.deepEqual(await api.get("/videos"), { items: [] });
  assert.deepEqual(asked.map(({ method, url }) => `${method} ${url}`), [
    "GET /api/v1/videos",
    "POST /api/v1/auth/refresh",
    "GET /api/v1/videos",
  ]);
});

test("when the renewal is refused the first refusal stands", async () => {
  const { api, asked } = server(problem(401, "Sign in first."), problem(401, "Used twice."));
  const error = await api.get("/videos").catch((caught) => caught);
  assert.equal(error.status, 401);
  assert.equal(asked.length, 2);
});

test("a renewal that does not help is not tried for ever", async () => {
  const { api, asked } = server(problem(401, "No."), json({}), problem(401, "Still no."));
  const error = await api.get("/videos").catch((caught) => caught);
  assert.equal(error.detail, "Still no.");
  assert.equal(asked.length, 3);
});

test("two requests that meet the same end of the session share one renewal", async () => {
  const asked = [];
  let renewed = false;
  const api = new Api({
    fetch: async (url) => {
      asked.push(url);
      await new Promise((resolve) => setTimeout(resolve, 1));
      if (url.endsWith("/auth/refresh")) renewed = true;
      return renewed ? json({}) : problem(401, "Sign in first.");
    },
  });
  await Promise.all([api.get("/videos"), api.get("/rooms")]);
  assert.equal(asked.filter((url) => url.endsWith("/auth/refresh")).length, 1);
});

test("a wrong password does not ask for a renewal", async () => {
  const { api, asked } = server(problem(401, "The username or the password is wrong."));
  const error = await api.post("/auth/login", {}).catch((caught) => caught);
  assert.equal(error.detail, "The username or the password is wrong.");
  assert.equal(asked.length, 1);
});

test("a server that cannot be reached is a sentence with status 0", async () => {
  const { api } = server(new TypeError("fetch failed"));
  const error = await api.get("/videos").catch((caught) => caught);
  assert.equal(error.status, 0);
  assert.match(error.detail, /cannot be reached/);
});

test("an abandoned request is not reported as a server out of reach", async () => {
  const abort = new AbortController();
  abort.abort();
  const { api } = server(abort.signal.reason);
  const error = await api.get("/videos", { signal: abort.signal }).catch((caught) => caught);
  assert.equal(error.name, "AbortError");
});

test("a request made while the page is being left is kept alive", async () => {
  const { api, asked } = server(new Response(null, { status: 204 }));
  await api.delete("/videos/a", { keepalive: true });
  assert.equal(asked[0].keepalive, true);
});

test("a file travels as it is", async () => {
  const { api, asked } = server(json({ id: "s" }, 201));
  const file = new Blob(["1"]);
  assert.deepEqual(await api.send("/videos/v/subtitles?filename=a.srt", file), { id: "s" });
  assert.equal(asked[0].method, "POST");
  assert.equal(asked[0].body, file);
  assert.equal(asked[0].headers["Content-Type"], "application/octet-stream");
});
