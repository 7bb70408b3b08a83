import assert from "node:assert/strict";
import { test } from "node:test";

import { grouped, isOpen, isOperation, kindOf, lost, mainJobs, ordinal, pace, places, queueFacts, standing } from "../../web/lib/jobs.js";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const before = (seconds) => new Date(NOW - seconds * 1000).toISOString();
const JOB = {
  id: "j", kind: "extract-audio", video_id: "v", title: "Playtime", status: "running", progress: 0, attempts: 1, options: { format: "mp3" },
  created_at: before(30), run_at: before(30), started_at: before(20), finished_at: null, can_cancel: true, can_retry: false,
};

test("every kind of job has words that people understand", () => {
  const said = [
    ["prepare", {}], ["poster", {}], ["storyboard", {}], ["fill", { rendition: "360p" }], ["fill", {}], ["keep", {}],
    ["extract-audio", { format: "mp3" }], ["extract-audio", { format: "opus" }], ["resize", { height: 480 }],
    ["convert", { container: "webm", video_codec: "vp9", audio_codec: "opus" }], ["unheard-of", undefined],
  ].map(([kind, options]) => kindOf({ ...JOB, kind, options }));
  assert.deepEqual(said, [
    "Looking at the file", "Poster", "Storyboard", "Preparing 360p", "Preparing", "Keeping ready",
    "Extracting sound (MP3)", "Extracting sound (Opus)", "Smaller copy (480p)", "Converting to WebM", "unheard-of",
  ]);
  assert.deepEqual(["resize", "keep"].map((kind) => isOperation({ ...JOB, kind })), [true, false]);
});

test("a running job tells how far, how fast and how long still, as far as that is known", () => {
  assert.equal(pace({ progress: 0.374, speed: 3.14, eta_seconds: 260 }), "37% · 3.1× · 4 min left");
  assert.equal(pace({ progress: 0.5, speed: 74.4 }), "50% · 74×");
  assert.equal(standing(JOB, NOW), "Starting");
  assert.equal(standing({ ...JOB, progress: 0.1, attempts: 2 }, NOW), "10% · 2nd attempt");
});

test("a waiting job tells for how long, or when it is tried again and why", () => {
  const waiting = { ...JOB, status: "queued" };
  assert.equal(standing(waiting, NOW), "Waiting its turn");
  assert.equal(standing({ ...waiting, created_at: before(600), run_at: before(600) }, NOW), "Waiting its turn for 10 min");
  assert.equal(standing(waiting, NOW, 1), "Next in line");
  assert.equal(standing({ ...waiting, created_at: before(600), run_at: before(600) }, NOW, 3), "3rd in line for 10 min");
  assert.equal(
    standing({ ...waiting, run_at: before(-45), error: "There is no room on the disk." }, NOW),
    "Tries again in 45 s · There is no room on the disk.",
  );
});

test("a job that is over tells how it ended", () => {
  const over = { ...JOB, finished_at: before(300) };
  assert.equal(standing({ ...over, status: "done", result: { size: 4_200_000 } }, NOW), "Done 5 minutes ago · 4.2 MB");
  assert.equal(standing({ ...over, status: "done" }, NOW), "Done 5 minutes ago");
  assert.equal(standing({ ...over, status: "failed", error: "The sound is broken." }, NOW), "The sound is broken.");
  assert.equal(standing({ ...over, status: "cancelled" }, NOW), "Cancelled 5 minutes ago");
});

test("numbers of attempts are written as people say them", () => {
  assert.deepEqual([1, 2, 3, 4, 11, 12, 13, 21, 112].map(ordinal), ["1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th"]);
});

test("jobs are grouped by where they stand: open ones oldest first, ended ones newest first", () => {
  const made = (id, status, seconds, later = 0) => ({ ...JOB, id, status, created_at: before(seconds), run_at: before(seconds - later) });
  const jobs = [
    made("a", "queued", 10), made("b", "done", 20), made("c", "running", 30), made("d", "queued", 40, 600), made("e", "running", 50),
    made("f", "failed", 60), made("g", "queued", 70),
  ];
  const ids = (list) => list.map(({ id }) => id).join("");
  const { running, waiting, over } = grouped(jobs);
  assert.deepEqual([running, waiting, over].map(ids), ["ec", "gad", "bf"]);
  assert.equal(isOpen(jobs[1]), false);
});

test("each job that waits has its place: new films and their pictures beside the rest, preparing ahead behind what was asked for", () => {
  const made = (id, kind, seconds, later = 0) => ({ ...JOB, id, kind, status: "queued", created_at: before(seconds), run_at: before(seconds - later) });
  const jobs = [
    made("a", "convert", 10), made("b", "prepare", 20), made("c", "poster", 30), made("d", "resize", 40, 600), made("e", "fill", 50), made("f", "resize", 60),
    made("g", "prepare", 70),
  ];
  const { waiting } = grouped(jobs);
  assert.equal(waiting.map(({ id }) => id).join(""), "gbcfade");
  assert.deepEqual([...places(waiting, NOW)], [["g", 1], ["b", 2], ["c", 1], ["f", 1], ["a", 2], ["e", 3]]);
});

test("an open job that the answer no longer holds is asked about, unless the answer did not reach so far back", () => {
  const known = [
    { ...JOB, id: "a", created_at: before(10) }, { ...JOB, id: "b", created_at: before(20) }, { ...JOB, id: "c", created_at: before(90) },
    { ...JOB, id: "d", status: "done", created_at: before(20) },
  ];
  const ids = (page) => lost(known, page, "running").map(({ id }) => id);
  assert.deepEqual(ids({ items: [known[0]], next_cursor: null }), ["b", "c"]);
  assert.deepEqual(ids({ items: [known[0], { ...JOB, id: "x", created_at: before(40) }], next_cursor: "more" }), ["b"]);
  assert.deepEqual(ids({ items: [], next_cursor: null }), ["a", "b", "c"]);
});

test("of all that is done to a film its card shows what people wait for most", () => {
  const jobs = [
    { ...JOB, id: "1", kind: "poster" }, { ...JOB, id: "2", kind: "fill" }, { ...JOB, id: "3", kind: "keep" },
    { ...JOB, id: "4", kind: "fill", video_id: "w" }, { ...JOB, id: "5", kind: "convert", video_id: "x" },
  ];
  assert.deepEqual([...mainJobs(jobs)].map(([film, { id }]) => [film, id]), [["v", "3"], ["w", "4"]]);
});

test("the queue is told in numbers, and how long the oldest waits only when something does", () => {
  const stats = { workers: 5, active: 2, waiting: 3, delayed: 1, completed: 148, failed: 0, oldest_waiting_seconds: 300 };
  assert.deepEqual(queueFacts(stats).map(({ label, value, hint }) => [label, value, hint ?? ""]), [
    ["Running", "2", "5 workers"], ["Waiting", "3", "oldest 5 min"], ["Delayed", "1", ""], ["Done", "148", ""], ["Failed", "0", ""],
  ]);
  assert.equal(queueFacts({ ...stats, waiting: 0 })[1]?.hint, "");
});
