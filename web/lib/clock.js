/**
 * The server's clock as this browser sees it.
 *
 * Every answered ping gives four times (RFC 5905, 8): t0 sent and t3 received here, t1 received and t2 sent there. The
 * true offset lies within half a round trip of the measured one, whatever the line did. So it lies where the intervals of
 * the last minute all meet, and the middle of that is believed: one ping that was quick to go and another that was quick to
 * come back are worth as much as one that was both, which on an unsteady line hardly ever happens.
 * All times are milliseconds of monotonic clocks; wall clocks jump and are never asked.
 *
 * @typedef {{t0: number, t1: number, t2: number, t3: number}} Exchange
 * @typedef {{offset: number, rtt: number, at: number}} Sample  offset = server minus here
 */

/** How long a sample may be believed, ms. */
const MEMORY_MS = 60_000;
/** What a sample loses of its worth with age: crystals differ by up to 50 millionths. */
const AGEING = 50e-6;
/** How fast the clock shown may be bent towards a better estimate: 5 ms a second is invisible in a picture. */
const SLEW = 0.005;
/** Beyond this the estimate was wrong rather than imprecise: step. */
const STEP_MS = 60;
/** A line whose usual round trip is so much longer than its shortest is unsteady, ms. */
const UNSTEADY_MS = 4;

export class Clock {
  /** @param {() => number} now  a monotonic clock, ms (performance.now) */
  constructor(now) {
    this.now = now;
    /** @type {Sample[]} */
    this.samples = [];
    /** Whether the line delays some answers much more than others: it takes more of them to know the time. */
    this.unsteady = false;
    this.#reset();
  }

  #shown = 0;
  #shownAt = 0;
  #known = false;
  #firm = false;

  /** Whether any ping was ever answered. */
  get known() {
    return this.#known;
  }

  /** The shortest round trip remembered, ms; 0 before the first answer. */
  get rtt() {
    return this.samples.length ? Math.min(...this.samples.map(({ rtt }) => rtt)) : 0;
  }

  /** How far wrong the clock may be at worst, ms. */
  get uncertainty() {
    const { low, high } = this.#bounds();
    return Math.max(0, high - low) / 2;
  }


  /** The server's time now, ms. */
  serverNow() {
    return this.now() + this.offset();
  }

  /** The server's time at an instant of this browser's clock, ms. */
  serverAt(/** @type {number} */ here) {
    return here + this.offset();
  }

  /** When, on this browser's clock, the server's clock will show `there`. */
  here(/** @type {number} */ there) {
    return there - this.offset();
  }

  /** Server minus here, ms, bent slowly towards what is known best. */
  offset() {
    const now = this.now();
    const { low, high } = this.#bounds();
    const goal = this.#known ? (low + high) / 2 : this.#shown;
    const most = (now - this.#shownAt) * SLEW;
    const gap = goal - this.#shown;
    this.#shown = this.#firm && Math.abs(gap) < STEP_MS ? this.#shown + clamp(gap, -most, most) : goal;
    this.#shownAt = now;
    return this.#shown;
  }

  /** A burst begins: until it ends what is known best is taken as it is. */
  loosen() {
    this.#firm = false;
  }

  /** The burst is over: from now on the clock is only bent. */
  firm() {
    this.offset();
    this.#firm = true;
  }

  add(/** @type {Exchange} */ { t0, t1, t2, t3 }) {
    const rtt = Math.max(0, t3 - t0 - (t2 - t1));
    const sample = { offset: (t1 - t0 + (t2 - t3)) / 2, rtt, at: t3 };
    if (![sample.offset, rtt].every(Number.isFinite)) return;
    this.samples = this.samples.filter((old) => t3 - old.at < MEMORY_MS && agree(old, sample));
    this.samples.push(sample);
    this.unsteady = usual(this.samples) - this.rtt > UNSTEADY_MS;
    if (!this.#known) this.#shown = sample.offset;
    this.#known = true;
  }

  #reset() {
    this.#shownAt = this.now();
  }

  /** Between which offsets, ms, every sample puts the true one; the older a sample, the less it says. */
  #bounds() {
    const now = this.now();
    let low = -Infinity;
    let high = Infinity;
    for (const sample of this.samples) {
      low = Math.max(low, sample.offset - doubt(sample, now));
      high = Math.min(high, sample.offset + doubt(sample, now));
    }
    return { low, high };
  }
}

/** How far the true offset may be from a sample's, ms. */
function doubt(/** @type {Sample} */ sample, /** @type {number} */ now) {
  return sample.rtt / 2 + Math.max(0, now - sample.at) * AGEING;
}

/** The median round trip, ms. */
function usual(/** @type {Sample[]} */ samples) {
  const rtts = samples.map(({ rtt }) => rtt).sort((a, b) => a - b);
  return rtts[rtts.length >> 1] ?? 0;
}

/** Two samples cannot both be right when their intervals do not meet: the machine slept, or the server is another one. */
function agree(/** @type {Sample} */ old, /** @type {Sample} */ young) {
  return Math.abs(old.offset - young.offset) <= doubt(old, young.at) + doubt(young, young.at) + 2;
}

function clamp(/** @type {number} */ value, /** @type {number} */ low, /** @type {number} */ high) {
  return Math.min(high, Math.max(low, value));
}

/** How many probes a burst has, on an unsteady line too, how far apart, and how often is asked afterwards, ms. */
const BURST = 10;
const UNSTEADY_BURST = 40;
const BURST_GAP_MS = 50;
const CALM_GAP_MS = 2000;
const UNSTEADY_GAP_MS = 400;

/** When to ask the server for the time. */
export class Probes {
  #asked = 0;
  #bursting = false;
  #due = Infinity;

  /** Begin a burst: on connecting, waking, coming back to the foreground or online. */
  burst(/** @type {number} */ now) {
    this.#asked = 0;
    this.#bursting = true;
    this.#due = now;
  }

  stop() {
    this.#bursting = false;
    this.#due = Infinity;
  }

  /** Whether a burst is under way. */
  get bursting() {
    return this.#bursting;
  }

  /** Ask once for each time it is due; on an unsteady line that is more often. */
  due(/** @type {number} */ now, unsteady = false) {
    if (now < this.#due) return false;
    this.#asked += 1;
    this.#bursting &&= this.#asked < (unsteady ? UNSTEADY_BURST : BURST);
    const calm = unsteady ? UNSTEADY_GAP_MS : CALM_GAP_MS;
    this.#due = now + (this.#bursting ? BURST_GAP_MS : calm);
    return true;
  }

  /** Milliseconds until the next probe. */
  wait(/** @type {number} */ now) {
    return Math.max(0, this.#due - now);
  }
}
