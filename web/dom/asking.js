// Dialogs that ask for something, and one for what cannot be undone: it wants a word typed.

import { submits } from "./form.js";
import { h } from "./html.js";

/**
 * A dialog with a form. It closes once `act` is through; what it throws is shown beside the field it is about, or above the
 * buttons. Afterwards the keyboard is where it was.
 *
 * @param {{title: string, text?: string, fields?: (Node | string)[], label: string, danger?: boolean}} what
 * @param {(values: Record<string, string>) => Promise<void>} act
 */
export function ask({ title, text, fields = [], label, danger = false }, act) {
  const before = document.activeElement;
  const form = h(
    "form",
    { class: "form", method: "dialog" },
    h("h2", { id: "asking-title" }, title),
    text ? h("p", { class: "soft" }, text) : null,
    ...fields,
    h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true }),
    h(
      "div",
      { class: "cluster" },
      h("button", { class: danger ? "button danger" : "button primary", type: "submit" }, label),
      h("button", { class: "button", type: "button", onclick: () => dialog.close() }, "Cancel"),
    ),
  );
  const dialog = h("dialog", { class: "dialog", "aria-labelledby": "asking-title" }, form);
  submits(form, async (values) => {
    await act(values);
    dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/**
 * Asks for something that cannot be undone. Only who types `word` gets there.
 *
 * @param {{title: string, text: string, word: string, label: string, fields?: (Node | string)[]}} what
 * @param {(values: Record<string, string>) => Promise<void>} act
 */
export function askTyped({ word, fields = [], ...what }, act) {
  // The characters that mean something to a pattern, and no others: a needless escape makes browsers ignore the whole.
  const pattern = word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
  const typed = field("typed", `Type “${word}” to confirm`, { pattern, title: `Type ${word}`, autocomplete: "off", spellcheck: false });
  ask({ ...what, fields: [...fields, typed], danger: true }, act);
}

/**
 * A field of a form, with its label, a hint and a place for what is wrong with it.
 *
 * @param {string} name
 * @param {string} label
 * @param {import("./html.js").Attributes & {hint?: string}} [more]
 */
export function field(name, label, { hint, ...more } = {}) {
  const id = `asked-${name}`;
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, label),
    h("input", { class: "input", id, name, type: "text", required: true, "aria-describedby": `${hint ? `${id}-hint ` : ""}${id}-error`, ...more }),
    hint ? h("p", { class: "hint", id: `${id}-hint` }, hint) : null,
    h("p", { class: "error", id: `${id}-error`, "aria-live": "polite" }),
  );
}

/**
 * A list to choose from.
 *
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options value and words
 * @param {string} [chosen]
 */
export function select(name, label, options, chosen) {
  const id = `asked-${name}`;
  const made = options.map(([value, words]) => h("option", { value, selected: value === chosen }, words));
  return h("div", { class: "field" }, h("label", { for: id }, label), h("select", { class: "input", id, name }, ...made));
}
