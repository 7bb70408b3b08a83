import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock, Probes } from "../../web/lib/clock.js";
import { World } from "./world.mjs";

/** One ping over a line with these delays there and back, ms; the server's clock is `offset` ahead. */
function ping(clock, world, offset, there, back) {
  const t0 = world.now;
  const t1 = t0 + there + offset;
  const t2 = t1 + 0.1;
  world.now = t0 + there + 0.1 + back;
  clock.add({ t0, t1, t2, t3: world.now });
}

function clockOf(world) {
  return new Clock(() => world.now);
}

test("a clock that heard nothing says so", () => {
  const clock = clockOf(new World());
  assert.equal(clock.known, false);
  assert.equal(clock.uncertainty, Infinity);
});

test("an even line gives the offset exactly", () => {
  const world = new World();
  const clock = clockOf(world);
  ping(clock, world, 123_456, 5, 5);
  assert.ok(Math.abs(clock.offset() - 123_456) < 1e-6);
  assert.ok(Math.abs(clock.serverNow() - world.now - 123_456) < 1e-6);
  assert.ok(Math.abs(clock.here(clock.serverNow()) - world.now) < 1e-6);
});

test("among jittered answers the quickest is believed", () => {
  const world = new World(7);
  const clock = clockOf(world);
  for (let i = 0; i < 10; i++) ping(clock, world, -5000, 2 + 80 * world.random(), 2 + 80 * world.random());
  ping(clock, world, -5000, 2, 2);
  ping(clock, world, -5000, 90, 2);
  assert.ok(Math.abs(clock.offset() + 5000) < 0.2, String(clock.offset()));
  assert.ok(clock.rtt < 4.2);
});

test("with 5 to 80 ms of jitter the error stays under 3 ms in 95 of 100 looks", () => {
  const errors = [];
  for (let seed = 1; seed <= 20; seed++) {
    const world = new World(seed);
    const clock = clockOf(world);
    const line = () => 1 + (world.random() < 0.25 ? 5 + 75 * world.random() : 2 * world.random());
    for (let i = 0; i < 10; i++) ping(clock, world, 777, line(), line()), (world.now += 50);
    clock.firm();
    for (let i = 0; i < 30; i++) {
      ping(clock, world, 777, line(), line());
      world.now += 2000;
      errors.push(Math.abs(clock.offset() - 777));
    }
  }
  errors.sort((a, b) => a - b);
  assert.ok(errors[Math.floor(errors.length * 0.95)] < 3, String(errors[Math.floor(errors.length * 0.95)]));
});

test("of two slow answers, one quick to go and one quick to come, both halves count", () => {
  const world = new World();
  const clock = clockOf(world);
  ping(clock, world, 9000, 1, 79);
  ping(clock, world, 9000, 79, 1);
  assert.ok(Math.abs(clock.offset() - 9000) < 0.2, String(clock.offset()));
  assert.ok(clock.uncertainty < 1.2, String(clock.uncertainty));
});

test("on a line where every answer takes anything from 5 to 80 ms each way, the error stays under 3 ms", () => {
  const errors = [];
  for (let seed = 1; seed <= 20; seed++) {
    const world = new World(seed);
    const clock = clockOf(world);
    const probes = new Probes();
    const line = () => 5 + 75 * world.random();
    probes.burst(world.now);
    for (const begin = world.now; world.now < begin + 60_000; world.now += 25) {
      if (probes.due(world.now, clock.unsteady)) ping(clock, world, 777, line(), line());
      if (!probes.bursting) clock.firm();
      if (world.now > begin + 3000) errors.push(Math.abs(clock.offset() - 777));
    }
  }
  errors.sort((a, b) => a - b);
  assert.ok(errors[Math.floor(errors.length * 0.95)] < 3, String(errors[Math.floor(errors.length * 0.95)]));
});

test("an unsteady line is asked more often, a steady one is not", () => {
  const world = new World(5);
  const steady = clockOf(world);
  const unsteady = clockOf(world);
  for (let i = 0; i < 10; i++) ping(steady, world, 0, 50, 50);
  for (let i = 0; i < 10; i++) ping(unsteady, world, 0, 80 * world.random(), 80 * world.random());
  assert.deepEqual([steady.unsteady, unsteady.unsteady], [false, true]);
  const probes = new Probes();
  probes.burst(0);
  const asked = [];
  for (let now = 0; now <= 3000; now += 25) if (probes.due(now, true)) asked.push(now);
  assert.deepEqual([asked.length, asked[39], asked[40]], [42, 1950, 2350]);
});

test("a better estimate bends the clock rather than stepping it", () => {
  const world = new World();
  const clock = clockOf(world);
  ping(clock, world, 1000, 45, 5); // 20 ms wrong
  clock.firm();
  assert.ok(Math.abs(clock.offset() - 1020) < 0.5);
  world.now += 1000;
  ping(clock, world, 1000, 2, 2);
  const before = clock.offset();
  world.now += 1000;
  const after = clock.offset();
  assert.ok(before - after > 4 && before - after < 6, `${before} ${after}`);
  world.now += 4000;
  clock.offset();
  assert.ok(Math.abs(clock.offset() - 1000) < 0.5);
});

test("time never runs backwards while the clock is bent", () => {
  const world = new World();
  const clock = clockOf(world);
  ping(clock, world, 1000, 100, 2);
  clock.firm();
  ping(clock, world, 1000, 2, 2);
  let last = clock.serverNow();
  for (let i = 0; i < 200; i++) {
    world.now += 5;
    const now = clock.serverNow();
    assert.ok(now > last);
    last = now;
  }
});

test("after a sleep in which this machine's clock stood still the old samples are thrown away", () => {
  const world = new World();
  const clock = clockOf(world);
  for (let i = 0; i < 10; i++) ping(clock, world, 1000, 2, 2);
  clock.firm();
  ping(clock, world, 601_000, 30, 30);
  assert.ok(Math.abs(clock.offset() - 601_000) < 1);
});

test("crystals that run apart are followed", () => {
  const world = new World();
  const clock = clockOf(world);
  let worst = 0;
  for (let i = 0; i < 600; i++) {
    const offset = 1000 + world.now * 40e-6;
    ping(clock, world, offset, 2 + 3 * world.random(), 2 + 3 * world.random());
    if (i === 10) clock.firm();
    world.now += 2000;
    if (i > 10) worst = Math.max(worst, Math.abs(clock.offset() - (1000 + world.now * 40e-6)));
  }
  assert.ok(worst < 3, String(worst));
});

test("nonsense from the line changes nothing", () => {
  const world = new World();
  const clock = clockOf(world);
  ping(clock, world, 50, 2, 2);
  clock.add({ t0: Number.NaN, t1: 1, t2: 2, t3: 3 });
  clock.add({ t0: 0, t1: Infinity, t2: Infinity, t3: 3 });
  assert.ok(Math.abs(clock.offset() - 50) < 1e-6);
});

test("ten probes 50 ms apart, then one every two seconds", () => {
  const probes = new Probes();
  assert.equal(probes.due(0), false);
  probes.burst(0);
  const asked = [];
  for (let now = 0; now <= 6000; now += 10) if (probes.due(now)) asked.push(now);
  assert.deepEqual(asked.slice(0, 10), [0, 50, 100, 150, 200, 250, 300, 350, 400, 450]);
  assert.deepEqual(asked.slice(10), [2450, 4450]);
  probes.stop();
  assert.equal(probes.due(1e9), false);
});
