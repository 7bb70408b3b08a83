// Tags as chips: <wp-tags>. Enter or a comma adds what is typed; Backspace in the empty field takes the last one back.

import { h, icon } from "../dom/html.js";

const MOST = 30;

export class WpTags extends HTMLElement {
  /** @type {string[]} */
  #tags = [];
  #list = h("ul", { class: "tags", role: "list", "aria-label": "Tags of this film" });
  #input = h("input", { class: "input", id: "film-tags", maxlength: 50, autocomplete: "off", "aria-describedby": "film-tags-hint" });

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.classList.add("field");
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#input.addEventListener("change", () => this.#add());
    this.append(h("label", { for: "film-tags" }, "Tags"), this.#list, this.#input, h("p", { class: "hint", id: "film-tags-hint" }, "Enter adds one; at most 30."));
  }

  get value() {
    return this.#tags;
  }

  set value(tags) {
    this.#tags = [...tags];
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      this.#add();
    } else if (event.key === "Backspace" && this.#input.value === "" && this.#tags.length > 0) {
      this.value = this.#tags.slice(0, -1);
    }
  }

  #add() {
    const tag = this.#input.value.trim();
    this.#input.value = "";
    const known = this.#tags.some((each) => each.toLowerCase() === tag.toLowerCase());
    if (tag && !known && this.#tags.length < MOST) this.value = [...this.#tags, tag];
  }

  #draw() {
    const remove = (/** @type {string} */ tag) => {
      this.value = this.#tags.filter((each) => each !== tag);
      this.#input.focus();
    };
    this.#list.replaceChildren(...this.#tags.map((tag) => h("li", { class: "badge" }, tag, h("button", { class: "tag-remove", type: "button", "aria-label": `Remove the tag ${tag}`, onclick: () => remove(tag) }, icon("close")))));
  }
}

customElements.define("wp-tags", WpTags);
