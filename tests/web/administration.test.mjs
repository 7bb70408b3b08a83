import assert from "node:assert/strict";
import { test } from "node:test";

import { backupKind, bytesOf, bytesText, changes, deed } from "../../web/lib/administration.js";

test("a deed is said in words, and one without words as it is", () => {
  assert.equal(deed("user.disabled"), "Account shut");
  assert.equal(deed("webhook.created"), "webhook.created");
  assert.equal(backupKind("schedule"), "Made by itself, daily");
});

test("what changed is one line each, from what to what", () => {
  assert.deepEqual(changes({ role: "user", gone: 1 }, { role: "admin", made: true }), ["role: user → admin", "gone: was 1", "made: true"]);
  assert.deepEqual(changes(null, null), []);
});

test("sizes are read as people write them", () => {
  assert.equal(bytesOf("10 GB"), 10e9);
  assert.equal(bytesOf("1.5TB"), 1.5e12);
  assert.equal(bytesOf("1,5 GiB"), 1.5 * 2 ** 30);
  assert.equal(bytesOf("0"), 0);
  for (const wrong of ["", "much", "-1 GB", "10 XB", "1 2 GB", "1e9"]) assert.equal(bytesOf(wrong), null, wrong);
});

test("a size that is written can be read again without a loss", () => {
  for (const bytes of [0, 1, 1023, 64 * 2 ** 20, 10 * 2 ** 30, 64 * 2 ** 30, 1e12, 123456789]) assert.equal(bytesOf(bytesText(bytes)), bytes);
  assert.equal(bytesText(10 * 2 ** 30), "10 GiB");
  assert.equal(bytesText(5e9), "5 GB");
});
