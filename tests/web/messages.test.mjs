import assert from "node:assert/strict";
import { test } from "node:test";
import { read, write } from "../../web/lib/messages.js";

test("what is not JSON, not an object, not of a known type or not whole is no message", () => {
  for (const frame of ["", "nonsense", "[]", "null", "3", '{"type": 3}', '{"type": "unheard_of"}', '{"type": "constructor"}']) {
    assert.equal(read(frame), null, frame);
  }
  assert.equal(read(new Uint8Array(3)), null);
  assert.equal(read('{"type":"pong","t0":1,"t1":2}'), null);
  assert.equal(read('{"type":"timeline","revision":1,"position":"3","rate":1,"playing":true,"at":1}'), null);
});

test("fields from after this page was written are carried along", () => {
  assert.equal(read('{"type":"prepare","revision":1,"position":2,"new":"x"}').new, "x");
});

test("numbers on the wire carry six digits after the point and never a NaN", () => {
  assert.equal(write("seek", { position: 1 / 3 }), '{"type":"seek","position":0.333333}');
  assert.equal(write("seek", { position: Number.NaN }), '{"type":"seek","position":null}');
});
