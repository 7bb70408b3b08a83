// What the keys do.

import { h, icon } from "../dom/html.js";
import { HELP } from "../lib/keys.js";

export class WpPlayerHelp extends HTMLElement {
  #dialog = h("dialog", { class: "dialog", "aria-labelledby": "player-keys" });

  connectedCallback() {
    const rows = HELP.map(([keys, does]) => h("div", {}, h("dt", {}, ...keys.map((key) => h("kbd", {}, key))), h("dd", {}, does)));
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(
      h("div", { class: "cluster apart" }, h("h2", { id: "player-keys" }, "Keys"), close),
      h("dl", { class: "player-keys" }, ...rows),
    );
    this.replaceChildren(this.#dialog);
  }

  toggle() {
    if (this.#dialog.open) this.#dialog.close();
    else this.#dialog.showModal();
  }
}

customElements.define("wp-player-help", WpPlayerHelp);
