/**
 * What people said below a film. Values in, values out; `CommentPages` asks for pages.
 *
 * @typedef {{id: string, username: string, display_name: string}} Author
 * @typedef {object} Comment  as the server writes it
 * @property {string} id
 * @property {string} video_id
 * @property {Author | null} author
 * @property {string} text
 * @property {number | null} at  seconds into the film
 * @property {string | null} parent_id
 * @property {number} replies
 * @property {Author[]} mentions
 * @property {string} created_at
 * @property {string | null} edited_at
 * @property {boolean} deleted
 * @property {boolean} mine
 * @property {boolean} may_delete
 */

export const LONGEST = 5000;
/** How many characters are left is told from here on. */
const NEAR_LONGEST = 4500;

/**
 * With this comment in the place of the one that it is; a new one stands where `first` says.
 *
 * @param {Comment[]} known
 * @param {Comment} comment
 * @param {boolean} [first]
 */
export function placed(known, comment, first = false) {
  if (known.some(({ id }) => id === comment.id)) return known.map((one) => (one.id === comment.id ? comment : one));
  return first ? [comment, ...known] : [...known, comment];
}

/**
 * After a comment was deleted: gone, or, as long as there are answers to it, a word that there was something.
 *
 * @param {Comment[]} known
 * @param {string} id
 */
export function without(known, id) {
  return known.flatMap((one) => {
    if (one.id !== id) return [one];
    return one.replies > 0 ? [{ ...one, author: null, text: "", at: null, mentions: [], deleted: true, mine: false, may_delete: false }] : [];
  });
}

/**
 * Everybody who can be meant by name: who wrote here, and whoever else is given.
 *
 * @param {Iterable<Comment>} comments
 * @param {Author[]} others
 * @param {string} you
 * @returns {{id: string, name: string}[]}
 */
export function namable(comments, others, you) {
  const authors = [...comments].flatMap(({ author, mentions }) => [...(author ? [author] : []), ...mentions]);
  const people = new Map([...authors, ...others].filter(({ id }) => id !== you).map(({ id, username }) => [id, username]));
  return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** "Room for 120 more", near the end alone. */
export function room(/** @type {string} */ text) {
  const length = [...text.normalize("NFC")].length;
  if (length < NEAR_LONGEST) return "";
  return length <= LONGEST ? `Room for ${LONGEST - length} more` : `Too long by ${length - LONGEST}`;
}

/** Pages of comments, one after the other, each comment once. */
export class CommentPages {
  #fetch;
  /** @type {string | null} */
  #cursor = null;
  /** Whether everything has been fetched. */
  done = false;

  /** @param {(query: string) => Promise<{items: Comment[], next_cursor: string | null}>} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  /**
   * Those known, and one page more.
   *
   * @param {Comment[]} known
   * @returns {Promise<Comment[]>}
   */
  async more(known) {
    if (this.done) return known;
    const { items, next_cursor } = await this.#fetch(this.#cursor ? `&cursor=${encodeURIComponent(this.#cursor)}` : "");
    this.#cursor = next_cursor;
    this.done = next_cursor === null;
    return items.reduce((all, one) => placed(all, one), known);
  }
}
