import { ApiProblem } from "./api.js";

/**
 * Asking again and again while somebody looks: soon while something is going on, seldom while nothing is, and not at all in a
 * tab that nobody sees.
 *
 * @typedef {EventTarget & {hidden: boolean}} Page
 * @typedef {{set: (call: () => void, ms: number) => unknown, clear: (timer: any) => void}} Timers
 */

export const BUSY_MS = 2000;
export const CALM_MS = 15_000;
const LONGEST_MS = 60_000;

/**
 * How long to wait before the next look, ms. A server that does not answer is asked ever more seldom.
 *
 * @param {boolean} going whether something is going on
 * @param {number} failures how many looks in a row came to nothing
 * @param {number} [calm] the wait while nothing is going on, ms
 */
export function delayAfter(going, failures, calm = CALM_MS) {
  if (failures > 0) return Math.min(LONGEST_MS, BUSY_MS * 2 ** failures);
  return going ? BUSY_MS : calm;
}

/** @type {Timers} */
const TIMERS = { set: (call, ms) => setTimeout(call, ms), clear: (timer) => clearTimeout(timer) };

export class Rounds {
  #look;
  #page;
  #timers;
  #calm;
  /** @type {unknown} */
  #timer = null;
  #started = false;
  #looking = false;
  #asked = false;
  #failures = 0;
  #seen = () => {
    if (this.#page.hidden) this.#timers.clear(this.#timer);
    else this.soon();
  };

  /**
   * @param {() => Promise<boolean>} look answers whether something is going on; an ApiProblem counts as no answer
   * @param {Page} page the document
   * @param {{calm?: number, timers?: Timers}} [options] `calm` as in delayAfter
   */
  constructor(look, page, { calm = CALM_MS, timers = TIMERS } = {}) {
    this.#look = look;
    this.#page = page;
    this.#calm = calm;
    this.#timers = timers;
  }

  start() {
    this.#started = true;
    this.#page.addEventListener("visibilitychange", this.#seen);
    this.soon();
  }

  stop() {
    this.#started = false;
    this.#page.removeEventListener("visibilitychange", this.#seen);
    this.#timers.clear(this.#timer);
  }

  /** Look now; when a look is under way already, once more after it: it may have set out before what has happened since. */
  soon() {
    this.#timers.clear(this.#timer);
    if (!this.#started) return;
    if (this.#looking) this.#asked = true;
    else void this.#round();
  }

  async #round() {
    this.#looking = true;
    this.#asked = false;
    let going = false;
    try {
      going = await this.#look();
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      // A mistake of the page's own must not pass for a silent server.
      if (!(error instanceof ApiProblem)) void Promise.reject(error);
    }
    this.#looking = false;
    if (!this.#started || this.#page.hidden) return;
    if (this.#asked) void this.#round();
    else this.#timer = this.#timers.set(() => this.soon(), delayAfter(going, this.#failures, this.#calm));
  }
}
