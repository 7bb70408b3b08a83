/** How much later somebody wants to see a film's captions, in seconds; negative for earlier. */

export const STEP = 0.1;
const MOST = 30;

/** As near as can be had: in steps, and not beyond half a minute. @param {number} seconds */
export function offsetOf(seconds) {
  const within = Math.min(MOST, Math.max(-MOST, Number.isFinite(seconds) ? seconds : 0));
  // -0 would be shown with its sign.
  return Math.round(within / STEP) / Math.round(1 / STEP) || 0;
}

/** "+0.3 s", "−1.0 s", "0.0 s". @param {number} seconds */
export function offsetLabel(seconds) {
  const sign = seconds > 0 ? "+" : seconds < 0 ? "−" : "";
  return `${sign}${Math.abs(seconds).toFixed(1)} s`;
}

/**
 * When a cue is shown, given when it would be.
 *
 * @param {{start: number, end: number}} cue  s
 * @param {number} offset
 */
export function shifted({ start, end }, offset) {
  // What would begin before the film begins with it.
  return { start: Math.max(0, start + offset), end: Math.max(0, end + offset) };
}
