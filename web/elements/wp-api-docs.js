// The API's own description, made readable: every address, what it takes, what it answers.

import { h, the } from "../dom/html.js";
import { onceWanted } from "../dom/later.js";
import { showProblem } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { described, groups, searched } from "../lib/openapi.js";

/** @typedef {import("../lib/openapi.js").Operation} Operation */
/** @typedef {import("../lib/openapi.js").Field} Field */

class WpApiDocs extends HTMLElement {
  #found = h("div", { class: "stack loose" });

  async connectedCallback() {
    try {
      const document = await api.get("/openapi.json");
      const all = groups(document);
      this.classList.add("docs");
      this.replaceChildren(contents(all), h("div", { class: "stack loose grow" }, introduction(), this.#search(all), this.#found));
      this.#show(all, "");
      // The page was shorter when the browser looked for the address's #part.
      if (location.hash) this.querySelector(`[id="${CSS.escape(location.hash.slice(1))}"]`)?.scrollIntoView();
    } catch (error) {
      the(this, "[data-skeleton]", HTMLElement).hidden = true;
      showProblem(this, error);
    }
  }

  /** @param {import("../lib/openapi.js").Group[]} all */
  #search(all) {
    const label = "Search addresses and what they do";
    const oninput = (/** @type {Event} */ event) => this.#show(all, /** @type {HTMLInputElement} */ (event.target).value);
    return h("input", { class: "input docs-search", type: "search", "aria-label": label, placeholder: label, autocomplete: "off", oninput });
  }

  /** @param {import("../lib/openapi.js").Group[]} all @param {string} words */
  #show(all, words) {
    const sections = searched(all, words);
    const none = h("p", { class: "soft", role: "status" }, "No address has all of these words.");
    this.#found.replaceChildren(...(sections.length > 0 ? sections.map(section) : [none]));
  }
}

function introduction() {
  return h(
    "div",
    { class: "stack soft" },
    h("p", {}, "JSON in and out. Times are RFC 3339 in UTC, durations and positions are seconds, sizes are bytes, ids are opaque text."),
    h("p", {}, "Programs send ", h("code", {}, "Authorization: Bearer <access token>"), " from ", h("code", {}, "POST /api/v1/auth/login"), "; errors are ", h("code", {}, "application/problem+json"), " (RFC 9457)."),
  );
}

/** @param {import("../lib/openapi.js").Group[]} sections */
function contents(sections) {
  const links = sections.map(({ name }) => h("li", {}, h("a", { href: `#${name}` }, name)));
  return h("nav", { class: "docs-contents", "aria-label": "Parts of the API" }, h("ul", { role: "list" }, ...links));
}

/** @param {import("../lib/openapi.js").Group} group */
function section({ name, operations }) {
  return h("section", { class: "stack tight", "aria-labelledby": name }, h("h2", { id: name }, name), ...operations.map(operation));
}

/** @param {Operation} whole */
function operation(whole) {
  const { method, path, summary, parameters, body, answers } = whole;
  return h(
    "details",
    { class: "operation" },
    h("summary", {}, h("span", { class: `badge method ${method.toLowerCase()}` }, method), h("code", {}, path), h("span", { class: "soft small grow" }, summary)),
    h(
      "div",
      { class: "stack operation-body" },
      trial(whole),
      parameters.length > 0 ? h("div", {}, h("h3", {}, "Parameters"), fields(parameters)) : null,
      body ? h("div", {}, h("h3", {}, "Body"), fields(body)) : null,
      h("h3", {}, "Answers"),
      ...answers.map(({ status, description, fields: inside }) =>
        h("div", {}, h("p", {}, h("span", { class: `badge ${status < "400" ? "good" : ""}` }, status), " ", h("span", { class: "soft small" }, description)), inside.length > 0 && status < "400" ? fields(inside) : null),
      ),
    ),
  );
}

/** The button that brings the form for trying it. @param {Operation} operation */
function trial(operation) {
  const place = h("div", {}, h("button", { class: "button", type: "button", onclick: () => open() }, "Try it"));
  const open = onceWanted("wp-api-try", () => import("./wp-api-try.js"), (element) => {
    element.operation = operation;
    place.replaceChildren(element);
    element.querySelector("input, select, textarea")?.focus();
  });
  return place;
}

/** @param {Field[]} list */
function fields(list) {
  const rows = list.map((field) =>
    h(
      "tr",
      {},
      h("th", { scope: "row" }, h("code", {}, field.name), field.required ? null : h("span", { class: "soft small" }, " optional")),
      h("td", {}, h("code", {}, field.type), field.note ? h("span", { class: "soft small" }, ` ${field.note}`) : null),
    ),
  );
  return h("div", { class: "table", tabindex: "0", role: "group", "aria-label": described(list) }, h("table", {}, h("tbody", {}, ...rows)));
}

customElements.define("wp-api-docs", WpApiDocs);
