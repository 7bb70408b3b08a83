/** Where somebody left off in a film. Seconds. */

/** Nobody wants to go on from here: hardly begun, or all but over. */
const BEGUN = 10;
const OVER_SHARE = 0.97;
/** Kept when this much further. */
const STEP = 10;

/** Where to begin: where one left off, or at the beginning. */
export function beginAt(/** @type {number | null | undefined} */ position, /** @type {number | null | undefined} */ duration) {
  if (!position || !Number.isFinite(position) || position < BEGUN) return 0;
  return duration && position > duration * OVER_SHARE ? 0 : position;
}

export class Bookmark {
  /** @param {(position: number) => void} keep */
  constructor(keep) {
    this.#keep = keep;
  }

  #keep;
  /** @type {number | null} */
  #kept = null;
  #at = 0;

  /** The film is here now; told as often as one likes. */
  at(/** @type {number} */ position) {
    this.#at = position;
    this.#kept ??= position;
    if (Math.abs(position - this.#kept) >= STEP) this.flush();
  }

  /** Keep it now: paused, or leaving. */
  flush() {
    if (this.#kept === null || Math.abs(this.#at - this.#kept) < 1) return;
    this.#kept = this.#at;
    this.#keep(this.#at);
  }
}
