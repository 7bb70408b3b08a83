// Names offered while an @ is being written: a list after the WAI-ARIA pattern, led by the keys of the field.

import { h } from "./html.js";
import { beginning } from "../lib/words.js";

/** @typedef {import("../lib/words.js").Named} Named */

const MOST = 6;

export class Completion {
  list = h("ul", { class: "chat-names", role: "listbox", "aria-label": "People to mention", hidden: true });
  /** @type {Named[]} */
  #offered = [];
  #from = 0;
  #at = 0;

  /**
   * @param {HTMLTextAreaElement} input
   * @param {() => Named[]} people
   * @param {string} [id]  of the list, where a page has more than one
   */
  constructor(input, people, id = "chat-names") {
    this.input = input;
    this.list.id = id;
    input.setAttribute("aria-autocomplete", "list");
    input.addEventListener("input", () => this.#look(people()));
    input.addEventListener("blur", () => this.close());
  }

  close() {
    this.#offered = [];
    this.list.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeAttribute("aria-controls");
  }

  /** Whether a key was for the list. */
  key(/** @type {KeyboardEvent} */ { key }) {
    const { length } = this.#offered;
    if (length === 0) return false;
    if (key === "ArrowDown" || key === "ArrowUp") this.#choose((this.#at + (key === "ArrowDown" ? 1 : length - 1)) % length);
    else if (key === "Enter" || key === "Tab") this.#take(this.#at);
    else if (key === "Escape") this.close();
    else return false;
    return true;
  }

  #look(/** @type {Named[]} */ people) {
    const found = beginning(this.input.value, this.input.selectionStart, people);
    if (!found) return this.close();
    this.#from = found.from;
    this.#offered = found.people.slice(0, MOST);
    // Pressed rather than clicked: a click comes after the field has lost its focus, and the list with it.
    const press = (/** @type {number} */ at) => (/** @type {Event} */ event) => {
      event.preventDefault();
      this.#take(at);
    };
    const row = (/** @type {Named} */ { name }, /** @type {number} */ at) => h("li", { role: "option", id: `${this.list.id}-${at}`, onpointerdown: press(at) }, name);
    this.list.replaceChildren(...this.#offered.map(row));
    this.list.hidden = false;
    this.input.setAttribute("aria-controls", this.list.id);
    this.#choose(0);
  }

  #choose(/** @type {number} */ chosen) {
    this.#at = chosen;
    [...this.list.children].forEach((row, at) => row.setAttribute("aria-selected", String(at === chosen)));
    this.input.setAttribute("aria-activedescendant", `${this.list.id}-${chosen}`);
  }

  #take(/** @type {number} */ at) {
    const name = this.#offered[at]?.name ?? "";
    this.input.setRangeText(`@${name} `, this.#from, this.input.selectionStart, "end");
    this.close();
  }
}
