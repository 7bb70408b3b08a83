// A row of emoji to react with, and more of them behind a button. What one presses floats when the room has said so.

import "./wp-menu.js";

import { h, icon } from "../dom/html.js";
import { emojiOf, FIRST, MORE } from "../lib/reactions.js";

/** @typedef {import("../lib/party.js").Party} Party */

class WpReactions extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #any = h("input", { class: "input", type: "text", maxlength: 32, autocomplete: "off", "aria-label": "Any other emoji", placeholder: "Any other emoji", oninput: () => this.#typed() });
  #more = h("details", { class: "menu" });

  connectedCallback() {
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Reactions");
    this.#more.replaceChildren(
      h("summary", { class: "button quiet icon-only", "aria-label": "More reactions", title: "More reactions" }, icon("smile")),
      h("div", { class: "menu-panel" }, h("div", { class: "reaction-grid" }, ...MORE.map((emoji) => this.#button(emoji))), this.#any),
    );
    const menu = document.createElement("wp-menu");
    menu.append(this.#more);
    this.replaceChildren(...FIRST.map((emoji) => this.#button(emoji)), menu);
  }

  #button(/** @type {string} */ emoji) {
    return h("button", { class: "reaction", type: "button", "aria-label": `React with ${emoji}`, onclick: () => this.party?.reaction(emoji) }, emoji);
  }

  /** From the keyboard's own picker. */
  #typed() {
    const emoji = emojiOf(this.#any.value);
    if (!emoji) return;
    this.#any.value = "";
    this.#more.open = false;
    this.party?.reaction(emoji);
  }
}

customElements.define("wp-reactions", WpReactions);
