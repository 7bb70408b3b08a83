import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { ACTIONS, allows, mayActOn, ROLES, whoMay } from "../../web/lib/rights.js";

const USUAL = { play: "guest", seek: "guest", rate: "guest", queue: "member", chat: "guest", invite: "member", kick: "cohost" };

test("whoever has the least role or a higher one may", () => {
  assert.deepEqual(ROLES.map((role) => allows(USUAL, role, "queue")), [false, true, true, true]);
  assert.deepEqual(ROLES.map((role) => allows({ ...USUAL, chat: "host" }, role, "chat")), [false, false, false, true]);
});

test("nobody may anything before the room is known, nor somebody of no known role", () => {
  assert.equal(allows(null, "host", "play"), false);
  assert.equal(allows(USUAL, undefined, "play"), false);
  assert.equal(allows(USUAL, "owner", "play"), false);
});

test("a right is a sentence for people", () => {
  assert.equal(whoMay({ ...USUAL, queue: "cohost" }, "queue"), "Only hosts may choose films here.");
});

test("roles, actions and their words are those of the server", () => {
  const source = readFileSync(new URL("../../watchparty/domain/rights.py", import.meta.url), "utf8");
  const of = (name) => [...source.matchAll(new RegExp(`^ {4}${name}\\.(\\w+): "(.*)",$`, "gm"))];
  assert.deepEqual(Object.entries(ACTIONS), of("Action").map(([, action, words]) => [action.toLowerCase(), words]));
  assert.deepEqual(of("RoomRole").map(([, role]) => role.toLowerCase()), ROLES);
});

test("one acts on people of a lower rank, and on co-hosts only as the host", () => {
  assert.equal(mayActOn("cohost", "member", false), true);
  assert.equal(mayActOn("member", "member", false), false);
  assert.equal(mayActOn("host", "cohost", false), false);
  assert.equal(mayActOn("host", "cohost", true), true);
  assert.equal(mayActOn("host", "host", true), false);
});
