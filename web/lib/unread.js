/**
 * What one has not read: lines of others since one last looked.
 *
 * @typedef {import("./messages.js").Chat} Chat
 */
export class Unread {
  count = 0;
  /** The last line one has seen; undefined before the first look. @type {string | null | undefined} */
  #seen;
  /** Where the new ones begin, until one has spoken or looked away again. @type {string | null} */
  #from = null;
  #wasInFront = true;

  /** What is there when one comes in counts as read. */
  start(/** @type {string | null} */ last) {
    if (this.#seen === undefined) this.#seen = last;
  }

  /**
   * Takes stock.
   *
   * @param {Chat[]} messages
   * @param {string | undefined} you
   * @param {boolean} inFront  whether one is looking
   * @returns {string | null} the id of the line above which "New" is written
   */
  take(messages, you, inFront) {
    if (this.#seen === undefined) return null;
    const since = messages.slice(messages.findIndex(({ id }) => id === this.#seen) + 1);
    const others = since.filter(({ member_id, unsaid_by }) => member_id !== you && !unsaid_by);
    if (since.at(-1)?.member_id === you) this.#from = null;
    if (!inFront && this.#wasInFront) this.#from = null;
    if (!inFront) this.#from ??= others[0]?.id ?? null;
    this.#wasInFront = inFront;
    this.count = inFront ? 0 : others.length;
    if (inFront) this.#seen = messages.at(-1)?.id ?? null;
    return this.#from;
  }
}
