// The renditions of a film: what each is, how much of it lies ready, and what it takes on the disk.

import { h } from "../dom/html.js";
import { rows } from "../dom/rows.js";
import { factsOf, nameOf, readiness, stored } from "../lib/renditions.js";

/** @typedef {import("../lib/renditions.js").Rendition} Rendition */

export class WpRenditions extends HTMLElement {
  #body = h("tbody", {});

  connectedCallback() {
    if (this.#body.isConnected) return;
    const heads = ["Quality", "Ready", "Stored"].map((words) => h("th", { scope: "col" }, words));
    this.replaceChildren(
      h("table", { class: "renditions" }, h("caption", { class: "visually-hidden" }, "The qualities of this film"), h("thead", {}, h("tr", {}, ...heads)), this.#body),
    );
  }

  /** @param {Rendition[]} renditions */
  show(renditions) {
    rows(this.#body, renditions.map((rendition) => ({ ...rendition, id: rendition.name })), () => h("tr", {}), row);
  }
}

/** @param {HTMLElement} row @param {Rendition} rendition */
function row(row, rendition) {
  const { part, words } = readiness(rendition);
  const key = JSON.stringify(rendition);
  if (row.dataset.key === key) return;
  row.dataset.key = key;
  const name = nameOf(rendition);
  row.replaceChildren(
    h(
      "th",
      { scope: "row" },
      h("span", { class: "rendition-name" }, name, h("span", { class: "badge" }, rendition.mode === "copy" ? "Untouched" : "Encoded")),
      h("span", { class: "soft small" }, factsOf(rendition)),
    ),
    h("td", { class: "rendition-ready" }, h("progress", { max: 1, value: part, "aria-label": `${name}: ready` }), h("span", { class: "soft small" }, words)),
    h("td", {}, stored(rendition)),
  );
}

customElements.define("wp-renditions", WpRenditions);
