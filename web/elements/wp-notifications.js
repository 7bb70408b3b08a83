// What one was told of, newest first: read by opening it, all at once, or forgotten.

import { h, icon } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { rows } from "../dom/rows.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/format.js";
import { read, signOf } from "../lib/notifications.js";

/** @typedef {import("../lib/notifications.js").Notification} Notification */

const PAGE = 20;
const SKELETONS = 3;

/** Dispatches "wp-unread" on the document (detail: how many), for the bell. */
class WpNotifications extends HTMLElement {
  /** @type {Notification[]} */
  #told = [];
  /** @type {string | null} */
  #cursor = null;
  #list = h("ul", { class: "list told-list", role: "list" });
  #all = h("button", { class: "button quiet", type: "button", hidden: true, onclick: () => void this.#read(null) }, icon("check"), "Mark all read");
  #more = h("button", { class: "button", type: "button", hidden: true, onclick: () => void this.#next() }, "Show more");
  #empty = h("div", { class: "empty small-one", hidden: true }, icon("bell"), h("p", {}, "Nothing yet. Answers, mentions, comments on your films and knocks at your rooms come here."));

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.append(h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true }), this.#all, this.#list, this.#empty, this.#more);
    this.#list.replaceChildren(...Array.from({ length: SKELETONS }, () => h("li", { class: "stack tight", "aria-hidden": "true" }, h("div", { class: "skeleton line" }), h("div", { class: "skeleton line short" }))));
    void this.#next();
  }

  async #next() {
    this.#more.setAttribute("aria-busy", "true");
    showProblem(this, null);
    try {
      const { items, next_cursor, unread } = await api.get(`/notifications?limit=${PAGE}${this.#cursor ? `&cursor=${encodeURIComponent(this.#cursor)}` : ""}`);
      this.#cursor = next_cursor;
      this.#told = [...this.#told, ...items];
      this.#show(unread);
    } catch (error) {
      if (this.#told.length === 0) this.#list.replaceChildren();
      showProblem(this, error);
    }
    this.#more.removeAttribute("aria-busy");
  }

  #show(/** @type {number} */ unread) {
    for (const blank of this.#list.querySelectorAll(":scope > [aria-hidden]")) blank.remove();
    rows(this.#list, this.#told, () => h("li", {}), (row, one) => this.#draw(row, one));
    this.#all.hidden = unread === 0;
    this.#more.hidden = this.#cursor === null;
    this.#empty.hidden = this.#told.length > 0;
    document.dispatchEvent(new CustomEvent("wp-unread", { detail: unread }));
  }

  #draw(/** @type {HTMLElement} */ row, /** @type {Notification} */ one) {
    if (row.dataset.read === String(one.read)) return;
    row.dataset.read = String(one.read);
    row.replaceChildren(
      h(
        "a",
        { class: "told", href: one.href, onclick: () => void this.#read([one.id]) },
        icon(signOf(one.kind)),
        h("span", { class: "grow stack tight" }, h("span", {}, one.read ? null : h("span", { class: "visually-hidden" }, "Unread: "), one.text), one.excerpt ? h("span", { class: "soft small told-excerpt" }, one.excerpt) : null, h("time", { class: "soft small", datetime: one.created_at }, ago(one.created_at, Date.now()))),
      ),
      h("button", { class: "button quiet icon-only", type: "button", "aria-label": `Forget: ${one.text}`, onclick: () => void this.#forget(one) }, icon("close")),
    );
  }

  async #read(/** @type {string[] | null} */ ids) {
    try {
      // Also while the page that it leads to is opened already.
      const { unread } = await api.post("/notifications/read", ids ? { ids } : {}, { keepalive: true });
      this.#told = read(this.#told, ids);
      this.#show(unread);
    } catch (error) {
      if (ids === null) toast(sentence(error));
    }
  }

  async #forget(/** @type {Notification} */ one) {
    try {
      await api.delete(`/notifications/${encodeURIComponent(one.id)}`);
      const { unread } = await api.get("/notifications?limit=1");
      const at = this.#told.indexOf(one);
      this.#told = this.#told.filter(({ id }) => id !== one.id);
      this.#show(unread);
      const next = this.#list.children[Math.min(at, this.#told.length - 1)];
      next?.querySelector("button")?.focus();
    } catch (error) {
      toast(sentence(error));
    }
  }
}

customElements.define("wp-notifications", WpNotifications);
