/**
 * How far the picture is from where the player says it is.
 *
 * `currentTime` is the sound's clock in some browsers and the last decoded frame in others, so two browsers that agree on it
 * show different frames. Frames that say when they are displayed tell the difference; it is learned over seconds and used
 * also where frames tell nothing (a hidden tab). Errors are seconds ahead of the timeline.
 */

/** How much is looked at, ms, and how many frames that must hold. */
const WINDOW_MS = 3000;
const FRAMES_NEEDED = 24;
/** A larger difference is a fault of the measuring, s. */
const BELIEVED = 0.08;
/** How much of a new finding is taken over at each look, once the first ones are in: a busy second teaches little. */
const GAIN = 0.005;
/** While fewer than this share of the frames come on the screen, those that do are late by chance, and teach nothing. */
const WHOLE = 0.9;

export class Picture {
  /** What to add to an error by `currentTime`, s. */
  bias = 0;
  /** @type {{at: number, error: number}[]} */
  #told = [];
  /** @type {{at: number, error: number}[]} */
  #shown = [];
  #found = 0;
  /** The most frames a window has held since the player was moved. */
  #most = 0;

  /** Start looking anew: the player was moved. What was learned stays. */
  clear() {
    this.#told = [];
    this.#shown = [];
    this.#most = 0;
  }

  /**
   * One look: the player's own error now, and those of the frames displayed since the last look.
   *
   * @param {number} now   ms
   * @param {number} told
   * @param {number[]} shown
   */
  look(now, told, shown) {
    const recent = (/** @type {{at: number}} */ { at }) => now - at < WINDOW_MS;
    this.#told = [...this.#told.filter(recent), { at: now, error: told }];
    this.#shown = [...this.#shown.filter(recent), ...shown.map((error) => ({ at: now, error }))];
    this.#most = Math.max(this.#most, this.#shown.length);
    if (this.#shown.length < Math.max(FRAMES_NEEDED, WHOLE * this.#most) || this.#told.length < FRAMES_NEEDED) return;
    const found = middle(this.#shown) - middle(this.#told);
    if (Math.abs(found) < BELIEVED) this.bias += Math.max(GAIN, 1 / ++this.#found) * (found - this.bias);
  }
}

/** The mean of the middle half: steadier than the median where errors come in steps of a frame. */
function middle(/** @type {{error: number}[]} */ errors) {
  const sorted = errors.map(({ error }) => error).sort((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  const half = sorted.slice(quarter, sorted.length - quarter);
  return half.reduce((sum, error) => sum + error, 0) / half.length;
}
