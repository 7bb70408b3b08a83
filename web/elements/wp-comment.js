// One comment: who said what, at which moment of the film, and the answers to it, folded away until they are wanted.

import "./wp-menu.js";

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { said, tell } from "../dom/said.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago, clock, counted } from "../lib/format.js";
import { WpCommentForm } from "./wp-comment-form.js";

/** @typedef {import("../lib/comments.js").Comment} Comment */
/** @typedef {import("./wp-comment-form.js").Talk} Talk */

/** Seconds for which a deletion can be taken back from where it is told. */
const UNDO = 10;

/** Dispatches bubbling "wp-comment-changed" (detail: the comment) and "wp-comment-deleted" (detail: its id). */
export class WpComment extends HTMLElement {
  /** @type {Comment | null} */
  comment = null;
  #words = h("div", { class: "comment-words" });
  #below = h("div", { class: "comment-below" });
  /** The answers, once they are wanted. @type {any} */
  #answers = null;
  #fold = h("button", { class: "button quiet comment-fold", type: "button", "aria-expanded": "false", onclick: () => this.unfold(this.#fold.getAttribute("aria-expanded") !== "true") });
  /** @type {WpCommentForm | null} */
  #form = null;

  /** @param {Talk} talk */
  constructor(talk) {
    super();
    this.talk = talk;
  }

  connectedCallback() {
    if (!this.#words.isConnected) this.append(this.#words, this.#below);
  }

  show(/** @type {Comment} */ comment) {
    const drawn = this.#words.firstChild !== null && wordsOf(comment) === wordsOf(this.comment);
    this.comment = comment;
    if (!drawn && !this.#form?.isConnected) this.#draw(comment);
    this.#fold.hidden = comment.replies === 0 && !this.#answers;
    this.#showFold();
    if (!this.#fold.isConnected && !comment.parent_id) this.#below.append(this.#fold);
  }

  /** Show the answers, or fold them away. */
  async unfold(/** @type {boolean} */ open) {
    const { comment } = this;
    if (!comment) return;
    this.#fold.setAttribute("aria-expanded", String(open));
    if (!this.#answers && open) {
      this.#answers = document.createElement("wp-comment-list");
      Object.assign(this.#answers, { talk: this.talk, query: `parent_id=${encodeURIComponent(comment.id)}`, label: `Answers to ${this.#name}` });
      this.#answers.addEventListener("wp-comment-deleted", () => this.#counts(-1));
      this.#answers.addEventListener("wp-comment-restored", () => this.#counts(1));
      this.#below.append(this.#answers);
      await this.#answers.start();
    }
    if (this.#answers) this.#answers.hidden = !open;
    this.#showFold();
  }

  /** The keyboard goes here, and for a moment the eye. */
  find() {
    this.tabIndex = -1;
    this.scrollIntoView({ block: "center" });
    this.focus({ preventScroll: true });
    this.classList.add("found");
    setTimeout(() => this.classList.remove("found"), 3000);
  }

  get #name() {
    return this.comment?.author?.display_name ?? "somebody";
  }

  get #path() {
    return `/comments/${encodeURIComponent(this.comment?.id ?? "")}`;
  }

  #counts(/** @type {number} */ by) {
    if (!this.comment) return;
    const detail = { ...this.comment, replies: Math.max(0, this.comment.replies + by) };
    this.dispatchEvent(new CustomEvent("wp-comment-changed", { bubbles: true, detail }));
  }

  #showFold() {
    const replies = this.comment?.replies ?? 0;
    const open = this.#fold.getAttribute("aria-expanded") === "true";
    this.#fold.replaceChildren(icon("chevron"), open ? "Fold the answers" : counted(replies, "answer", "answers"));
  }

  #draw(/** @type {Comment} */ comment) {
    const { author, at, text, mentions, created_at, edited_at, deleted } = comment;
    if (deleted) return this.#words.replaceChildren(h("p", { class: "soft" }, "This comment was deleted."));
    const name = author?.display_name ?? "Somebody";
    const times = h("time", { datetime: created_at, title: new Date(created_at).toLocaleString() }, ago(created_at, Date.now()));
    const moment = at === null ? null : h("button", { class: "chat-moment comment-at", type: "button", "aria-label": `Go to ${clock(at)}`, onclick: tell("wp-moment", at) }, clock(at));
    const named = mentions.map(({ id, username }) => ({ id, name: username }));
    this.#words.replaceChildren(
      h("p", { class: "comment-head" }, h("span", { class: "avatar", "aria-hidden": "true" }, name.slice(0, 1)), h("span", { class: "chat-name", title: author ? `@${author.username}` : null }, name), h("span", { class: "soft small" }, times, edited_at ? " · edited" : ""), moment, this.#menu(comment, name)),
      h("p", { class: "comment-text" }, ...said(text, named, this.talk.you)),
      h("p", { class: "comment-actions" }, h("button", { class: "button quiet", type: "button", "aria-label": `Answer ${name}`, onclick: () => this.#answer() }, icon("reply"), "Answer")),
    );
  }

  #menu(/** @type {Comment} */ { mine, may_delete }, /** @type {string} */ name) {
    const item = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => unknown} */ run, kind = "") => h("button", { class: `menu-item ${kind}`, type: "button", onclick: () => void run() }, icon(sign), label);
    if (!mine && !may_delete) return null;
    return h(
      "wp-menu",
      {},
      h(
        "details",
        { class: "menu" },
        h("summary", { class: "button quiet icon-only", "aria-label": `What to do with the comment of ${name}` }, icon("more")),
        h("div", { class: "menu-panel" }, mine ? item("edit", "Edit", () => this.#edit()) : null, may_delete ? item("trash", mine ? "Delete" : "Delete it for everybody", () => this.#delete(), "danger") : null),
      ),
    );
  }

  #answer() {
    const { comment } = this;
    if (!comment) return;
    if (this.#form?.isConnected) return this.#form.focus();
    const send = async (/** @type {{text: string, at: number | null}} */ words) => {
      const made = await api.post(this.talk.path, { ...words, parent_id: comment.id });
      this.#close();
      this.talk.count(1);
      this.talk.say("Your answer was added.");
      // Answers to answers stand beside them.
      this.dispatchEvent(new CustomEvent("wp-comment-answered", { bubbles: true, detail: made }));
    };
    this.#form = new WpCommentForm(this.talk, { label: `Answer ${this.#name}`, button: "Answer", send, cancel: () => this.#close() });
    this.#words.append(this.#form);
    this.#form.focus();
  }

  /** One more answer. */
  async answered(/** @type {Comment} */ made) {
    const isNew = !this.#answers;
    this.#counts(1);
    await this.unfold(true);
    if (!isNew) this.#answers.add(made);
    this.#showFold();
  }

  #edit() {
    const { comment } = this;
    if (!comment) return;
    const send = async (/** @type {{text: string, at: number | null}} */ words) => {
      const changed = await api.patch(this.#path, words);
      this.#close();
      this.talk.say("Your comment was changed.");
      this.dispatchEvent(new CustomEvent("wp-comment-changed", { bubbles: true, detail: changed }));
    };
    this.#form = new WpCommentForm(this.talk, { label: "Your comment", button: "Save", text: comment.text, at: comment.at, send, cancel: () => this.#close() });
    this.#words.replaceChildren(this.#form);
    this.#form.focus();
  }

  #close() {
    this.#form?.remove();
    this.#form = null;
    if (this.comment) this.#draw(this.comment);
    this.querySelector("button")?.focus();
  }

  async #delete() {
    const { comment, parentElement } = this;
    const list = parentElement?.closest("wp-comment-list");
    if (!comment || !list) return;
    try {
      await api.delete(this.#path);
    } catch (error) {
      return toast(sentence(error));
    }
    this.talk.count(-1);
    this.dispatchEvent(new CustomEvent("wp-comment-deleted", { bubbles: true, detail: comment.id }));
    const undo = async () => {
      try {
        const restored = await api.post(`${this.#path}/restore`);
        this.talk.count(1);
        list.dispatchEvent(new CustomEvent("wp-comment-restored", { detail: restored }));
      } catch (error) {
        toast(sentence(error));
      }
    };
    toast("The comment is deleted.", { action: { label: "Undo", run: () => void undo() }, seconds: UNDO });
  }
}

/** All of a comment that its words are drawn from. */
function wordsOf(/** @type {Comment | null} */ comment) {
  return JSON.stringify({ ...comment, replies: 0 });
}

customElements.define("wp-comment", WpComment);
