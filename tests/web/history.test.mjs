import assert from "node:assert/strict";
import { test } from "node:test";
import { forgotten, heard, Older, rejoined } from "../../web/lib/history.js";

function line(n, change = {}) {
  return { id: `m${n}`, member_id: "ann", name: "Ann", text: `line ${n}`, at: `2026-01-01T00:00:0${n}.000Z`, client_id: `${n}`, ...change };
}

const ids = (lines) => lines.map(({ id }) => id);

test("lines stand in the order they were said, however late one's own come back", () => {
  const known = [1, 3, 2].reduce((lines, n) => heard(lines, line(n)), []);
  assert.deepEqual(ids(known), ["m1", "m2", "m3"]);
  const again = heard(known, line(2, { text: "", unsaid_by: "bob" }));
  assert.deepEqual(again.map(({ text }) => text), ["line 1", "", "line 3"]);
});

test("words that were taken back are forgotten, their place is not", () => {
  const [, second] = forgotten([line(1), line(2, { mentions: ["bob"] })], { id: "m2", by: "ann" });
  assert.deepEqual([second.id, second.text, second.mentions, second.unsaid_by], ["m2", "", [], "ann"]);
});

test("after a lost connection older pages stay, unless something is missing in between", () => {
  const known = [line(1), line(2), line(3)];
  assert.deepEqual(ids(rejoined(known, [line(2), line(3), line(4)])), ["m1", "m2", "m3", "m4"]);
  assert.deepEqual(ids(rejoined(known, [line(5), line(6)])), ["m5", "m6"]);
  assert.deepEqual(rejoined(known, []), []);
});

test("older pages are asked for until there is something new, each once, and then no more", async () => {
  const asked = [];
  const item = (n) => ({ ...line(n), created_at: line(n).at, at: undefined });
  const pages = { "": { items: [item(9), item(8)], next_cursor: "a" }, a: { items: [item(7), item(6)], next_cursor: "b" }, b: { items: [], next_cursor: null } };
  const older = new Older(async (query) => {
    asked.push(query);
    return pages[new URLSearchParams(query).get("cursor") ?? ""];
  });
  const [first, second] = await Promise.all([older.before([line(8), line(9)]), older.before([line(8), line(9)])]);
  assert.deepEqual([ids(first), ids(second)], [["m6", "m7"], []]);
  assert.equal(first[0].at, line(6).at);
  assert.deepEqual(await older.before([]), []);
  assert.deepEqual(await older.before([]), []);
  assert.equal(asked.length, 3);
  assert.ok(older.done);
});

test("a page that could not be fetched can be asked for again", async () => {
  let broken = true;
  const older = new Older(async () => {
    if (broken) throw new Error("no line");
    return { items: [], next_cursor: null };
  });
  await assert.rejects(older.before([]));
  broken = false;
  assert.deepEqual(await older.before([]), []);
});
