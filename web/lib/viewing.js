/**
 * When somebody has watched enough of a film for it to count as a view: ten seconds, or half of what is shorter. The server
 * decides; this only says when it is worth asking.
 */

const ENOUGH = 10;
/** A step between two looks that is longer than this was a jump, seconds. */
const JUMP = 2;
/** Asked again after this much more, when the server has not counted it: not all may have been fetched then. Seconds. */
const AGAIN = 10;

export class Viewing {
  #watched = 0;
  /** @type {number | null} */
  #at = null;
  #due = ENOUGH;
  #settled = false;

  /**
   * The film is here now; told as often as one likes.
   *
   * @param {number} position seconds
   * @param {number} duration seconds; NaN while it is not known
   * @returns {number | null} the seconds watched so far, when it is time to say so
   */
  at(position, duration) {
    const step = this.#at === null ? 0 : position - this.#at;
    this.#at = position;
    if (step > 0 && step < JUMP) this.#watched += step;
    const enough = Number.isFinite(duration) ? Math.min(this.#due, this.#due === ENOUGH ? duration / 2 : this.#due) : this.#due;
    if (this.#settled || this.#watched < enough) return null;
    this.#due = this.#watched + AGAIN;
    return this.#watched;
  }

  /** The server has answered: once it has counted the view, nothing more is to be said. */
  answered(/** @type {boolean} */ counted, /** @type {number} */ watched) {
    // Whoever was counted within the hour is not counted again however long they watch on: three tries are enough.
    this.#settled ||= counted || watched >= ENOUGH + 2 * AGAIN;
  }
}
