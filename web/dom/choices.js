// One of several, chosen by radio buttons.

import { h } from "./html.js";

/** @typedef {import("../lib/operations.js").Choice} Choice */

/**
 * A fieldset of choices. What the server has against the field stands below it.
 *
 * @param {string} name the field of the body
 * @param {string} legend
 * @param {Choice[]} choices
 * @param {string | undefined} [chosen] otherwise the first
 */
export function choices(name, legend, choices, chosen = choices[0]?.value) {
  const options = choices.map(({ value, label, hint }, i) =>
    h(
      "label",
      { class: "choice" },
      // Errors are written beside the first radio of their name.
      h("input", { type: "radio", name, value, id: i === 0 ? name : null, checked: value === chosen }),
      h("span", {}, h("strong", {}, label), hint ? h("span", { class: "hint" }, hint) : null),
    ),
  );
  return h(
    "fieldset",
    { class: "field", "data-field": name },
    h("legend", { class: "legend" }, legend),
    h("div", { class: choices.some(({ hint }) => hint) ? "choices" : "choices brief" }, ...options),
    h("p", { class: "error", id: `${name}-error`, "aria-live": "polite" }),
  );
}
