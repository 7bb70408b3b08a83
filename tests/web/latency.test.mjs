import assert from "node:assert/strict";
import { test } from "node:test";
import { Latency, usualStart } from "../../web/lib/latency.js";

test("being ahead afterwards means it acts faster than was thought", () => {
  const latency = new Latency(0.1);
  latency.learn(0.03);
  assert.ok(latency.value < 0.1);
});

test("a steady residual is learned away within a few times", () => {
  const latency = new Latency(0.04);
  for (let i = 0; i < 8; i++) latency.learn(latency.value - 0.12);
  assert.ok(Math.abs(latency.value - 0.12) < 0.01, String(latency.value));
});

test("one bad moment moves it little, nonsense not at all", () => {
  const latency = new Latency(0.05, { seen: 5 });
  latency.learn(-0.9);
  assert.ok(latency.value < 0.1501);
  const before = latency.value;
  latency.learn(Number.NaN);
  latency.learn(-30);
  assert.equal(latency.value, before);
});

test("it stays within its limits", () => {
  const latency = new Latency(0.02);
  for (let i = 0; i < 20; i++) latency.learn(0.5);
  assert.equal(latency.value, 0);
});

test("browsers begin with what was measured in them", () => {
  assert.equal(usualStart("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), 0.02);
  assert.equal(usualStart("Mozilla/5.0 Chrome/140 Safari/537.36"), 0.042);
});
