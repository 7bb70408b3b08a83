// Where one says something below a film: the words, whom they mean, and the moment of the film they are about.

import { h, icon } from "../dom/html.js";
import { Completion } from "../dom/completion.js";
import { sentence } from "../dom/problem.js";
import { LONGEST, room } from "../lib/comments.js";
import { clock } from "../lib/format.js";

/** @typedef {import("../lib/words.js").Named} Named */
/**
 * @typedef {object} Talk  what every part of the talk below a film knows
 * @property {string} path           of the film's comments
 * @property {string} you            one's own id
 * @property {() => Named[]} people  whom one may mean
 * @property {() => number | null} position  where the film is, in seconds
 * @property {(text: string) => void} say  in passing, to whoever cannot see it
 * @property {(by: number) => void} count  there are more comments now, or less
 */
/**
 * @typedef {object} Wish  what the form is for
 * @property {string} label
 * @property {string} button
 * @property {(said: {text: string, at: number | null}) => Promise<void>} send
 * @property {() => void} [cancel]
 * @property {string} [text]  to begin with
 * @property {number | null} [at]
 */

let forms = 0;

export class WpCommentForm extends HTMLElement {
  #id = `comment-form-${++forms}`;
  /** @type {number | null} */
  #at = null;
  #busy = false;

  /**
   * @param {Talk} talk
   * @param {Wish} wish
   */
  constructor(talk, wish) {
    super();
    this.talk = talk;
    this.wish = wish;
  }

  connectedCallback() {
    if (this.firstChild) return;
    const { label, button, cancel, text = "", at = null } = this.wish;
    this.input = h("textarea", { class: "input", rows: 2, "aria-label": label, placeholder: label, "aria-describedby": `${this.#id}-problem ${this.#id}-room`, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), oninput: () => this.#measure() });
    this.input.value = text;
    this.completion = new Completion(this.input, this.talk.people, `${this.#id}-names`);
    this.room = h("p", { class: "soft small", id: `${this.#id}-room`, "aria-live": "polite" });
    this.problem = h("p", { class: "comment-problem", id: `${this.#id}-problem`, role: "alert" });
    this.moment = h("button", { class: "button quiet comment-moment", type: "button", "aria-pressed": "false", onclick: () => this.#toggleMoment() });
    this.submit = h("button", { class: "button primary", type: "submit" }, button);
    this.append(
      h(
        "form",
        { class: "comment-form", onsubmit: (/** @type {Event} */ event) => void this.#send(event) },
        h("div", { class: "comment-input" }, this.completion.list, this.input),
        this.problem,
        h("div", { class: "cluster apart" }, h("div", { class: "cluster" }, this.moment, this.room), h("div", { class: "cluster" }, cancel ? h("button", { class: "button quiet", type: "button", onclick: cancel }, "Cancel") : null, this.submit)),
      ),
    );
    this.#setMoment(at);
    this.#measure();
  }

  focus() {
    this.input?.focus();
    this.input?.setSelectionRange(this.input.value.length, this.input.value.length);
  }

  #setMoment(/** @type {number | null} */ at) {
    if (!this.moment) return;
    this.#at = at;
    this.moment.hidden = at === null && this.talk.position() === null;
    this.moment.setAttribute("aria-pressed", String(at !== null));
    this.moment.replaceChildren(icon("clock"), at === null ? "Mark this moment" : `At ${clock(at)}`);
    this.moment.title = at === null ? "Say at which moment of the film" : "Mark no moment";
  }

  #toggleMoment() {
    const position = this.talk.position();
    this.#setMoment(this.#at === null && position !== null ? Math.floor(position) : null);
  }

  #measure() {
    if (this.room && this.input) this.room.textContent = room(this.input.value);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (this.completion?.key(event)) return event.preventDefault();
    if (event.key === "Escape" && this.wish.cancel) return this.wish.cancel();
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    this.querySelector("form")?.requestSubmit();
  }

  async #send(/** @type {Event} */ event) {
    event.preventDefault();
    const { input, problem, submit } = this;
    if (!input || !problem || !submit || this.#busy) return;
    const text = input.value.trim();
    problem.textContent = text === "" ? "Write something first." : [...text].length > LONGEST ? `At most ${LONGEST.toLocaleString("en")} characters.` : "";
    if (problem.textContent) return input.focus();
    this.#busy = true;
    submit.setAttribute("aria-busy", "true");
    try {
      await this.wish.send({ text, at: this.#at });
      input.value = "";
      this.#setMoment(null);
      this.#measure();
    } catch (error) {
      problem.textContent = sentence(error);
      input.focus();
    } finally {
      this.#busy = false;
      submit.removeAttribute("aria-busy");
    }
  }
}

customElements.define("wp-comment-form", WpCommentForm);
