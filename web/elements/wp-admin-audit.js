// The audit log: who changed what, when and from where.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { changes, deed } from "../lib/administration.js";
import { api } from "../lib/api.js";

/**
 * @typedef {{id: string, at: string, actor: {id: string, name: string} | null, action: string, subject: string, address: string | null,
 *   before: Record<string, unknown> | null, after: Record<string, unknown> | null}} Entry
 */

const KINDS = [["", "Everything"], ["user", "People"], ["settings", "Settings"], ["backup", "Backups"], ["video", "Films"], ["webhook", "Webhooks"], ["queue", "Queue"]];

class WpAdminAudit extends HTMLElement {
  /** @type {string | null} */
  #cursor = null;
  #turn = 0;
  #form = h("form", { class: "admin-filters", role: "search", oninput: () => void this.#load(false), onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #list = h("ol", { class: "list", role: "list" });
  #none = h("div", { class: "empty small-one", hidden: true }, icon("book"), h("h2", {}, "Nothing here"), h("p", {}, "What administrators change is noted here, and stays."));
  #more = h("button", { class: "button", type: "button", hidden: true, onclick: () => void this.#load(true) }, "Show older");
  #file = h("a", { class: "button", download: "audit.csv" }, icon("download"), "Take away as CSV");

  connectedCallback() {
    this.#form.replaceChildren(
      h("select", { class: "input", name: "action", "aria-label": "What it is about" }, ...KINDS.map(([value, words]) => h("option", { value }, words))),
      h("input", { class: "input", type: "search", name: "actor", "aria-label": "Who did it", placeholder: "Who (a name)" }),
      h("label", { class: "admin-day" }, "Since", h("input", { class: "input", type: "date", name: "since" })),
      this.#file,
    );
    this.replaceChildren(h("div", { class: "stack" }, h("h2", { class: "visually-hidden" }, "Audit log"), this.#form, this.#problem, this.#list, this.#none, h("div", {}, this.#more)));
    void this.#load(false);
  }

  #query() {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(this.#form)) {
      if (value) query.set(name, name === "since" ? new Date(`${value}T00:00`).toISOString() : String(value).trim());
    }
    return query;
  }

  /** @param {boolean} on whether to go on where the list ends */
  async #load(on) {
    const turn = ++this.#turn;
    const query = this.#query();
    this.#file.href = `/api/v1/admin/audit?${new URLSearchParams([...query, ["format", "csv"]])}`;
    query.set("limit", "50");
    if (on && this.#cursor) query.set("cursor", this.#cursor);
    try {
      const page = await api.get(`/admin/audit?${query}`);
      if (turn !== this.#turn) return;
      const rows = page.items.map((/** @type {Entry} */ entry) => this.#row(entry));
      if (on) this.#list.append(...rows);
      else this.#list.replaceChildren(...rows);
      this.#cursor = page.next_cursor;
      this.#problem.hidden = true;
    } catch (error) {
      this.#problem.textContent = sentence(error);
      this.#problem.hidden = false;
    }
    this.#none.hidden = this.#list.childElementCount > 0;
    this.#more.hidden = this.#cursor === null;
  }

  /** @param {Entry} entry */
  #row(entry) {
    const at = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }).format(Date.parse(entry.at));
    const lines = changes(entry.before, entry.after);
    return h(
      "li",
      {},
      h("h3", {}, deed(entry.action), " ", h("span", { class: "soft small" }, entry.subject)),
      h("p", { class: "small soft" }, h("time", { datetime: entry.at }, at), ` · ${entry.actor ? entry.actor.name : "the server"}${entry.address ? ` · ${entry.address}` : ""}`),
      lines.length > 0 ? h("ul", { class: "admin-changes small", role: "list" }, ...lines.map((line) => h("li", {}, line))) : null,
    );
  }
}

customElements.define("wp-admin-audit", WpAdminAudit);
