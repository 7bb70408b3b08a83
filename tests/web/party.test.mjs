import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../web/lib/clock.js";
import { Party } from "../../web/lib/party.js";
import { World } from "./world.mjs";

const OFFSET = 9000;
const ANN = { id: "ann", name: "Ann", role: "host", state: "idle", drift_ms: null, rtt_ms: null };
const BOB = { id: "bob", name: "Bob", role: "member", state: "idle", drift_ms: null, rtt_ms: null };

/** A server's end of sockets: what was said to it, and what it says. */
class Line extends EventTarget {
  readyState = 0;
  sent = [];

  constructor(world, { silent = false } = {}) {
    super();
    this.world = world;
    this.silent = silent;
  }

  open() {
    this.readyState = 1;
    this.dispatchEvent(new Event("open"));
  }

  send(frame) {
    const message = JSON.parse(frame);
    this.sent.push({ ...message, when: this.world.now });
    if (message.type !== "ping" || this.silent) return;
    const t1 = this.world.now + 2 + OFFSET;
    this.world.at(this.world.now + 4, () => this.say({ type: "pong", t0: message.t0, t1, t2: t1 }));
  }

  say(message) {
    this.dispatchEvent(new MessageEvent("message", { data: typeof message === "string" ? message : JSON.stringify(message) }));
  }

  drop(code = 1006, reason = "") {
    this.readyState = 3;
    this.dispatchEvent(Object.assign(new Event("close"), { code, reason }));
  }

  close() {
    this.readyState = 3;
  }

  types() {
    return this.sent.map(({ type }) => type).filter((type) => type !== "ping");
  }
}

const RIGHTS = { play: "guest", seek: "guest", rate: "guest", queue: "member", chat: "guest", invite: "member", kick: "cohost" };

function timeline(change = {}) {
  return { revision: 4, video_id: "film", position: 10, rate: 1, playing: false, at: 0, cause: "pause", by: "bob", ...change };
}

function welcome(change = {}) {
  const room = { id: "room", name: "Friday", control: "everyone", admission: "open", rights: RIGHTS };
  return { type: "welcome", you: ANN, room, timeline: timeline(), members: [ANN, BOB], messages: [], queue: [], server_time: 0, resume: "token-1", ...change };
}

function seat(options = {}) {
  const world = new World(5);
  const lines = [];
  const clock = new Clock(() => world.now);
  const party = new Party({
    open: () => {
      const line = new Line(world, options);
      lines.push(line);
      return line;
    },
    clock,
    ticker: world.ticker(),
    random: world.random,
    ...options,
  });
  const heard = [];
  for (const name of ["connection", "welcome", "timeline", "prepare", "members", "message", "notice", "refusal", "over"]) {
    party.addEventListener(name, ({ detail }) => heard.push([name, detail]));
  }
  party.start();
  return { world, party, lines, clock, heard };
}

async function seated(options) {
  const made = seat(options);
  made.lines[0].open();
  made.lines[0].say(welcome());
  await made.world.run(600);
  return made;
}

test("it says hello, asks ten times for the time and takes what the room says as it is", async () => {
  const { party, lines, clock } = await seated();
  assert.equal(lines[0].sent[0].type, "hello");
  assert.equal(lines[0].sent.filter(({ type }) => type === "ping").length, 10);
  assert.ok(Math.abs(clock.offset() - OFFSET) < 0.1);
  assert.equal(party.connection, "open");
  assert.equal(party.timeline.revision, 4);
  assert.deepEqual(party.members.map(({ name }) => name), ["Ann", "Bob"]);
});

test("a command carries what was seen and when, and changes nothing here until the room answers", async () => {
  const { world, party, lines, heard } = await seated();
  heard.length = 0;
  party.pause(10.5);
  party.seek(33);
  const [pause, seek] = lines[0].sent.slice(-2);
  assert.equal(pause.seen, 4);
  assert.equal(pause.position, 10.5);
  assert.ok(Math.abs(pause.at - (world.now + OFFSET)) < 0.1);
  assert.equal(seek.position, 33);
  assert.deepEqual(heard, []);
  assert.equal(party.timeline.position, 10);
  lines[0].say({ type: "timeline", ...timeline({ revision: 5, position: 33, cause: "seek", by: "ann" }), waiting_for: [] });
  assert.equal(party.timeline.position, 33);
});

test("an older timeline is not believed", async () => {
  const { party, lines } = await seated();
  lines[0].say({ type: "timeline", ...timeline({ revision: 3, position: 99 }) });
  assert.equal(party.timeline.position, 10);
});

test("a refusal brings the room's timeline with it", async () => {
  const { party, lines, heard } = await seated();
  lines[0].say({ type: "error", code: "stale", detail: "Bob was quicker.", timeline: timeline({ revision: 6, position: 50 }) });
  assert.equal(party.timeline.position, 50);
  assert.equal(heard.at(-1)[0], "refusal");
});

test("a lost line is taken up again after a quarter, a half, one, two, four seconds, give or take a quarter", async () => {
  const { world, party, lines } = await seated();
  const waits = [];
  for (let i = 0; i < 6; i++) {
    const before = lines.length;
    lines.at(-1).drop();
    const lost = world.now;
    assert.equal(party.connection, "lost");
    while (lines.length === before) await world.run(5);
    waits.push(world.now - lost);
  }
  [250, 500, 1000, 2000, 4000, 4000].forEach((wait, i) => {
    assert.ok(waits[i] >= wait * 0.75 && waits[i] <= wait * 1.25 + 5, `${i}: ${waits[i]}`);
  });
});

test("coming back, it shows its token and keeps what it knew meanwhile", async () => {
  const { world, party, lines } = await seated();
  lines[0].drop();
  assert.equal(party.timeline.revision, 4);
  await world.run(400);
  lines[1].open();
  assert.deepEqual([lines[1].sent[0].type, lines[1].sent[0].resume], ["hello", "token-1"]);
  lines[1].say(welcome({ timeline: timeline({ revision: 2 }), resume: "token-2" }));
  assert.equal(party.connection, "open");
  assert.equal(party.timeline.revision, 2, "a restarted server's count is the one that holds");
  assert.equal(party.resume, "token-2");
});

test("what was said while the line was down is said once it is back, and once only", async () => {
  const { world, party, lines } = await seated();
  lines[0].drop();
  party.chat("still there?");
  assert.equal(party.unsent.length, 1);
  await world.run(400);
  lines[1].open();
  lines[1].say(welcome());
  const said = lines[1].sent.filter(({ type }) => type === "chat");
  assert.deepEqual(said.map(({ text }) => text), ["still there?"]);
  lines[1].say({ type: "chat", id: "m1", member_id: "ann", name: "Ann", text: "still there?", at: "2030-01-01T00:00:00Z", client_id: said[0].client_id });
  assert.equal(party.unsent.length, 0);
  lines[1].drop();
  await world.run(400);
  lines[2].open();
  lines[2].say(welcome({ messages: party.messages }));
  assert.deepEqual(lines[2].sent.filter(({ type }) => type === "chat"), []);
  assert.equal(party.messages.length, 1);
});

test("a line that says nothing for twelve seconds is dead", async () => {
  const { world, party, lines } = await seated();
  lines[0].silent = true;
  await world.run(11_000);
  assert.equal(party.connection, "open");
  await world.run(3000);
  assert.equal(party.connection, "lost");
  assert.ok(lines.length >= 2);
});

test("waking asks for the time in a burst, and does not wait for the next try", async () => {
  const { world, party, lines } = await seated();
  await world.run(1000);
  const before = lines[0].sent.length;
  party.wake();
  await world.run(500);
  assert.ok(lines[0].sent.length - before >= 10);
  for (let i = 0; i < 5; i++) {
    const count = lines.length;
    lines.at(-1).drop();
    while (lines.length === count) await world.run(10);
  }
  lines.at(-1).drop();
  const count = lines.length;
  party.wake();
  assert.equal(lines.length, count + 1);
});

test("closings without return are told once and end it", async () => {
  for (const [code, words] of [[4001, /session/], [4003, /no longer/], [4004, /closed/]]) {
    const { world, party, lines, heard } = await seated();
    lines[0].drop(code);
    await world.run(10_000);
    assert.equal(party.connection, "over");
    assert.equal(lines.length, 1);
    assert.match(heard.find(([name]) => name === "over")[1], words);
  }
});

test("from the second try on it is asked whether there is a way back at all", async () => {
  const { world, party, lines, heard } = await seated({ admitted: async () => "There is no such room." });
  lines[0].drop();
  await world.run(400);
  assert.equal(lines.length, 2);
  lines[1].drop();
  await world.run(800);
  assert.equal(party.connection, "over");
  assert.deepEqual(heard.at(-1), ["over", "There is no such room."]);
});

test("junk from the line is passed over", async () => {
  const { party, lines } = await seated();
  lines[0].say("{");
  lines[0].say('{"type":"timeline"}');
  lines[0].say('{"type":"what"}');
  assert.equal(party.connection, "open");
  assert.equal(party.timeline.revision, 4);
});

test("leaving closes the line and stays away", async () => {
  const { world, party, lines } = await seated();
  party.leave();
  lines[0].drop(1000);
  await world.run(20_000);
  assert.equal(party.connection, "over");
  assert.equal(lines.length, 1);
});

test("the names of people who have left are remembered", async () => {
  const { party, lines } = await seated();
  lines[0].say({ type: "presence", members: [ANN] });
  assert.equal(party.nameOf("bob"), "Bob");
  assert.equal(party.nameOf(null), null);
});

test("what one may do is what the room last said, in the role one has now", async () => {
  const { party, lines } = await seated();
  lines[0].say(welcome({ you: BOB }));
  assert.equal(party.may("play"), true);
  lines[0].say({ type: "room", room: { ...welcome().room, rights: { ...RIGHTS, play: "cohost" } } });
  assert.equal(party.may("play"), false);
  assert.equal(party.may("seek"), true);
  lines[0].say({ type: "presence", members: [ANN, { ...BOB, role: "cohost" }] });
  assert.equal(party.may("play"), true);
});

test("what was refused is not on its way any more, and comes back with the reason", async () => {
  const { party, lines } = await seated();
  const refusals = [];
  party.addEventListener("refusal", ({ detail }) => refusals.push([detail.code, detail.said?.text]));
  party.chat("too fast");
  party.chat("in time", "m1");
  assert.equal(lines[0].sent.at(-1).reply_to, "m1");
  lines[0].say({ type: "error", code: "slow_mode", detail: "Slowly.", client_id: party.unsent[0].client_id, retry_after: 3 });
  lines[0].say({ type: "error", code: "not_allowed", detail: "No." });
  assert.deepEqual(refusals, [["slow_mode", "too fast"], ["not_allowed", undefined]]);
  assert.deepEqual(party.unsent.map(({ text }) => text), ["in time"]);
});

test("a line that was taken back loses its words, and older lines go before", async () => {
  const { party, lines } = await seated();
  const line = (id, at) => ({ type: "chat", id, member_id: "bob", name: "Bob", text: id, at, client_id: id });
  lines[0].say(line("m2", "2026-01-01T00:00:02.000Z"));
  party.remember([line("m1", "2026-01-01T00:00:01.000Z")]);
  party.unsay("m2");
  assert.deepEqual([lines[0].sent.at(-1).type, lines[0].sent.at(-1).id], ["unsay", "m2"]);
  lines[0].say({ type: "unsaid", id: "m2", by: "ann" });
  assert.deepEqual(party.messages.map(({ id, text, unsaid_by }) => [id, text, unsaid_by]), [["m1", "m1", undefined], ["m2", "", "ann"]]);
});
