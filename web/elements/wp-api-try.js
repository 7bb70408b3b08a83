// One operation of the API, to be tried: its parameters and body filled in, sent, and answered in full.
// Fetched when somebody first wants to try one. `element.operation` is set before it is placed.

import { h } from "../dom/html.js";
import { call, heard } from "../lib/trial.js";

/** @typedef {import("../lib/openapi.js").Operation} Operation */
/** @typedef {import("../lib/openapi.js").Input} Input */

const PATIENCE_MS = 30_000;
// For all operations of this page, and never kept: pasted once, gone with the page.
let token = "";

class WpApiTry extends HTMLElement {
  /** @type {Operation | null} */
  operation = null;
  #answer = h("div", { class: "stack tight", role: "status" });
  #send = h("button", { class: "button primary", type: "submit" }, "Send");

  connectedCallback() {
    const operation = this.operation;
    if (!operation || this.firstChild) return;
    this.classList.add("stack");
    const form = h("form", { class: "stack", onsubmit: (/** @type {SubmitEvent} */ event) => this.#submit(event, operation) });
    form.append(...operation.inputs.map(field), ...(operation.takes ? [body(operation)] : []), tokenField(), h("div", { class: "cluster" }, this.#send));
    this.replaceChildren(form, this.#answer);
  }

  /** @param {SubmitEvent} event @param {Operation} operation */
  async #submit(event, operation) {
    event.preventDefault();
    const values = Object.fromEntries([...new FormData(/** @type {HTMLFormElement} */ (event.target))].map(([name, value]) => [name, String(value)]));
    token = (values[":token"] ?? "").trim();
    const { url, init } = call(operation, values, values[":body"] ?? "", token);
    this.#send.disabled = true;
    const begun = performance.now();
    try {
      const response = await fetch(url, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
      this.#answer.replaceChildren(...shown(url, await heard(response, Math.round(performance.now() - begun))));
    } catch (error) {
      const why = error instanceof DOMException && error.name === "TimeoutError" ? "Nothing came within half a minute." : "The server cannot be reached.";
      this.#answer.replaceChildren(h("div", { class: "notice bad" }, why));
    }
    this.#send.disabled = false;
  }
}

/** @param {Input} input */
function field({ name, place, required, values }) {
  const options = [h("option", { value: "" }, ""), ...values.map((value) => h("option", { value }, value))];
  const control = values.length > 0 ? h("select", { class: "input", name }, ...options) : h("input", { class: "input", name, required, autocomplete: "off", spellcheck: "false" });
  return h("div", { class: "field" }, h("label", {}, h("code", {}, name), h("span", { class: "soft small" }, ` in the ${place}${required ? "" : ", optional"}`), control));
}

/** @param {Operation} operation */
function body({ takes, example }) {
  const text = example === null ? "" : JSON.stringify(example, null, 2);
  const area = h("textarea", { class: "input", name: ":body", rows: Math.min(12, Math.max(3, text.split("\n").length)), spellcheck: "false" });
  area.value = text;
  return h("div", { class: "field" }, h("label", {}, "Body ", h("span", { class: "soft small" }, takes), area));
}

function tokenField() {
  const input = h("input", { class: "input", name: ":token", type: "password", autocomplete: "off", value: token });
  return h("div", { class: "field" }, h("label", {}, "Token ", h("span", { class: "soft small" }, "to call as somebody else; without one it is you, as signed in here"), input));
}

/** @param {string} url @param {import("../lib/trial.js").Heard} answer */
function shown(url, { status, reason, milliseconds, headers, body: text }) {
  const badge = h("span", { class: `badge ${status < 400 ? "good" : "bad"}` }, `${status} ${reason}`);
  return [
    h("p", {}, badge, " ", h("code", {}, url), h("span", { class: "soft small" }, ` ${milliseconds} ms`)),
    h("details", {}, h("summary", {}, "Headers"), block("Headers of the answer", headers)),
    text ? block("Body of the answer", text) : h("p", { class: "soft" }, "No body."),
  ];
}

/** @param {string} label @param {string} text */
function block(label, text) {
  return h("pre", { class: "answer", tabindex: "0", role: "region", "aria-label": label }, h("code", {}, text));
}

customElements.define("wp-api-try", WpApiTry);
