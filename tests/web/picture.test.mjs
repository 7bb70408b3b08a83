import assert from "node:assert/strict";
import { test } from "node:test";
import { Picture } from "../../web/lib/picture.js";
import { World } from "./world.mjs";

/** Watch for a while: what the player says is `told()` off, what frames show `shown()`. */
function watched(picture, told, shown, { looks = 200, from = 0 } = {}) {
  for (let i = 0; i < looks; i++) picture.look(from + i * 50, told(i), i % 4 === 3 ? [] : [shown(i), shown(i)]);
}

test("a browser whose time is ahead of its picture is found out within seconds", () => {
  const picture = new Picture();
  watched(picture, () => 0.01, () => -0.004);
  assert.ok(Math.abs(picture.bias + 0.014) < 0.001, String(picture.bias));
});

test("a time that goes in steps of a frame is judged by its middle", () => {
  const world = new World(9);
  const picture = new Picture();
  watched(picture, () => -0.04 * world.random(), () => 0.002 + 0.016 * world.random());
  assert.ok(Math.abs(picture.bias - 0.03) < 0.004, String(picture.bias));
});

test("while the player catches up both errors move and the difference stays", () => {
  const picture = new Picture();
  const gone = (i) => 0.06 * Math.exp(-i / 20);
  watched(picture, gone, (i) => gone(i) + 0.012);
  assert.ok(Math.abs(picture.bias - 0.012) < 0.002, String(picture.bias));
});

test("a few wild frames, or none at all, teach nothing", () => {
  const picture = new Picture();
  watched(picture, () => 0.01, () => 0.6);
  assert.equal(picture.bias, 0);
  for (let i = 0; i < 200; i++) picture.look(i * 50, 0.02, []);
  assert.equal(picture.bias, 0);
});

test("what was learned stays when the player is moved", () => {
  const picture = new Picture();
  watched(picture, () => 0, () => 0.02);
  const { bias } = picture;
  picture.clear();
  watched(picture, () => 0, () => 0.5, { looks: 5, from: 20_000 });
  assert.equal(picture.bias, bias);
});

test("a busy minute, in which frames are dropped and the rest come late, teaches nothing", () => {
  const picture = new Picture();
  watched(picture, () => 0, () => 0.012);
  const { bias } = picture;
  for (let i = 200; i < 1400; i++) picture.look(i * 50, 0, i % 2 ? [-0.03] : []);
  assert.equal(picture.bias, bias);
});
