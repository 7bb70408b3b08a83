/** Reactions: which are offered, and how many float at once. */

/** At hand, and a few more of what one feels before a film. */
export const FIRST = ["😂", "❤️", "😮", "😢", "👏", "🔥"];
export const MORE = [
  "👍", "👎", "🎉", "😍", "🤣", "😱", "😡", "🥰", "😴", "🤔", "🙈", "😭", "🤯", "😬", "🥳", "🙏", "💀", "👀", "💯", "🍿", "☕", "🍕", "🌈", "⭐", "💔", "🤮",
];

/** At once; the oldest makes room, so that a flood stays smooth. */
const MOST = 24;
const FLOATS_MS = 4000;
/** The same from the same person this close together is one, with a number. */
const JOINED_MS = 900;

/**
 * @typedef {{id: number, member_id: string, name: string, emoji: string, times: number, at: number}} Float
 */

/** What floats over the picture. Times in ms. */
export class Floats {
  /** @type {Float[]} */
  shown = [];
  #count = 0;

  /**
   * @param {{member_id: string, name: string, emoji: string}} reaction
   * @param {number} now
   */
  add({ member_id, name, emoji }, now) {
    const last = this.shown.findLast((float) => float.member_id === member_id && float.emoji === emoji && now - float.at < JOINED_MS);
    if (last) last.times++;
    else this.shown.push({ id: ++this.#count, member_id, name, emoji, times: 1, at: now });
    if (this.shown.length > MOST) this.shown.shift();
  }

  /** Those that have floated by are gone. */
  pass(/** @type {number} */ now) {
    this.shown = this.shown.filter(({ at }) => now - at < FLOATS_MS);
  }
}

/**
 * The emoji that somebody typed or picked from their keyboard, if it is one.
 *
 * @param {string} text
 */
export function emojiOf(text) {
  const [first] = new Intl.Segmenter().segment(text.trim());
  const whole = first?.segment ?? "";
  return /^(\p{Extended_Pictographic}|\p{Regional_Indicator}{2}|[0-9#*]\uFE0F?\u20E3)/u.test(whole) ? whole : null;
}
