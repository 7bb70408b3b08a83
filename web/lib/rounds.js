import { ApiProblem } from "./api.js";

/**
 * Asking again and again while somebody looks: soon while something is going on, seldom while nothing is, and not at all in a
 * tab that nobody sees.
 *
 * @typedef {EventTarget & {hidden: boolean}} Page
 * @typedef {{open: boolean, on: (name: string, callback: (data: any) => void) => () => void}} News what happens, as of events.js
 * @typedef {{set: (call: () => void, ms: number) => unknown, clear: (timer: any) => void}} Timers
 */

export const BUSY_MS = 2000;
export const CALM_MS = 15_000;
const LONGEST_MS = 60_000;
/** While the server tells what happens, it is asked this seldom, should something not be told. */
export const TOLD_MS = 60_000;
/** Several things happen together: what is told within this time is looked at once. */
export const GATHER_MS = 150;

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
  #news;
  #names;
  #concerns;
  #told;
  /** @type {(() => void)[]} */
  #unheard = [];
  /** @type {unknown} */
  #gathering = null;
  #seen = () => {
    if (this.#page.hidden) this.#timers.clear(this.#timer);
    else this.soon();
  };

  /**
   * @param {() => Promise<boolean>} look answers whether something is going on; an ApiProblem counts as no answer
   * @param {Page} page the document
   * @param {{calm?: number, timers?: Timers, news?: News | null, names?: readonly string[], concerns?: (data: any) => boolean, told?: number}} [options]
   *   `calm` as in delayAfter; while `news` is open, one looks when something of `names` happens that `concerns` this, and otherwise
   *   seldom, or every `told` ms while something is going on of which not everything is told
   */
  constructor(look, page, { calm = CALM_MS, timers = TIMERS, news = null, names = [], concerns = () => true, told = TOLD_MS } = {}) {
    this.#news = news;
    this.#names = names;
    this.#concerns = concerns;
    this.#told = told;
    this.#look = look;
    this.#page = page;
    this.#calm = calm;
    this.#timers = timers;
  }

  start() {
    this.#started = true;
    this.#page.addEventListener("visibilitychange", this.#seen);
    if (this.#news) this.#listen(this.#news);
    this.soon();
  }

  stop() {
    this.#started = false;
    this.#page.removeEventListener("visibilitychange", this.#seen);
    this.#timers.clear(this.#timer);
    this.#timers.clear(this.#gathering);
    this.#gathering = null;
    for (const end of this.#unheard.splice(0)) end();
  }

  #wait(/** @type {boolean} */ going) {
    if (this.#news?.open && this.#failures === 0) return going ? this.#told : TOLD_MS;
    return delayAfter(going, this.#failures, this.#calm);
  }

  #listen(/** @type {News} */ news) {
    for (const name of ["open", "gone"]) this.#unheard.push(news.on(name, () => this.#hear()));
    for (const name of this.#names) this.#unheard.push(news.on(name, (data) => this.#concerns(data) && this.#hear()));
  }

  #hear() {
    this.#gathering ??= this.#timers.set(() => {
      this.#gathering = null;
      if (!this.#page.hidden) this.soon();
    }, GATHER_MS);
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
    else this.#timer = this.#timers.set(() => this.soon(), this.#wait(going));
  }
}
