import assert from "node:assert/strict";
import { test } from "node:test";
import { Access } from "../../web/lib/access.js";

const START = Date.parse("2030-01-01T00:00:00Z");

function made({ skew = 0, life = 7_200_000 } = {}) {
  let now = 0;
  let count = 0;
  const access = new Access(
    async () => ({ hls_url: `/m/grant${++count}.1.sig/film/master.m3u8`, expires_at: new Date(START + now + life).toISOString() }),
    { now: () => now, wall: () => START + now + skew },
  );
  return { access, pass: (ms) => (now += ms), count: () => count };
}

test("one question serves everybody who asks at once", async () => {
  const { access, count } = made();
  await Promise.all([access.fresh(), access.fresh(), access.fresh()]);
  assert.equal(count(), 1);
});

test("it is renewed before it ends, not sooner", async () => {
  const { access, pass, count } = made();
  await access.fresh();
  pass(5_300_000);
  await access.fresh();
  assert.equal(count(), 1);
  pass(200_000);
  await access.fresh();
  assert.equal(count(), 2);
});

test("every file is fetched under the newest token", async () => {
  const { access } = made();
  await access.fresh();
  assert.equal(access.renewed("http://h/m/old.9.x/film/720p/00012.m4s"), "http://h/m/grant1.1.sig/film/720p/00012.m4s");
  assert.equal(access.renewed("http://h/static/a.js"), "http://h/static/a.js");
});

test("an old token refused is worth another try at once, with the new one", async () => {
  const { access, count } = made();
  await access.fresh();
  assert.equal(access.refused("http://h/m/old.9.x/film/master.m3u8"), true);
  await access.fresh();
  assert.equal(count(), 1);
});

test("the newest token refused, as after a restart of the server, is replaced", async () => {
  const { access, count } = made();
  await access.fresh();
  assert.equal(access.refused("http://h/m/grant1.1.sig/film/master.m3u8"), true);
  await access.fresh();
  assert.equal(count(), 2);
});

test("new tokens refused again and again mean that watching is over", async () => {
  const { access, pass } = made();
  const answers = [];
  for (let i = 1; i <= 4; i++) {
    await access.fresh();
    pass(200);
    answers.push(access.refused(`http://h/m/grant${i}.1.sig/film/master.m3u8`));
  }
  assert.deepEqual(answers, [true, true, false, false]);
});

test("a computer whose calendar is a day off does not ask all the time", async () => {
  for (const skew of [86_400_000, -86_400_000]) {
    const { access, pass, count } = made({ skew });
    for (let i = 0; i < 60; i++) {
      await access.fresh();
      pass(30_000);
    }
    assert.equal(count(), 1, String(skew));
  }
});
