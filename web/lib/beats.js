/**
 * The beats of a sound check: once a second a flash, and a click that is played so much earlier as the loudspeaker is late.
 *
 * Times are milliseconds of performance.now(), unless they are an AudioContext's own seconds.
 *
 * @typedef {{contextTime?: number, performanceTime?: number}} Stamp  AudioContext.getOutputTimestamp(): what leaves the browser when
 * @typedef {{currentTime: number, baseLatency?: number, outputLatency?: number}} Context
 */

/** One flash a second, far below the three of WCAG 2.3.1. */
export const BEAT_MS = 1000;
export const FLASH_MS = 90;
/** Clicks are handed over this long before they are due: longer than a busy page is held up, shorter than one waits for a change. */
const AHEAD_MS = 250;

/**
 * The beats whose clicks are to be handed over now.
 *
 * @param {object} times
 * @param {number} times.begun  when beat 0 is
 * @param {number} times.now
 * @param {number} times.late   of the loudspeaker
 * @param {number} times.last   the beat handed over last, -1 for none
 * @returns {{beat: number, at: number}[]}  `at`: when the click has to leave the browser
 */
export function due({ begun, now, late, last }) {
  const first = Math.max(last + 1, Math.ceil((now + late - begun) / BEAT_MS));
  const beats = [];
  for (let beat = first; begun + beat * BEAT_MS - late <= now + AHEAD_MS; beat++) beats.push({ beat, at: begun + beat * BEAT_MS - late });
  return beats;
}

/**
 * Whether the light is on in a picture that is shown at `at`.
 *
 * @param {number} at
 * @param {number} begun
 */
export function lit(at, begun) {
  const since = at - begun;
  return since >= 0 && since % BEAT_MS < FLASH_MS;
}

/**
 * The AudioContext's time, s, of what leaves the browser at `at`. A browser that cannot say yet, or ever, is asked for its
 * latencies instead.
 *
 * @param {number} at
 * @param {number} now
 * @param {Context} context
 * @param {Stamp | null} stamp
 */
export function contextTime(at, now, context, stamp) {
  if (stamp?.performanceTime && stamp.contextTime !== undefined) return stamp.contextTime + (at - stamp.performanceTime) / 1000;
  return context.currentTime + (at - now) / 1000 - (context.outputLatency ?? context.baseLatency ?? 0);
}
