import assert from "node:assert/strict";
import { test } from "node:test";
import { emojiOf, FIRST, Floats, MORE } from "../../web/lib/reactions.js";
import { Typists } from "../../web/lib/typists.js";
import { Unread } from "../../web/lib/unread.js";

test("everything that is offered is an emoji, each once", () => {
  const all = [...FIRST, ...MORE];
  assert.equal(new Set(all).size, all.length);
  for (const emoji of all) assert.equal(emojiOf(emoji), emoji);
});

test("of what is typed the first emoji counts, and no text does", () => {
  assert.equal(emojiOf(" 👨‍👩‍👧‍👦🎉"), "👨‍👩‍👧‍👦");
  assert.equal(emojiOf("🇩🇪"), "🇩🇪");
  for (const none of ["", "a", "1", "x🎉", "🇩"]) assert.equal(emojiOf(none), null, none);
});

test("a flood of reactions floats as a few, and everything passes", () => {
  const floats = new Floats();
  for (let i = 0; i < 100; i++) floats.add({ member_id: "ann", name: "Ann", emoji: "🎉" }, 1000 + i);
  assert.deepEqual(floats.shown.map(({ times }) => times), [100]);
  for (let i = 0; i < 100; i++) floats.add({ member_id: `${i}`, name: "Guest", emoji: "🎉" }, 2000 + i);
  assert.equal(floats.shown.length, 24);
  assert.equal(floats.shown.at(-1).member_id, "99");
  floats.pass(6050);
  assert.equal(floats.shown.length, 24);
  floats.pass(6100);
  assert.deepEqual(floats.shown, []);
});

test("somebody types until they say it, or stop for a while", () => {
  let now = 0;
  const typists = new Typists(() => now);
  typists.hear("ann", "Ann", true);
  typists.hear("bob", "Bob", true);
  typists.forget("ann");
  assert.deepEqual(typists.names, ["Bob"]);
  now = 5001;
  assert.deepEqual(typists.names, []);
});

function lines(...authors) {
  return authors.map((member_id, i) => ({ id: `m${i}`, member_id, name: member_id, text: "x", at: "", client_id: `${i}` }));
}

test("lines of others are unread until one looks, and marked where they begin", () => {
  const unread = new Unread();
  const all = lines("bob", "bob", "you", "bob", "cleo", "you");
  unread.start("m0");
  assert.equal(unread.take(all.slice(0, 1), "you", true), null);
  unread.take(all.slice(0, 1), "you", false);
  assert.equal(unread.take(all.slice(0, 5), "you", false), "m1");
  assert.equal(unread.count, 3);
  assert.equal(unread.take(all.slice(0, 5), "you", true), "m1"); // the mark stays while one reads
  assert.equal(unread.count, 0);
  assert.equal(unread.take(all, "you", true), null); // and goes when one answers
});

test("what was said before one came in is not unread, and neither is what was taken back", () => {
  const unread = new Unread();
  const all = lines("bob", "bob", "bob");
  unread.take(all.slice(0, 1), "you", false);
  assert.equal(unread.count, 0);
  unread.start("m1");
  unread.start("m2"); // after a lost connection one still knows what one had seen
  all[2].unsaid_by = "bob";
  unread.take(all, "you", false);
  assert.equal(unread.count, 0);
});
