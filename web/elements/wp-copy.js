// An address to hand on: shown, selected by a click, copied by the button. <wp-copy text="…" label="Link for guests">

import { copy } from "../dom/copy.js";
import { h, icon } from "../dom/html.js";
import { toast } from "../dom/toast.js";

class WpCopy extends HTMLElement {
  static observedAttributes = ["text"];

  #input = h("input", { class: "input", readonly: true, type: "text", onfocus: () => this.#input.select() });

  connectedCallback() {
    this.classList.add("copy");
    this.#input.setAttribute("aria-label", this.getAttribute("label") ?? "Link");
    const button = h("button", { class: "button", type: "button", onclick: () => this.#copy() }, icon("copy"), "Copy");
    this.replaceChildren(this.#input, button);
  }

  attributeChangedCallback() {
    this.#input.value = this.getAttribute("text") ?? "";
  }

  async #copy() {
    const copied = await copy(this.#input.value);
    if (!copied) this.#input.focus();
    toast(copied ? "Copied." : "This browser does not let pages copy. The link is selected: press Ctrl+C.");
  }
}

customElements.define("wp-copy", WpCopy);
