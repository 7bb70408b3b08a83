// Reactions over the picture, with the names of those who feel so. For readers a word now and then.

import { h } from "../dom/html.js";
import { rows } from "../dom/rows.js";
import { Floats } from "../lib/reactions.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{member_id: string, name: string, emoji: string}} Reaction */

const PASS_MS = 250;
/** A reader hears of reactions at most this often, ms. */
const SAID_EVERY_MS = 8000;

class WpFloats extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #floats = new Floats();
  #layer = h("div", { class: "floats", "aria-hidden": "true" });
  #words = h("p", { class: "visually-hidden", role: "status" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #passing;
  /** @type {Map<string, Set<string>>} */
  #unsaid = new Map();
  #saidAt = -Infinity;

  connectedCallback() {
    this.replaceChildren(this.#layer, this.#words);
  }

  disconnectedCallback() {
    clearInterval(this.#passing);
  }

  hear(/** @type {Reaction} */ reaction) {
    if (reaction.member_id !== this.party?.you?.id) this.#unsaid.set(reaction.emoji, (this.#unsaid.get(reaction.emoji) ?? new Set()).add(reaction.name));
    // A tab that nobody sees need not draw them.
    if (!document.hidden) this.#floats.add(reaction, performance.now());
    this.#passing ??= setInterval(() => this.#pass(), PASS_MS);
    this.#show();
  }

  #pass() {
    this.#floats.pass(performance.now());
    this.#show();
    this.#say();
    if (this.#floats.shown.length > 0 || this.#unsaid.size > 0) return;
    clearInterval(this.#passing);
    this.#passing = undefined;
  }

  #show() {
    const items = this.#floats.shown.map(({ id, ...float }) => ({ ...float, id: String(id) }));
    rows(
      this.#layer,
      items,
      ({ emoji, name }) => {
        const float = h("span", { class: "float" }, h("span", { class: "float-emoji" }, emoji), h("span", { class: "float-name" }, name));
        float.style.setProperty("--along", String(Math.random()));
        float.style.setProperty("--sway", String(Math.random() * 2 - 1));
        return float;
      },
      (float, { times, name }) => {
        const words = times > 1 ? `${name} ×${times}` : name;
        if (float.lastElementChild && float.lastElementChild.textContent !== words) float.lastElementChild.textContent = words;
      },
    );
  }

  #say() {
    if (this.#unsaid.size === 0 || performance.now() - this.#saidAt < SAID_EVERY_MS) return;
    this.#saidAt = performance.now();
    this.#words.textContent = [...this.#unsaid].map(([emoji, names]) => `${[...names].slice(0, 3).join(", ")}: ${emoji}`).join("; ");
    this.#unsaid.clear();
  }
}

customElements.define("wp-floats", WpFloats);
