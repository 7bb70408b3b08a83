// Keys for one's programs: made, shown once, listed, deleted.

import "./wp-copy.js";

import { submits } from "../dom/form.js";
import { h, the } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/format.js";
import { until } from "../lib/invitation.js";

/**
 * @typedef {{id: string, name: string, scopes: string[], created_at: string, expires_at: string | null, last_used_at: string | null}} Key
 */

const KEYS = "/users/me/keys";
const MAY = /** @type {Record<string, string>} */ ({ read: "reads", write: "reads and changes", admin: "administers" });

class WpApiKeys extends HTMLElement {
  /** Deleted, though the server does not know yet. @type {Set<string>} */
  #going = new Set();

  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async ({ name, scope, expires_in }) => {
      const scopes = scope === "admin" ? ["write", "admin"] : [scope];
      const made = await api.post(KEYS, { name, scopes, expires_in: expires_in ? Number(expires_in) : null });
      form.reset();
      this.#tell(made.key);
      await this.#load();
    });
    void this.#load();
  }

  #tell(/** @type {string} */ key) {
    const words = h("p", {}, "Copy it now: it is shown this once. Programs send it as ", h("code", {}, "Authorization: Bearer …"), ".");
    the(this, "[data-made]", HTMLElement).replaceChildren(h("div", { class: "notice accent stack tight" }, words, h("wp-copy", { text: key, label: "The new key" })));
    the(this, "[data-made] input", HTMLInputElement).focus();
  }

  async #load() {
    const list = the(this, "[data-list]", HTMLElement);
    try {
      const { items } = await api.get(KEYS);
      const shown = items.filter((/** @type {Key} */ { id }) => !this.#going.has(id));
      list.replaceChildren(...(shown.length ? shown.map((/** @type {Key} */ key) => this.#row(key)) : [h("li", { class: "soft" }, "No program has a key of yours.")]));
    } catch (error) {
      list.replaceChildren(h("li", { class: "soft" }, sentence(error)));
    }
  }

  #row(/** @type {Key} */ key) {
    const { name, scopes, expires_at, last_used_at } = key;
    const most = ["admin", "write", "read"].find((scope) => scopes.includes(scope)) ?? "read";
    const facts = [MAY[most], last_used_at ? `used ${ago(last_used_at, Date.now())}` : "never used", expires_at ? `until ${until(expires_at)}` : "no end"];
    return h(
      "li",
      { class: "cluster apart" },
      h("span", { class: "grow" }, h("strong", {}, name), h("span", { class: "soft small device-facts" }, facts.join(" · "))),
      h("button", { class: "button", type: "button", "aria-label": `Delete the key ${name}`, onclick: () => this.#delete(key) }, "Delete"),
    );
  }

  #delete(/** @type {Key} */ { id, name }) {
    const settle = () => {
      this.#going.delete(id);
      void this.#load();
    };
    const commit = () => {
      void api.delete(`${KEYS}/${encodeURIComponent(id)}`, { keepalive: true }).catch((error) => toast(sentence(error))).then(settle);
    };
    this.#going.add(id);
    void this.#load();
    undoable(`The key ${name} is deleted.`, { undo: settle, commit });
  }
}

customElements.define("wp-api-keys", WpApiKeys);
