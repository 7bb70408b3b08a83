/** A small world for the tests: one true time, clocks that are off, timers, a line with delay, and a player with habits. */

export class World {
  now = 1000;
  #timers = [];
  #random;

  constructor(seed = 1) {
    this.#random = mulberry(seed);
  }

  random = () => this.#random();

  at(when, call) {
    const timer = { when, call };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  }

  /** Let time pass, in order. */
  async run(ms) {
    const end = this.now + ms;
    for (;;) {
      const next = this.#timers.filter(({ when }) => when <= end).sort((a, b) => a.when - b.when)[0];
      if (!next) break;
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.now = Math.max(this.now, next.when);
      next.call();
      await Promise.resolve();
      await Promise.resolve();
    }
    this.now = end;
  }

  /** What lib/ticker.js offers, in this world; `lag()` is how late a timer fires. */
  ticker(lag = () => 0) {
    const world = this;
    return {
      after: (ms, call) => world.at(world.now + Math.max(0, ms) + lag(), call),
      every(ms, call) {
        let cancel;
        const again = () => {
          cancel = world.at(world.now + ms + lag(), again);
          call();
        };
        cancel = world.at(world.now + ms, again);
        return () => cancel();
      },
    };
  }
}

const FRAME = 0.04;

/** A player as browsers have them: it takes time to start and to land, runs dry, and can be refused. */
export class SimulatedDeck {
  duration = 3600;
  startLatency = 0.042;
  seekLatency = 0.12;
  /** How far it has data. */
  bufferedTo = 3600;
  allowed = true;
  seeks = [];
  paces = [];
  skew = 1;

  constructor(world) {
    this.world = world;
  }

  #base = 0;
  #since = 0;
  #moving = false;
  #wants = false;
  #rate = 1;
  #seeking = false;
  #stalled = false;
  #act = () => {};

  get position() {
    const elapsed = this.#moving ? ((this.world.now - this.#since) / 1000) * this.#rate * this.skew : 0;
    return Math.min(this.duration, this.#base + elapsed);
  }

  get paused() {
    return !this.#wants;
  }

  get ready() {
    return !this.#seeking && !this.#stalled && this.reach(this.position) > 0.05;
  }

  reach(position) {
    return Math.max(0, this.bufferedTo - position);
  }

  seek(position) {
    this.seeks.push({ at: this.world.now, from: this.position, to: position });
    this.#freeze();
    this.#base = position;
    this.#seeking = true;
    this.#act();
    this.#act = this.world.at(this.world.now + this.seekLatency * 1000, () => {
      this.#seeking = false;
      if (this.#wants) this.#move();
    });
  }

  /** As a browser does, with frames of 40 ms. */
  onFrame(position, call) {
    const next = () => {
      if (Math.floor(this.position / FRAME) >= Math.floor(position / FRAME)) return call();
      cancel = this.world.at(this.world.now + 4, next);
    };
    let cancel = () => {};
    next();
    return () => cancel();
  }

  async play() {
    if (!this.allowed) return false;
    this.#wants = true;
    if (!this.#seeking) {
      this.#act();
      this.#act = this.world.at(this.world.now + this.startLatency * 1000, () => this.#move());
    }
    return true;
  }

  pause() {
    this.#wants = false;
    this.#freeze();
    if (!this.#seeking) this.#act();
  }

  pace(rate) {
    this.#freeze();
    this.#rate = rate;
    this.paces.push(rate);
    if (this.#wants && !this.#seeking && !this.#stalled && this.#moved) this.#move();
  }

  /** The data or the decoder fails for a while. */
  stall(ms) {
    this.#freeze();
    this.#stalled = true;
    this.world.at(this.world.now + ms, () => {
      this.#stalled = false;
      if (this.#wants) this.#move();
    });
  }

  #moved = false;

  #freeze() {
    this.#base = this.position;
    this.#moved = this.#moving;
    this.#moving = false;
  }

  #move() {
    if (!this.#wants || this.#seeking || this.#stalled) return;
    this.#since = this.world.now;
    this.#moving = true;
  }
}

function mulberry(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
