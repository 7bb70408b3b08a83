// Lists that change while somebody is in them.

/**
 * Makes `list` hold one row per item, in order. Rows of items that stay are kept where they are, so that the keyboard's focus and
 * whatever is open in them stay too.
 *
 * @template {{id: string}} Item
 * @template {HTMLElement} Row
 * @param {HTMLElement} list
 * @param {Item[]} items
 * @param {(item: Item) => Row} make a row, given its item; `show` follows
 * @param {(row: Row, item: Item) => void} show
 */
export function rows(list, items, make, show) {
  const wanted = new Set(items.map(({ id }) => id));
  const known = new Map([...list.children].map((row) => [/** @type {Row} */ (row).dataset.id, /** @type {Row} */ (row)]));
  for (const [id, row] of known) if (id === undefined || !wanted.has(id)) row.remove();
  let at = list.firstElementChild;
  for (const item of items) {
    const row = known.get(item.id) ?? make(item);
    row.dataset.id = item.id;
    show(row, item);
    if (row === at) at = at.nextElementSibling;
    else list.insertBefore(row, at);
  }
}
