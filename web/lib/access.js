/**
 * The permission to fetch one film, kept fresh.
 *
 * The signature stands in the path (/m/<grant>.<expires>.<signature>/<video>/...) and playlists are relative, so a URL is
 * renewed by putting the newest token in place of the old one.
 *
 * @typedef {{start: number, end: number, title: string}} Chapter  seconds
 * @typedef {{hls_url: string, expires_at: string, poster_url?: string | null, storyboard_url?: string | null,
 *   chapters_url?: string | null, chapters?: Chapter[], subtitles?: import("./tracks.js").Subtitle[]}} Answer
 */

const TOKEN = /\/m\/([^/]+)\//;
/** Renewed when this share of its life is over. */
const USED_UP = 0.75;
/** Believed when the two wall clocks disagree so much that it seems over already, ms. */
const USUAL_LIFE_MS = 3_600_000;
/** A new token refused this soon after it was given means that watching is no longer allowed, ms. */
const REFUSED_ANEW_MS = 10_000;
/** How often a fresh token may be refused before that is believed: a server that starts gives two. */
const REFUSALS = 3;

export class Access {
  /** @type {Answer | null} */
  answer = null;

  /**
   * @param {() => Promise<Answer>} ask  GET /videos/{id}/hls
   * @param {{now: () => number, wall: () => number}} clocks  a monotonic one, and the one of the calendar, ms
   */
  constructor(ask, { now, wall }) {
    this.#ask = ask;
    this.#now = now;
    this.#wall = wall;
  }

  #ask;
  #now;
  #wall;
  #givenAt = -Infinity;
  #renewAt = -Infinity;
  #stale = true;
  #refusals = 0;
  /** @type {Promise<Answer> | null} */
  #asking = null;

  /** A permission that is good now; throws what `ask` throws. Several who ask at once share one question. */
  async fresh() {
    if (this.answer && !this.#stale && this.#now() < this.#renewAt) return this.answer;
    this.#asking ??= this.#renew().finally(() => (this.#asking = null));
    return this.#asking;
  }

  /** The same file under the newest token; other addresses come back as they are. */
  renewed(/** @type {string} */ url) {
    const token = this.answer && TOKEN.exec(this.answer.hls_url)?.[1];
    return token ? url.replace(TOKEN, `/m/${token}/`) : url;
  }

  /**
   * The server refused this URL. True when it is worth asking again.
   * @param {string} url
   */
  refused(url) {
    if (url !== this.renewed(url)) return true;
    this.#stale = true;
    this.#refusals = this.#now() - this.#givenAt < REFUSED_ANEW_MS ? this.#refusals + 1 : 1;
    return this.#refusals < REFUSALS;
  }

  async #renew() {
    const answer = await this.#ask();
    const life = Date.parse(answer.expires_at) - this.#wall();
    this.#givenAt = this.#now();
    this.#renewAt = this.#givenAt + USED_UP * (life > 60_000 ? life : USUAL_LIFE_MS);
    this.#stale = false;
    this.answer = answer;
    return answer;
  }
}
