import assert from "node:assert/strict";
import { test } from "node:test";

import { ApiProblem } from "../../web/lib/api.js";
import { Pace, Sending, fingerprint } from "../../web/lib/upload.js";

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

/** What tus-js-client is to a page, with a server that answers what the test says. */
function client(script, earlier = []) {
  const made = [];
  class Upload {
    constructor(file, options) {
      Object.assign(this, { file, options, done: [] });
      made.push(this);
    }
    async findPreviousUploads() { return earlier; }
    resumeFromPreviousUpload(one) { this.done.push(`resume ${one.uploadUrl}`); }
    start() { this.done.push("start"); script(this.options); }
    async abort(terminate) { this.done.push(terminate ? "terminate" : "abort"); }
  }
  return { tus: { Upload }, made };
}

const FILE = { name: "film.mp4", size: 12, lastModified: 5 };
const answer = (status, body) => ({ getStatus: () => status, getBody: () => body });
const options = { owner: "ada", onProgress: () => {} };

test("a file is sent with its progress told, and its film is known from the first answer on", async () => {
  let time = 0;
  const told = [];
  const { tus, made } = client((o) => {
    o.onAfterResponse(null, answer(201, '{"video":{"id":"v"}}'));
    for (const sent of [0, 6, 12]) { o.onProgress(sent); time += 2; }
    o.onSuccess();
  });
  const sending = new Sending(tus, FILE, { owner: "ada", onProgress: (p) => told.push(p), now: () => time });
  assert.equal(await sending.remember(), false);
  assert.equal(await sending.run(), "sent");
  assert.equal(sending.videoId, "v");
  assert.equal(made[0].options.metadata.video_id, "v", "kept for the next visit");
  assert.deepEqual(told[1], { sent: 6, total: 12, speed: 3, secondsLeft: 2 });
});

test("a file of an earlier visit goes on where it came to, unless that is over a day ago", async () => {
  const now = new Date().toISOString();
  const old = { creationTime: "2020-01-01T00:00:00Z", uploadUrl: "/old", metadata: {} };
  const { tus, made } = client((o) => o.onSuccess(), [old, { creationTime: now, uploadUrl: "/new", metadata: { video_id: "v" } }]);
  const sending = new Sending(tus, FILE, options);
  assert.equal(await sending.remember(), true);
  assert.equal(sending.videoId, "v");
  await sending.run();
  assert.deepEqual(made[0].done, ["resume /new", "start"]);
  assert.equal(await new Sending(client(() => {}, [old]).tus, FILE, options).remember(), false);
});

test("an upload rests and goes on, and one that is given up ends on the server, too", async () => {
  const { tus, made } = client(() => {});
  const sending = new Sending(tus, FILE, options);
  const resting = sending.run();
  await sending.rest();
  assert.equal(await resting, "resting");
  void sending.run();
  await sending.giveUp();
  assert.deepEqual(made[0].done, ["start", "abort", "start", "terminate"]);
});

test("a refused file throws the server's sentence, a line that is cut one with status 0", async () => {
  const refused = client((o) => o.onError({ originalResponse: answer(415, '{"status":415,"detail":"This is not a video."}') }));
  const error = await new Sending(refused.tus, FILE, options).run().catch((caught) => caught);
  assert.ok(error instanceof ApiProblem);
  assert.equal(error.detail, "This is not a video.");
  const cut = client((o) => o.onError(new Error("network")));
  const lost = await new Sending(cut.tus, FILE, options).run().catch((caught) => caught);
  assert.equal(lost.status, 0);
  assert.match(lost.detail, /connection was lost/);
});

test("the same name is another file when its size, its date or its owner is another", () => {
  const prints = [FILE, { ...FILE, size: 13 }, { ...FILE, lastModified: 6 }].map((file) => fingerprint(file, "ada"));
  assert.equal(new Set([...prints, fingerprint(FILE, "bob")]).size, 4);
});
