// A <details> that behaves as a menu: Escape, a press outside, and a choice close it.

import { the } from "../dom/html.js";

class WpMenu extends HTMLElement {
  #outside = (/** @type {Event} */ event) => {
    if (event.target instanceof Node && !this.contains(event.target)) this.#close();
  };

  connectedCallback() {
    document.addEventListener("pointerdown", this.#outside);
    this.addEventListener("keydown", this.#key);
    this.addEventListener("click", this.#chosen);
    this.addEventListener("focusout", this.#left);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#outside);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !this.#details.open) return;
    event.stopPropagation();
    this.#close();
    this.#details.querySelector("summary")?.focus();
  }

  /** @param {Event} event */
  #chosen(event) {
    if (event.target instanceof Element && event.target.closest(".menu-item")) this.#close();
  }

  /** @param {FocusEvent} event */
  #left(event) {
    if (event.relatedTarget instanceof Node && !this.contains(event.relatedTarget)) this.#close();
  }

  #close() {
    this.#details.open = false;
  }

  get #details() {
    return the(this, "details", HTMLDetailsElement);
  }
}

customElements.define("wp-menu", WpMenu);
