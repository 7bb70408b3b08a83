/**
 * What people write, in parts: text, addresses, moments of the film, and people who are meant. Nothing else is markup.
 *
 * @typedef {{kind: "text", text: string} | {kind: "link", text: string, href: string} | {kind: "moment", text: string, seconds: number} | {kind: "mention", text: string, id: string}} Part
 * @typedef {{id: string, name: string}} Named
 */

const FOUND = /https?:\/\/[^\s<>"]+|\d{1,3}(?::\d\d){1,2}|@/giu;
const WORD = /[\p{L}\p{N}_]/u;
/** What ends a sentence rather than an address. */
const TRAILING = /[.,;:!?'"»”’)\]}]$/u;

/**
 * @param {string} text
 * @param {Named[]} [people]  those whose names may be meant
 * @returns {Part[]}
 */
export function parts(text, people = []) {
  /** @type {Part[]} */
  const found = [];
  let done = 0;
  for (const { 0: match, index } of text.matchAll(FOUND)) {
    if (index < done) continue;
    const part = partAt(text, match, index, people);
    if (!part) continue;
    if (index > done) found.push({ kind: "text", text: text.slice(done, index) });
    found.push(part);
    done = index + part.text.length;
  }
  if (done < text.length) found.push({ kind: "text", text: text.slice(done) });
  return found;
}

/**
 * @param {string} text
 * @param {string} match
 * @param {number} index
 * @param {Named[]} people
 * @returns {Part | null}
 */
function partAt(text, match, index, people) {
  if (match === "@") return mentionAt(text, index, people);
  if (/^http/i.test(match)) return link(match);
  const before = text[index - 1] ?? " ";
  const after = text.slice(index + match.length, index + match.length + 2);
  if (WORD.test(before) || /[:.,/-]/.test(before) || /^[\p{L}\p{N}_:]|^[.,]\d/u.test(after)) return null;
  const seconds = momentOf(match);
  return seconds === null ? null : { kind: "moment", text: match, seconds };
}

/**
 * "12:34" and "1:02:03" in seconds; null for what is no moment of a film.
 *
 * @param {string} text
 */
export function momentOf(text) {
  if (!/^\d{1,3}(:\d\d){1,2}$/.test(text)) return null;
  const numbers = text.split(":").map(Number);
  if (numbers.slice(1).some((number) => number > 59)) return null;
  return numbers.reduce((sum, number) => sum * 60 + number, 0);
}

/** @returns {Part | null} */
function link(/** @type {string} */ text) {
  while (TRAILING.test(text) && !(text.endsWith(")") && text.split("(").length >= text.split(")").length)) text = text.slice(0, -1);
  if (!URL.canParse(text)) return null;
  const { href, protocol } = new URL(text);
  return /^https?:$/.test(protocol) ? { kind: "link", text, href } : null;
}

/**
 * @param {string} text
 * @param {number} index
 * @param {Named[]} people
 * @returns {Part | null}
 */
function mentionAt(text, index, people) {
  if (index > 0 && WORD.test(text[index - 1] ?? "")) return null;
  const rest = text.slice(index + 1).toLowerCase();
  const fits = people.filter(({ name }) => name && rest.startsWith(name.toLowerCase()) && !WORD.test(rest[name.length] ?? ""));
  const longest = fits.sort((a, b) => b.name.length - a.name.length)[0];
  return longest ? { kind: "mention", text: text.slice(index, index + 1 + longest.name.length), id: longest.id } : null;
}

/**
 * Whose name is being written where the cursor stands: those that begin so, and where the @ is.
 *
 * @param {string} text
 * @param {number} cursor
 * @param {Named[]} people
 * @returns {{from: number, people: Named[]} | null}
 */
export function beginning(text, cursor, people) {
  const from = text.lastIndexOf("@", cursor - 1);
  if (from < 0 || (from > 0 && WORD.test(text[from - 1] ?? ""))) return null;
  const begun = text.slice(from + 1, cursor).toLowerCase();
  const fits = people.filter(({ name }) => name.toLowerCase().startsWith(begun) && name.toLowerCase() !== begun);
  return fits.length > 0 ? { from, people: fits } : null;
}
