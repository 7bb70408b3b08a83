// A password field with a button that shows what has been typed.

import { h, icon, the } from "../dom/html.js";

class WpPassword extends HTMLElement {
  connectedCallback() {
    if (this.querySelector("button")) return;
    this.append(this.#button);
  }

  #button = h("button", { class: "button icon-only", type: "button", "aria-label": "Show the password", "aria-pressed": "false", onclick: () => this.#toggle() }, icon("eye"));

  #toggle() {
    const input = the(this, "input", HTMLInputElement);
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    this.#button.setAttribute("aria-pressed", String(shown));
    this.#button.replaceChildren(icon(shown ? "eye-off" : "eye"));
  }
}

customElements.define("wp-password", WpPassword);
