// The server's log: its last lines, narrowed down, and followed.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { Rounds } from "../lib/rounds.js";

/** @typedef {{id: string, at: string, level: string, logger: string, request_id: string | null, text: string}} Line */

const MOST = 2000;

class WpAdminLogs extends HTMLElement {
  #last = 0;
  #turn = 0;
  #rounds = new Rounds(() => this.#look(), document, { calm: 2000 });
  #form = h("form", { class: "admin-filters", role: "search", oninput: () => this.#anew(), onsubmit: (/** @type {Event} */ event) => event.preventDefault() });
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #lines = h("ol", { class: "admin-log", tabindex: "0", "aria-label": "Lines of the log, oldest first" });
  #none = h("div", { class: "empty small-one", hidden: true }, icon("check"), h("h2", {}, "No such line"), h("p", {}, "Nothing like it was logged lately."));
  #follow = h("input", { type: "checkbox", role: "switch", checked: true, name: "follow" });

  connectedCallback() {
    const levels = [["debug", "Every line"], ["info", "Info and graver"], ["warning", "Warnings and graver"], ["error", "Errors"]];
    this.#form.replaceChildren(
      h("select", { class: "input", name: "level", "aria-label": "How grave" }, ...levels.map(([value, words]) => h("option", { value }, words))),
      h("div", { class: "input-with grow" }, icon("search"), h("input", { class: "input", type: "search", name: "q", "aria-label": "Words in the line", placeholder: "Find words" })),
      h("label", { class: "switch" }, this.#follow, h("span", {}, h("strong", {}, "Follow"))),
    );
    this.replaceChildren(h("div", { class: "stack" }, h("h2", { class: "visually-hidden" }, "Log"), this.#form, this.#problem, this.#lines, this.#none));
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  #anew() {
    this.#last = 0;
    this.#turn += 1;
    this.#rounds.start();
  }

  async #look() {
    const turn = this.#turn;
    const values = new FormData(this.#form);
    if (this.#last > 0 && !this.#follow.checked) return false;
    try {
      const query = new URLSearchParams({ level: String(values.get("level") ?? "debug"), q: String(values.get("q") ?? ""), since: String(this.#last) });
      const page = await api.get(`/admin/logs?${query}`);
      if (turn !== this.#turn) return true;
      if (this.#last === 0 || page.last < this.#last) this.#lines.replaceChildren();
      this.#last = page.last;
      this.#add(page.items);
      this.#problem.hidden = true;
    } catch (error) {
      this.#problem.textContent = sentence(error);
      this.#problem.hidden = false;
      throw error;
    }
    return false;
  }

  /** @param {Line[]} lines */
  #add(lines) {
    // Whoever scrolled up to read something stays there.
    const atEnd = this.#lines.scrollHeight - this.#lines.scrollTop - this.#lines.clientHeight < 40;
    this.#lines.append(...lines.map((line) => this.#row(line)));
    while (this.#lines.childElementCount > MOST) this.#lines.firstElementChild?.remove();
    this.#lines.hidden = this.#lines.childElementCount === 0;
    this.#none.hidden = !this.#lines.hidden;
    if (atEnd) this.#lines.scrollTop = this.#lines.scrollHeight;
  }

  /** @param {Line} line */
  #row(line) {
    const grave = line.level === "error" || line.level === "critical" ? " bad-words" : "";
    const at = new Date(line.at).toLocaleTimeString();
    return h("li", { class: `admin-line${grave}` }, h("time", { datetime: line.at, class: "soft" }, at), ` ${line.level.toUpperCase()} ${line.logger}: ${line.text}`);
  }
}

customElements.define("wp-admin-logs", WpAdminLogs);
