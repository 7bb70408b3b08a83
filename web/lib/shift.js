/**
 * How much earlier a device's sound has to be played, so that it is heard in step with the picture.
 *
 * A loudspeaker that is late by 200 ms (Bluetooth, a television, a soundbar) is given the sound 200 ms early. Milliseconds,
 * positive for late; negative where the picture is the late one.
 */

/** One press of a button, ms. */
export const STEP = 10;
export const MOST = 500;

/** As near as can be had: in steps, and not beyond half a second. @param {number} ms */
export function shiftOf(ms) {
  const within = Math.min(MOST, Math.max(-MOST, Number.isFinite(ms) ? ms : 0));
  // -0 would be shown with its sign.
  return Math.round(within / STEP) * STEP || 0;
}

/** What was kept, if it is a shift that could have been chosen; else none. @param {string | null} kept */
export function keptShift(kept) {
  const ms = kept === null || kept.trim() === "" ? 0 : Number(kept);
  return shiftOf(ms) === ms ? ms : 0;
}

/** "+120 ms", "−30 ms", "0 ms". @param {number} ms */
export function shiftLabel(ms) {
  const sign = ms > 0 ? "+" : ms < 0 ? "−" : "";
  return `${sign}${Math.abs(ms)} ms`;
}

/**
 * Where the time of each stretch of a film begins, for sound that is to come `early` seconds before its time.
 *
 * @template {{baseTime: number, timescale: number}} Beginning
 * @param {Beginning[]} beginnings
 * @param {number} early
 */
export function laid(beginnings, early) {
  return beginnings.map((beginning) => ({ ...beginning, baseTime: beginning.baseTime + Math.round(early * beginning.timescale) }));
}

/**
 * Segments of sound that lie `by` seconds later than they did; the first goes on beginning where the film does. What was
 * found out about them by reading is forgotten, for it is no longer so.
 *
 * @typedef {{start: number, duration: number, setStart(start: number): void, setDuration(seconds: number): void, [found: string]: any}} Segment
 * @param {Segment[]} segments
 * @param {number} by
 */
export function moved(segments, by) {
  for (const [i, segment] of segments.entries()) {
    for (const found of ["startPTS", "endPTS", "startDTS", "endDTS", "maxStartPTS", "minEndPTS", "deltaPTS"]) segment[found] = undefined;
    if (i === 0) segment.setDuration(segment.duration + by);
    else segment.setStart(segment.start + by);
  }
}
