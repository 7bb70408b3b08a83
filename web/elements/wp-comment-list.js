// Comments below each other, a page at a time: those of a film, or the answers to one of them.

import { h } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { rows } from "../dom/rows.js";
import { api } from "../lib/api.js";
import { CommentPages, placed, without } from "../lib/comments.js";
import { WpComment } from "./wp-comment.js";

/** @typedef {import("../lib/comments.js").Comment} Comment */
/** @typedef {import("./wp-comment-form.js").Talk} Talk */

const PAGE = 24;
const SKELETONS = 3;

/** Dispatches "wp-comments-shown" whenever it shows others than before. */
export class WpCommentList extends HTMLElement {
  /** @type {Talk | null} */
  talk = null;
  query = "";
  label = "Comments";
  /** @type {Comment[]} */
  comments = [];
  #list = h("ol", { class: "comment-list", role: "list" });
  #more = h("button", { class: "button", type: "button", hidden: true, onclick: () => void this.more() }, "Show more");
  #problem = h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true });
  /** @type {WeakMap<HTMLElement, WpComment>} */
  #rows = new WeakMap();
  #pages = new CommentPages(() => Promise.reject(new Error("not started")));
  #busy = false;

  connectedCallback() {
    if (this.#list.isConnected) return;
    this.#list.setAttribute("aria-label", this.label);
    this.append(this.#list, this.#problem, this.#more);
    const hear = (/** @type {string} */ name, /** @type {(detail: any) => void} */ take) =>
      this.addEventListener(name, (event) => {
        // A list within a comment of another has heard it already.
        if (event.target instanceof HTMLElement && event.target !== this && event.target.closest("wp-comment-list") !== this) return;
        take(/** @type {CustomEvent} */ (event).detail);
      });
    hear("wp-comment-changed", (comment) => this.#set(placed(this.comments, comment)));
    hear("wp-comment-deleted", (id) => this.#set(without(this.comments, id)));
    hear("wp-comment-restored", (comment) => this.#set(restored(this.comments, comment, this.query)));
    this.addEventListener("wp-comment-answered", (event) => this.#answered(event));
  }

  /** From the beginning; `first` stand above all others. */
  async start(/** @type {Comment[]} */ first = []) {
    const { talk, query } = this;
    if (!talk) return;
    this.#pages = new CommentPages((more) => api.get(`${talk.path}?${query}&limit=${PAGE}${more}`));
    this.comments = first;
    this.#list.replaceChildren(...Array.from({ length: SKELETONS }, skeleton));
    this.#more.hidden = true;
    await this.more();
  }

  async more() {
    if (this.#busy) return;
    this.#busy = true;
    this.#more.setAttribute("aria-busy", "true");
    showProblem(this, null);
    const before = this.comments.length;
    try {
      this.#set(await this.#pages.more(this.comments));
    } catch (error) {
      this.#set(this.comments);
      showProblem(this, error);
    }
    this.#busy = false;
    this.#more.removeAttribute("aria-busy");
    this.#more.hidden = this.#pages.done;
    // Whoever pressed the button goes on where the new ones begin.
    if (before > 0 && this.#pages.done && document.activeElement === document.body) this.row(this.comments[before]?.id)?.querySelector("button")?.focus();
  }

  add(/** @type {Comment} */ comment, first = false) {
    this.#set(placed(this.comments, comment, first));
  }

  /** @returns {WpComment | undefined} */
  row(/** @type {string | undefined} */ id) {
    const row = [...this.#list.children].find((one) => /** @type {HTMLElement} */ (one).dataset.id === id);
    return row && this.#rows.get(/** @type {HTMLElement} */ (row));
  }

  #answered(/** @type {Event} */ event) {
    const made = /** @type {CustomEvent<Comment>} */ (event).detail;
    const row = this.row(made.parent_id ?? undefined);
    if (!row) return; // a list of answers: the comment above takes it
    event.stopPropagation();
    void row.answered(made);
  }

  #set(/** @type {Comment[]} */ comments) {
    this.comments = comments;
    for (const blank of this.#list.querySelectorAll(":scope > [aria-hidden]")) blank.remove();
    rows(this.#list, comments, () => this.#row(), (row, comment) => this.#rows.get(row)?.show(comment));
    this.dispatchEvent(new Event("wp-comments-shown"));
  }

  #row() {
    const { talk } = this;
    if (!talk) throw new Error("This list has no talk.");
    const comment = new WpComment(talk);
    const row = h("li", {}, comment);
    this.#rows.set(row, comment);
    return row;
  }
}

/**
 * @param {Comment[]} known
 * @param {Comment} comment
 * @param {string} query
 */
function restored(known, comment, query) {
  const newestFirst = !/parent_id|oldest/.test(query);
  const all = placed(known, comment, newestFirst);
  return all.sort((a, b) => (newestFirst ? -1 : 1) * (Date.parse(a.created_at) - Date.parse(b.created_at)));
}

function skeleton() {
  return h("li", { class: "stack tight", "aria-hidden": "true" }, h("div", { class: "skeleton line short" }), h("div", { class: "skeleton line" }));
}

customElements.define("wp-comment-list", WpCommentList);
