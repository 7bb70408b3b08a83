import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../../web/lib/clock.js";
import { Follower } from "../../web/lib/follower.js";
import { Latency } from "../../web/lib/latency.js";
import { positionAt } from "../../web/lib/timeline.js";
import { SimulatedDeck, World } from "./world.mjs";

const OFFSET = 250_000;

function stage(habits = {}, { start = 0.042, seek = 0.12, lag, now = (world) => world.now } = {}) {
  const world = new World(3);
  const clock = new Clock(() => now(world));
  clock.add({ t0: world.now - 2, t1: world.now - 1 + OFFSET, t2: world.now - 1 + OFFSET, t3: world.now });
  clock.firm();
  const deck = Object.assign(new SimulatedDeck(world), habits);
  const follower = new Follower({
    deck,
    clock,
    ticker: world.ticker(lag),
    starts: new Latency(start),
    seeks: new Latency(seek),
  });
  const server = () => world.now + OFFSET;
  const error = () => deck.position - positionAt(follower.timeline, server(), deck.duration);
  let revision = 0;
  const timeline = (change) => ({
    revision: ++revision,
    video_id: "film",
    position: 0,
    rate: 1,
    playing: true,
    at: server(),
    cause: "play",
    by: "ann",
    ...change,
  });
  return { world, clock, deck, follower, server, error, timeline };
}

test("a scheduled start is met to a few milliseconds when the start latency is known", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.prepare({ revision: 1, position: 60 });
  await world.run(300);
  assert.equal(follower.state, "ready");
  follower.follow(timeline({ position: 60, at: server() + 300 }));
  await world.run(400);
  assert.ok(!deck.paused);
  assert.ok(Math.abs(error()) < 0.005, String(error()));
});

test("an unknown start latency is repaired by the speed alone and learned for the next time", async () => {
  const { world, deck, follower, server, error, timeline } = stage({ startLatency: 0.1 }, { start: 0.042 });
  follower.follow(timeline({ position: 60, at: server() + 400 }));
  await world.run(3500);
  assert.ok(Math.abs(error()) < 0.02, String(error()));
  assert.equal(deck.seeks.length, 1);
  assert.ok(follower.starts.value > 0.07, String(follower.starts.value));
  follower.follow(timeline({ position: 100, at: server() + 400 }));
  await world.run(450);
  assert.ok(Math.abs(error()) < 0.025, String(error()));
});

test("readiness is told once for a revision, when the picture is there", async () => {
  const { world, follower } = stage({ seekLatency: 0.3 });
  const told = [];
  follower.addEventListener("ready", ({ detail }) => told.push([detail, world.now]));
  follower.prepare({ revision: 7, position: 20 });
  await world.run(1000);
  assert.equal(told.length, 1);
  assert.equal(told[0][0], 7);
  assert.ok(told[0][1] >= 1300);
});

test("a place that is told twice is looked for once, and again when the film was loaded anew", async () => {
  const { world, deck, follower, timeline } = stage();
  follower.follow(timeline({ playing: false, position: 60, cause: "seek" }));
  follower.prepare({ revision: 1, position: 60 });
  await world.run(100);
  follower.follow(timeline({ playing: false, position: 60, cause: "play" }));
  await world.run(300);
  assert.deepEqual([deck.seeks.length, follower.state], [1, "ready"]);
  follower.again();
  assert.equal(deck.seeks.length, 2);
});

test("a pause just ahead is played to and no frame is gone back to", async () => {
  const { world, deck, follower, server, timeline } = stage();
  follower.follow(timeline({ position: 5, at: server() + 300 }));
  await world.run(4000);
  const shown = deck.position;
  const place = shown + 0.07;
  follower.follow(timeline({ playing: false, position: place, cause: "pause" }));
  assert.ok(!deck.paused);
  await world.run(90);
  assert.ok(deck.paused);
  const { from, to } = deck.seeks.at(-1);
  assert.equal(to, place);
  assert.equal(Math.floor(from / 0.04), Math.floor(to / 0.04));
  await world.run(500);
  assert.equal(deck.position, place);
  assert.equal(follower.state, "ready");
});

test("a pause far ahead is gone to at once, and one called off by a start is forgotten", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 5, at: server() + 300 }));
  await world.run(4000);
  follower.follow(timeline({ playing: false, position: 20, cause: "pause" }));
  assert.ok(deck.paused);
  follower.follow(timeline({ position: 20, at: server() + 300 }));
  await world.run(4000);
  follower.follow(timeline({ playing: false, position: deck.position + 0.2, cause: "pause" }));
  await world.run(50);
  follower.follow(timeline({ position: 60, at: server() + 300 }));
  await world.run(2000);
  assert.ok(!deck.paused);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
});

test("a hidden page, which is shown no frames, stops all the same", async () => {
  const { world, deck, follower, server, timeline } = stage({ onFrame: () => () => {} });
  follower.follow(timeline({ position: 5, at: server() + 300 }));
  await world.run(4000);
  const place = deck.position + 0.08;
  follower.follow(timeline({ playing: false, position: place, cause: "pause" }));
  await world.run(500);
  assert.ok(deck.paused);
  assert.equal(deck.position, place);
});

test("a pause freezes at once and everyone stands on the room's position", async () => {
  const { world, deck, follower, server, timeline } = stage();
  follower.follow(timeline({ position: 5, at: server() + 300 }));
  await world.run(4000);
  follower.follow(timeline({ playing: false, position: 8.25, cause: "pause" }));
  assert.ok(deck.paused);
  await world.run(500);
  assert.equal(deck.position, 8.25);
  assert.equal(follower.state, "ready");
});

test("a joiner is cued to a point ahead and is in step within a second and a half", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 300, at: server() - 60_000 }));
  await world.run(1500);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
  assert.ok(deck.seeks[0].to > 360);
});

test("a joiner who must load first takes a later point instead of chasing the room", async () => {
  const { world, deck, follower, server, error, timeline } = stage({ bufferedTo: 0 });
  follower.follow(timeline({ position: 300, at: server() - 60_000 }));
  world.at(world.now + 2500, () => (deck.bufferedTo = 3600));
  await world.run(2400);
  assert.ok(deck.paused);
  await world.run(2200);
  assert.ok(Math.abs(error()) < 0.05, String(error()));
  assert.ok(deck.seeks.length <= 3);
});

test("a stall of 0.9 s is repaired within two seconds by one seek and no wild speed", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(5000);
  const before = deck.seeks.length;
  deck.stall(900);
  await world.run(500);
  assert.equal(follower.state, "starving");
  await world.run(400 + 2000);
  assert.ok(Math.abs(error()) < 0.045, String(error()));
  assert.equal(deck.seeks.length, before + 1);
  assert.ok(deck.paces.every((pace) => pace >= 0.92 && pace <= 1.08));
  assert.equal(follower.state, "playing");
});

test("a laptop that slept ten minutes, its clock standing still, is in step again after one seek", async () => {
  let slept = 0;
  const { world, clock, deck, follower, server, error, timeline } = stage({}, { now: (world) => world.now - slept });
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(5000);
  const before = deck.seeks.length;
  deck.stall(600_000);
  slept = 600_000;
  world.now += slept;
  await world.run(100);
  clock.loosen();
  const here = clock.now();
  clock.add({ t0: here - 2, t1: server() - 1, t2: server() - 1, t3: here });
  clock.firm();
  await world.run(3000);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
  assert.equal(deck.seeks.length, before + 1);
  assert.ok(deck.paces.every((pace) => pace >= 0.92 && pace <= 1.08));
});

test("a stall of 0.2 s is repaired by the speed alone", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(5000);
  const before = deck.seeks.length;
  deck.stall(200);
  await world.run(6000);
  assert.ok(Math.abs(error()) < 0.02, String(error()));
  assert.equal(deck.seeks.length, before);
});

test("the seek latency is learned from where seeks land", async () => {
  const { world, deck, follower, server, timeline } = stage({ seekLatency: 0.4 }, { seek: 0.1 });
  follower.follow(timeline({ position: 0, at: server() + 600 }));
  for (let i = 0; i < 6; i++) {
    await world.run(14_000);
    deck.stall(900);
  }
  await world.run(14_000);
  assert.ok(Math.abs(follower.seeks.value - 0.4) < 0.1, String(follower.seeks.value));
});

test("a player whose clock runs a thousandth fast stays within 25 ms for ten minutes", async () => {
  const { world, follower, server, error, timeline } = stage({ skew: 1.001 });
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(3000);
  let worst = 0;
  for (let i = 0; i < 600; i++) {
    await world.run(1000);
    worst = Math.max(worst, Math.abs(error()));
  }
  assert.ok(worst < 0.025, String(worst));
});

test("after a stall the speed is not left bent", async () => {
  const { world, deck, follower, server, timeline } = stage({ startLatency: 0.1 });
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(1100);
  assert.notEqual(deck.paces.at(-1), 1);
  deck.stall(300);
  await world.run(100);
  assert.equal(deck.paces.at(-1), 1);
});

test("a player the browser paused comes back by itself and the room hears of nothing", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(3000);
  deck.pause();
  await world.run(1500);
  assert.ok(!deck.paused);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
});

test("a refused start is said once, and again() begins where the room is", async () => {
  const { world, deck, follower, server, error, timeline } = stage({ allowed: false });
  let refused = 0;
  follower.addEventListener("refused", () => refused++);
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(3000);
  assert.equal(refused, 1);
  assert.equal(follower.state, "idle");
  deck.allowed = true;
  follower.again();
  await world.run(1500);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
});

test("a change of speed in the room keeps the player rolling", async () => {
  const { world, deck, follower, server, error, timeline } = stage();
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(3000);
  const before = deck.seeks.length;
  follower.follow(timeline({ position: positionAt(follower.timeline, server()), rate: 1.5, cause: "rate" }));
  await world.run(2000);
  assert.equal(deck.seeks.length, before);
  assert.ok(Math.abs(error()) < 0.03, String(error()));
});

test("at the end of the film nothing is chased", async () => {
  const { world, deck, follower, server, timeline } = stage({ duration: 10, bufferedTo: 10 });
  follower.follow(timeline({ position: 8, at: server() + 300 }));
  await world.run(10_000);
  assert.equal(deck.seeks.length, 1);
});

test("once the film is over the player stands there, though one that has ended does not count as paused", async () => {
  const { world, deck, follower, timeline } = stage({ duration: 10, bufferedTo: 10.2 });
  follower.follow(timeline({ position: 8 }));
  await world.run(4000);
  Object.defineProperty(deck, "paused", { get: () => false });
  follower.follow(timeline({ position: 10, playing: false, cause: "end" }));
  const { length } = deck.seeks;
  await world.run(2000);
  assert.equal(deck.seeks.length, length);
  assert.equal(follower.state, "ready");
});

test("timers that fire up to 15 ms late cost no more than that", async () => {
  let world;
  const made = stage({}, { lag: () => 15 * world.random() });
  world = made.world;
  made.follower.follow(made.timeline({ position: 0, at: made.server() + 400 }));
  await world.run(3000);
  assert.ok(Math.abs(made.error()) < 0.02, String(made.error()));
});

test("a hopeless player says it cannot keep up instead of seeking for ever", async () => {
  const { world, deck, follower, server, timeline } = stage({ skew: 0.7 });
  let tired = 0;
  follower.addEventListener("tired", () => tired++);
  follower.follow(timeline({ position: 0, at: server() + 300 }));
  await world.run(60_000);
  assert.ok(tired >= 1);
  assert.ok(deck.seeks.length < 25, String(deck.seeks.length));
});

test("a player whose sound is late runs ahead of the room by as much, also after a pause and a seek, and is said to be in step", async () => {
  for (const offset of [0.3, -0.2]) {
    const { world, deck, follower, server, error, timeline } = stage();
    follower.offset = offset;
    follower.prepare({ revision: 1, position: 60 });
    await world.run(300);
    follower.follow(timeline({ position: 60, at: server() + 500 }));
    await world.run(3000);
    assert.ok(Math.abs(error() - offset) < 0.01, String(error()));
    assert.ok(Math.abs(follower.error) < 0.01, String(follower.error));
    follower.follow(timeline({ playing: false, position: 70, cause: "pause" }));
    await world.run(500);
    assert.equal(deck.position, 70);
    follower.follow(timeline({ position: 90, at: server() + 500 }));
    await world.run(3000);
    assert.ok(Math.abs(error() - offset) < 0.01, String(error()));
    follower.offset = 0;
    await world.run(6000);
    assert.ok(Math.abs(error()) < 0.01, String(error()));
    follower.close();
  }
});
