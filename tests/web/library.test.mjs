import assert from "node:assert/strict";
import { test } from "node:test";

import { undoOf } from "../../web/lib/bulk.js";
import { addressOf, isNarrow, isNewestFirst, queryOf, wantedIn } from "../../web/lib/library-query.js";
import { Viewing } from "../../web/lib/viewing.js";

test("what the library is asked for stands in its address, and is read off it again", () => {
  const wanted = wantedIn("?q=mon%20oncle&tag=r%26b&sort=views&limit=3&status=");
  assert.deepEqual(wanted, { q: "mon oncle", status: "", visibility: "", owner: "", tag: "r&b", sort: "views" });
  assert.equal(queryOf(wanted).toString(), "q=mon+oncle&tag=r%26b&sort=views");
  assert.deepEqual(wantedIn(addressOf(wanted).slice(1)), wanted);
  assert.equal(addressOf(wantedIn("")), "/");
});

test("an order alone leaves nothing out, and new films belong on top of the newest alone", () => {
  assert.equal(isNarrow(wantedIn("?sort=title")), false);
  assert.equal(isNarrow(wantedIn("?tag=x")), true);
  assert.equal(isNewestFirst(wantedIn("?tag=x")), true);
  assert.equal(isNewestFirst(wantedIn("?q=x")), false);
  assert.equal(isNewestFirst(wantedIn("?q=x&sort=newest")), true);
});

test("a change of many films is undone by as few changes as they were different before", () => {
  const words = (visibility, tags, keep_ready = false) => ({ visibility, tags, keep_ready });
  const undo = undoOf([
    { id: "1", title: "", before: words("private", ["a"]), after: words("public", ["a", "b"]) },
    { id: "2", title: "", before: words("private", []), after: words("public", ["b"]) },
    { id: "3", title: "", before: words("public", ["c"], true), after: words("public", ["b"]) },
    { id: "4", title: "", before: words("public", []), after: null },
  ]);
  assert.deepEqual(undo, [
    { ids: ["1", "2"], visibility: "private", remove_tags: ["b"] },
    { ids: ["3"], keep_ready: true, add_tags: ["c"], remove_tags: ["b"] },
  ]);
});

test("ten seconds are a view, or half of what is shorter, and jumps are not watching", () => {
  const watch = (viewing, from, to, duration) => {
    for (let at = from; at <= to; at += 0.25) {
      const said = viewing.at(at, duration);
      if (said !== null) return [at, said];
    }
    return null;
  };
  assert.deepEqual(watch(new Viewing(), 0, 60, 600), [10, 10]);
  assert.deepEqual(watch(new Viewing(), 0, 60, 8), [4, 4]);
  assert.deepEqual(watch(new Viewing(), 0, 60, Number.NaN), [10, 10]);
  const jumping = new Viewing();
  for (const at of [0, 100, 200, 300, 400]) assert.equal(jumping.at(at, 600), null);
});

test("a view that was not counted is told of again, a few times at most", () => {
  const viewing = new Viewing();
  const said = [];
  for (let at = 0; at < 300; at += 0.5) {
    const watched = viewing.at(at, 600);
    if (watched === null) continue;
    said.push(watched);
    viewing.answered(false, watched);
  }
  assert.deepEqual(said, [10, 20, 30]);
  const counted = new Viewing();
  counted.answered(true, 10);
  for (let at = 0; at < 100; at += 0.5) assert.equal(counted.at(at, 600), null);
});
