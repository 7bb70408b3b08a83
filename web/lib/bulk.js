/**
 * Changes to many films at once, and the way back from them.
 *
 * @typedef {{visibility: string, tags: string[], keep_ready: boolean}} Words
 * @typedef {{id: string, title: string, before: Words, after: Words | null}} Changed
 * @typedef {{ids: string[], visibility?: string, add_tags?: string[], remove_tags?: string[], keep_ready?: boolean}} Change
 */

/**
 * The changes that make films what they were before; deleted ones are not among them.
 *
 * @param {Changed[]} changed
 * @returns {Change[]}
 */
export function undoOf(changed) {
  /** @type {Map<string, Change>} */
  const back = new Map();
  for (const { id, before, after } of changed) {
    if (after === null) continue;
    const change = wayBack(before, after);
    const key = JSON.stringify(change);
    const known = back.get(key);
    if (known) known.ids.push(id);
    else back.set(key, { ids: [id], ...change });
  }
  return [...back.values()];
}

/** @param {Words} before @param {Words} after @returns {Omit<Change, "ids">} */
function wayBack(before, after) {
  /** @type {Omit<Change, "ids">} */
  const change = {};
  const lost = before.tags.filter((tag) => !after.tags.includes(tag));
  const gained = after.tags.filter((tag) => !before.tags.includes(tag));
  if (before.visibility !== after.visibility) change.visibility = before.visibility;
  if (before.keep_ready !== after.keep_ready) change.keep_ready = before.keep_ready;
  if (lost.length > 0) change.add_tags = lost;
  if (gained.length > 0) change.remove_tags = gained;
  return change;
}
