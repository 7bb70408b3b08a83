/**
 * The server's clock for a player that is to be a little ahead of the room: its loudspeaker is late, and its sound cannot be moved
 * against its picture.
 *
 * @typedef {Pick<import("./clock.js").Clock, "now" | "serverNow" | "serverAt">} Time
 */
export class ShiftedClock {
  /** How far ahead, s; negative for behind. */
  offset = 0;
  #clock;

  /** @param {Time} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /** Milliseconds of this browser's clock. */
  now() {
    return this.#clock.now();
  }

  /** The server's time as the player is to see it, ms. */
  serverNow() {
    return this.#clock.serverNow() + 1000 * this.offset;
  }

  serverAt(/** @type {number} */ here) {
    return this.#clock.serverAt(here) + 1000 * this.offset;
  }
}
