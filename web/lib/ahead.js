/**
 * Permission to watch the next film, asked for while the present one still runs. The film itself is not fetched: what is
 * made of it is never to be kept by a browser, so that it can be closed at any time.
 *
 * @typedef {import("./access.js").Answer} Answer
 */

/** Older than this, ms, it is asked for anew. */
const FRESH_MS = 120_000;

export class Ahead {
  /**
   * @param {(videoId: string) => Promise<Answer>} ask
   * @param {() => number} now  a monotonic clock, ms
   */
  constructor(ask, now) {
    this.#ask = ask;
    this.#now = now;
  }

  #ask;
  #now;
  /** @type {{videoId: string, at: number, answer: Promise<Answer | null>} | null} */
  #asked = null;

  /** This film will be wanted soon. @returns {Promise<Answer | null>} null when it cannot be watched yet */
  prepare(/** @type {string} */ videoId) {
    if (this.#asked?.videoId !== videoId || this.#now() - this.#asked.at > FRESH_MS) {
      this.#asked = { videoId, at: this.#now(), answer: this.#ask(videoId).catch(() => null) };
    }
    return this.#asked.answer;
  }

  /** What was asked for, once: whoever asks again wants a newer one. */
  async take(/** @type {string} */ videoId) {
    const asked = this.#asked;
    if (asked?.videoId !== videoId) return null;
    this.#asked = null;
    return this.#now() - asked.at > FRESH_MS ? null : asked.answer;
  }
}
