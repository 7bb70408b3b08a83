/**
 * How long this device takes to do something (start playing, land after a seek), learned from how far off it was afterwards.
 *
 * Seconds. A player told to act `value` early that ends up ahead of its timeline acted too early: the residual is taken off.
 */
export class Latency {
  #seen = 0;

  /**
   * @param {number} value
   * @param {{least?: number, most?: number, seen?: number}} [limits]
   */
  constructor(value, { least = 0, most = 1, seen = 0 } = {}) {
    this.value = value;
    this.least = least;
    this.most = most;
    this.#seen = seen;
  }

  /** How many times it was corrected. */
  get seen() {
    return this.#seen;
  }

  /** Take in how far ahead (s) the player was after acting on `value`; one bad moment moves it only a little. */
  learn(/** @type {number} */ residual) {
    if (!Number.isFinite(residual) || Math.abs(residual) > 1) return;
    const gain = Math.max(0.25, 1 / (this.#seen + 1.5));
    const step = Math.min(0.1, Math.max(-0.1, residual * gain));
    this.#seen += 1;
    this.value = Math.min(this.most, Math.max(this.least, this.value - step));
  }
}

/** What was measured before anything was learned here: Chromium 42 ms, Firefox 14 to 26 ms. */
export function usualStart(/** @type {string} */ userAgent) {
  return /firefox/i.test(userAgent) ? 0.02 : 0.042;
}
