/**
 * Somebody chose another quality or sound track for themselves: that their player runs out of data for it is no reason for the
 * room to wait. It holds for a few seconds and a few times a minute, so that nobody who really has no line is left behind by it.
 */

const LONGEST_MS = 4000;
const MOST = 3;
const WITHIN_MS = 60_000;

export class OwnChange {
  /** @type {number[]} */
  #begun = [];

  /** @param {number} now ms */
  begin(now) {
    this.#begun = this.#begun.filter((at) => now - at < WITHIN_MS);
    if (this.#begun.length < MOST) this.#begun.push(now);
  }

  /** Whether what happens at `now` may be put down to it. @param {number} now ms */
  covers(now) {
    return this.#begun.some((at) => now - at < LONGEST_MS);
  }
}
