/**
 * What a player that is off its timeline does about it: nothing, a slightly other speed, or one seek.
 *
 * Pure: `correct` takes what is known and returns what to do. Errors are seconds, positive when ahead of the timeline.
 *
 * @typedef {object} Settings
 * @property {number} from     start bending the speed at this error, s
 * @property {number} release  and stop below this one
 * @property {(size: number) => number} share  by how much of the speed an error of this size, s, is worked off
 * @property {number} seek     beyond it a seek, when the place is buffered
 * @property {number} far      beyond it a seek in any case
 *
 * @typedef {object} Drift
 * @property {{at: number, error: number}[]} samples
 * @property {boolean} bending
 * @property {number} acted    when the speed was last set, ms
 * @property {number[]} seeks  when it sought, ms
 * @property {number} rest     no seek before this, ms
 * @property {boolean} tired   it sought again and again in vain
 *
 * @typedef {{kind: "stay"} | {kind: "bend", factor: number} | {kind: "seek", error: number}} Correction
 */

/**
 * Browsers whose speed may be changed without being heard. Their error is known to a millisecond (Chromium) or seven
 * (Firefox), so a wider margin than this only adds to the spread: two players may stand at its two ends.
 *
 * @type {Settings}
 */
export const TIGHT = { from: 0.008, release: 0.003, share: gone(1, 0.08), seek: 0.4, far: 0.75 };
/** Safari, iOS and televisions: their pictures stutter at every change of speed. @type {Settings} */
export const PATIENT = { from: 0.08, release: 0.03, share: gone(2, 0.05), seek: 0.4, far: 0.75 };

const WINDOW = 7;
const ACT_EVERY_MS = 200;
const COOL_DOWN_MS = 1500;
const SEEKS_AT_MOST = 3;
const SEEKS_WITHIN_MS = 10_000;
const REST_MS = 10_000;

/** @returns {Drift} */
export function calm() {
  return { samples: [], bending: false, acted: -Infinity, seeks: [], rest: -Infinity, tired: false };
}

/** The same player after it was moved: what was measured before says nothing any more. */
export function moved(/** @type {Drift} */ drift) {
  return { ...drift, samples: [], bending: false };
}

/**
 * One look at the player (20 a second).
 * @param {Drift} drift
 * @param {{now: number, error: number, reachable: boolean}} look  reachable: the point a seek would go to is buffered
 * @param {Settings} [settings]
 * @returns {{drift: Drift, correction: Correction}}
 */
export function correct(drift, look, settings = TIGHT) {
  const samples = [...drift.samples, { at: look.now, error: look.error }].slice(-WINDOW);
  const next = { ...drift, samples };
  const error = typical(next);
  if (error === null || look.now - drift.acted < ACT_EVERY_MS) return { drift: next, correction: { kind: "stay" } };
  const size = Math.abs(error);
  const seeks = drift.seeks.filter((at) => look.now - at < SEEKS_WITHIN_MS);
  if (size > settings.far || (size > settings.seek && look.reachable)) {
    if (seeks.length >= SEEKS_AT_MOST && look.now >= drift.rest) {
      return bend({ ...next, seeks: [], rest: look.now + REST_MS, tired: true }, error, look.now, settings);
    }
    if (look.now >= drift.rest) {
      return {
        drift: { ...moved(next), seeks: [...seeks, look.now], rest: look.now + COOL_DOWN_MS, acted: look.now },
        correction: { kind: "seek", error },
      };
    }
  }
  const tired = drift.tired && (size > settings.seek || look.now < drift.rest);
  return bend({ ...next, tired }, error, look.now, settings);
}

/** The median error of the window, s; null until the window is full. */
export function typical(/** @type {Drift} */ { samples }) {
  if (samples.length < WINDOW) return null;
  const errors = samples.map(({ error }) => error).sort((a, b) => a - b);
  return errors[(WINDOW - 1) / 2] ?? null;
}

/**
 * @param {Drift} drift
 * @param {number} error
 * @param {number} now
 * @param {Settings} settings
 * @returns {{drift: Drift, correction: Correction}}
 */
function bend(drift, error, now, settings) {
  const bending = Math.abs(error) > (drift.bending ? settings.release : settings.from);
  if (!bending && !drift.bending) return { drift, correction: { kind: "stay" } };
  const share = bending ? settings.share(Math.abs(error)) : 0;
  return { drift: { ...drift, bending, acted: now }, correction: { kind: "bend", factor: 1 - Math.sign(error) * share } };
}

/** As much of the speed as an error is gone by in so many seconds, up to a limit. */
function gone(/** @type {number} */ seconds, /** @type {number} */ most) {
  return (/** @type {number} */ size) => Math.min(most, size / seconds);
}
