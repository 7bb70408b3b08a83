/**
 * What was said in a room, oldest first, each line once. Values in, values out; `Older` asks for pages.
 *
 * @typedef {import("./messages.js").Chat} Chat
 */

/** Older lines asked for at once; the first page holds those the welcome brought, too. */
const PAGE = 100;

/**
 * With one more line. Told again, it takes the place of the first; else it stands where its time puts it: one's own comes
 * back only when it is on disk, and others may have spoken meanwhile.
 *
 * @param {Chat[]} known
 * @param {Chat} line
 */
export function heard(known, line) {
  if (known.some(({ id }) => id === line.id)) return known.map((one) => (one.id === line.id ? line : one));
  let at = known.length;
  while (at > 0 && (known[at - 1]?.at ?? "") > line.at) at--;
  return known.toSpliced(at, 0, line);
}

/**
 * With one line's words forgotten.
 *
 * @param {Chat[]} known
 * @param {{id: string, by: string}} unsaid
 */
export function forgotten(known, { id, by }) {
  return known.map((line) => (line.id === id ? { ...line, text: "", mentions: [], unsaid_by: by } : line));
}

/**
 * After coming back: the latest lines, and of those known before whatever leads up to them without a gap.
 *
 * @param {Chat[]} known
 * @param {Chat[]} latest
 */
export function rejoined(known, latest) {
  const meets = known.findIndex(({ id }) => id === latest[0]?.id);
  return meets < 0 ? latest : [...known.slice(0, meets), ...latest];
}

/** Older pages of what was said, one after the other. */
export class Older {
  #fetch;
  /** @type {string | null} */
  #cursor = null;
  /** Whether everything has been fetched. */
  done = false;
  #busy = false;

  /** @param {(query: string) => Promise<{items: any[], next_cursor: string | null}>} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /**
   * Lines before those known; none when there are none, or while they are being fetched.
   *
   * @param {Chat[]} known
   * @returns {Promise<Chat[]>}
   */
  async before(known) {
    if (this.#busy || this.done) return [];
    this.#busy = true;
    try {
      const ids = new Set(known.map(({ id }) => id));
      for (;;) {
        const { items, next_cursor } = await this.#fetch(`limit=${PAGE}${this.#cursor ? `&cursor=${encodeURIComponent(this.#cursor)}` : ""}`);
        this.#cursor = next_cursor;
        this.done = next_cursor === null;
        const fresh = items.filter(({ id }) => !ids.has(id)).map(({ created_at, ...line }) => ({ ...line, at: created_at }));
        if (fresh.length > 0 || this.done) return fresh.reverse();
      }
    } finally {
      this.#busy = false;
    }
  }
}
