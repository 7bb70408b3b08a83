import assert from "node:assert/strict";
import { test } from "node:test";
import { holds, mailto, words } from "../../web/lib/invitation.js";

const INVITE = { url: "http://host/join/abc", pin: "012345", expires_at: "2026-01-02T10:00:00Z" };
const ABOUT = { room: "Friday & friends", film: "Ran", pinPage: "http://host/join", locale: "en-GB" };

test("an invitation's words name the film, the room, the link, the PIN and the end", () => {
  const { subject, text } = words(INVITE, ABOUT);
  assert.equal(subject, "Ran, together: Friday & friends");
  for (const part of ["“Ran”", "“Friday & friends”", INVITE.url, "http://host/join and type the PIN 012345", "2 Jan 2026"]) assert.ok(text.includes(part), part);
});

test("without a film or a PIN nothing is said of them", () => {
  const { subject, text } = words({ ...INVITE, pin: null }, { ...ABOUT, film: null });
  assert.equal(subject, "Watch together: Friday & friends");
  assert.doesNotMatch(text, /PIN|null/);
});

test("a mail's link carries it all, whatever the letters", () => {
  const link = new URL(mailto(" zoë@example.org ", words(INVITE, ABOUT)));
  assert.equal(decodeURIComponent(link.pathname), "zoë@example.org");
  assert.equal(link.searchParams.get("subject"), "Ran, together: Friday & friends");
  assert.match(link.searchParams.get("body") ?? "", /\r\nhttp:\/\/host\/join\/abc\r\n/);
  assert.ok(mailto("a@b.c?bcc=everybody@d.e", words(INVITE, ABOUT)).startsWith("mailto:a@b.c%3Fbcc"));
});

test("an invitation holds until its time or its last use", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(holds({ expires_at: INVITE.expires_at, uses: 0, max_uses: null }, now), true);
  assert.equal(holds({ expires_at: INVITE.expires_at, uses: 2, max_uses: 2 }, now), false);
  assert.equal(holds({ expires_at: INVITE.expires_at, uses: 0, max_uses: 2 }, Date.parse(INVITE.expires_at)), false);
});
