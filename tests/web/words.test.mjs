import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { beginning, momentOf, parts } from "../../web/lib/words.js";

const SHARED = JSON.parse(readFileSync(new URL("../mentions.json", import.meta.url), "utf8"));
const PEOPLE = SHARED.people.map(([id, name]) => ({ id, name }));

function kinds(text, people) {
  return parts(text, people).filter(({ kind }) => kind !== "text").map(({ kind, text: words }) => `${kind} ${words}`);
}

test("nothing of a text is lost or added, whatever it is", () => {
  for (const text of ["", "hello", "<b>1:02</b>", "https://a.example/x?y=1#z 12:34 @Ann", "@@@ ::: http:// 1:2:3:4", "😀@Ann 0:00\n1:00"]) {
    assert.equal(parts(text, PEOPLE).map((part) => part.text).join(""), text);
  }
});

test("moments of the film are found, ratios and dates are not", () => {
  assert.deepEqual(kinds("at 12:34, 1:02:03 and 0:05. See (59:59)!"), ["moment 12:34", "moment 1:02:03", "moment 0:05", "moment 59:59"]);
  assert.deepEqual(kinds("16:9 12:60 1:60:00 x12:34 12:34x 12:34:56:78 10.12:30 2026-11:22 1:23.5 v1:02"), []);
  assert.equal(momentOf("1:02:03"), 3723);
  assert.equal(momentOf("75:30"), 4530);
  for (const none of ["", "12", "1:2", "1:60", "-1:00", "1:00:00:00"]) assert.equal(momentOf(none), null, none);
});

test("addresses end where the sentence does, and only those of the web are any", () => {
  const [part] = parts("https://example.org/a_(b).");
  assert.deepEqual(part, { kind: "link", text: "https://example.org/a_(b)", href: "https://example.org/a_(b)" });
  assert.deepEqual(kinds("(see http://example.org/x?t=1:23, or HTTPS://EXAMPLE.ORG)!"), ["link http://example.org/x?t=1:23", "link HTTPS://EXAMPLE.ORG"]);
  assert.deepEqual(kinds("javascript:alert(1) ftp://x.example data:text/html,x http:// https://"), []);
  assert.deepEqual(kinds('http://x.example/"onclick="alert(1)'), ["link http://x.example/"]);
});

test("people are marked where the server means them", () => {
  for (const [text, meant] of SHARED.cases) {
    const marked = new Set(parts(text, PEOPLE).filter(({ kind }) => kind === "mention").map(({ id }) => id));
    const names = new Set([...marked].map((id) => PEOPLE.find((one) => one.id === id).name.toLowerCase()));
    assert.deepEqual(names, new Set(meant.map((id) => PEOPLE.find((one) => one.id === id).name.toLowerCase())), text);
  }
});

test("names that begin with what is being written are offered", () => {
  const offered = (text, cursor = text.length) => beginning(text, cursor, PEOPLE)?.people.map(({ name }) => name) ?? [];
  assert.deepEqual(offered("hi @an"), ["Ann", "Ann Lee"]);
  assert.deepEqual(offered("hi @Ann L"), ["Ann Lee"]);
  assert.equal(offered("@").length, PEOPLE.length);
  assert.deepEqual(offered("mail ann@an"), []);
  assert.deepEqual(offered("@an or so", 3), ["Ann", "Ann Lee"]);
  assert.deepEqual(offered("@xyz"), []);
  assert.deepEqual(beginning("hi @zo", 6, PEOPLE), { from: 3, people: [{ id: "zoe", name: "Zoë" }] });
});
