/**
 * How far apart the people of a room are, over the last minutes.
 *
 * The spread is the time between the first and the last picture that are shown at one instant. The room tells it of
 * itself: everybody's presence carries how far ahead of the timeline they are.
 *
 * @typedef {{at: number, ms: number | null}} Point  null: nothing to measure, which is a gap in the line
 * @typedef {{median: number, p95: number, now: number | null}} Summary  ms
 */

export const WINDOW_MS = 300_000;
/** Where the scale may end, ms. */
const TOPS = [20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];

/**
 * Milliseconds between the first and the last of those who play; null while fewer than two do.
 *
 * @param {{state: string, drift_ms: number | null}[]} members
 */
export function spreadOf(members) {
  const drifts = members.flatMap(({ state, drift_ms }) => (state === "playing" && drift_ms !== null ? [drift_ms] : []));
  return drifts.length > 1 ? Math.max(...drifts) - Math.min(...drifts) : null;
}

export class Spread {
  /** Oldest first. @type {Point[]} */
  points = [];

  add(/** @type {number} */ at, /** @type {number | null} */ ms) {
    const first = this.points.findIndex((point) => point.at >= at - WINDOW_MS);
    if (first !== 0) this.points = first < 0 ? [] : this.points.slice(first);
    // One gap is like another: only where it begins is kept.
    if (ms !== null || this.points.at(-1)?.ms !== null) this.points.push({ at, ms });
  }

  /** @returns {Summary | null} */
  get summary() {
    const sorted = this.points.flatMap(({ ms }) => (ms === null ? [] : [ms])).sort((a, b) => a - b);
    if (sorted.length === 0) return null;
    const share = (/** @type {number} */ part) => sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
    return { median: share(0.5), p95: share(0.95), now: this.points.at(-1)?.ms ?? null };
  }

  /** Where a scale has to end to hold all of it, ms. */
  get top() {
    const most = Math.max(0, ...this.points.map(({ ms }) => ms ?? 0));
    return TOPS.find((top) => most <= top) ?? most;
  }

  /**
   * The line as the path of an SVG: time from left to right, `now` at the right end, the spread from bottom to top.
   *
   * @param {number} now
   * @param {number} width
   * @param {number} height
   */
  path(now, width, height) {
    const { top } = this;
    let pen = "M";
    const steps = [];
    for (const { at, ms } of this.points) {
      if (ms !== null) {
        const x = width * (1 - (now - at) / WINDOW_MS);
        // A point by itself is a line to where it is: round ends make it a dot.
        const where = `${x.toFixed(1)} ${(height * (1 - ms / top)).toFixed(1)}`;
        steps.push(pen === "M" ? `M${where}L${where}` : `L${where}`);
      }
      pen = ms === null ? "M" : "L";
    }
    return steps.join("");
  }
}

/**
 * The graph in words.
 *
 * @param {Summary | null} summary
 */
export function told(summary) {
  if (!summary) return "Nothing to measure yet: it takes two people who play.";
  const { median, p95, now } = summary;
  const present = now === null ? "" : `Right now everybody is within ${length(now)}. `;
  return `${present}In the last five minutes: half the time within ${length(median)}, 95 % of the time within ${length(p95)}.`;
}

/**
 * "8 ms", "1.2 s".
 *
 * @param {number} ms
 */
export function length(ms) {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1).replace(".0", "")} s`;
}
