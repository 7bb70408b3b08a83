import assert from "node:assert/strict";
import { test } from "node:test";
import { CommentPages, namable, placed, room, without } from "../../web/lib/comments.js";
import { bellLabel, few } from "../../web/lib/bell.js";
import { read, signOf } from "../../web/lib/notifications.js";

const said = (id, more = {}) => ({ id, author: { id: `by-${id}`, username: `u${id}`, display_name: id }, text: id, at: null, replies: 0, mentions: [], deleted: false, mine: true, may_delete: true, ...more });
const ids = (comments) => comments.map(({ id }) => id);

test("a new comment stands first or last, and one that is known keeps its place", () => {
  assert.deepEqual(ids(placed([said("a")], said("b"), true)), ["b", "a"]);
  assert.deepEqual(ids(placed([said("a")], said("b"))), ["a", "b"]);
  assert.equal(placed([said("a"), said("b")], said("a", { text: "other" }), true)[0].text, "other");
});

test("a deleted comment is gone, unless there are answers to it", () => {
  assert.deepEqual(ids(without([said("a"), said("b")], "a")), ["b"]);
  const [left] = without([said("a", { replies: 1, at: 5 })], "a");
  assert.deepEqual([left.deleted, left.text, left.author, left.at, left.may_delete], [true, "", null, null, false]);
});

test("pages follow each other, and what came in between is not shown twice", async () => {
  const asked = [];
  const pages = [{ items: [said("c"), said("b")], next_cursor: "x y" }, { items: [said("b"), said("a")], next_cursor: null }];
  const all = new CommentPages(async (query) => (asked.push(query), pages.shift()));
  let known = await all.more([said("new")]);
  known = await all.more(known);
  assert.deepEqual(ids(known), ["new", "c", "b", "a"]);
  assert.deepEqual([asked, all.done], [["", "&cursor=x%20y"], true]);
  assert.equal(await all.more(known), known);
});

test("everybody who wrote or was meant can be named, but not oneself", () => {
  const owner = { id: "o", username: "owner", display_name: "Owner" };
  const comments = [said("z"), said("a", { mentions: [owner] }), said("gone", { author: null })];
  assert.deepEqual(namable(comments, [owner], "by-z"), [{ id: "o", name: "owner" }, { id: "by-a", name: "ua" }]);
});

test("how much room is left is said near the end", () => {
  assert.equal(room("x".repeat(4499)), "");
  assert.equal(room("x".repeat(4990)), "Room for 10 more");
  assert.equal(room("\u{1f600}".repeat(5001)), "Too long by 1");
});

test("the bell counts in few letters", () => {
  assert.deepEqual([few(3), few(120)], ["3", "99+"]);
  assert.deepEqual([bellLabel(0), bellLabel(2)], ["Notifications", "Notifications, 2 unread"]);
  assert.equal(signOf("something new"), "bell");
  const told = [{ id: "a", read: false }, { id: "b", read: false }];
  assert.deepEqual(read(told, ["b"]).map((one) => one.read), [false, true]);
  assert.deepEqual(read(told, null).map((one) => one.read), [true, true]);
});
