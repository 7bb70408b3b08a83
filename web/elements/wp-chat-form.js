// Where one says something: the words, whom they answer and mean, the present moment of the film, and how long one has to wait.

import { h, icon } from "../dom/html.js";
import { excerpt } from "../dom/chat-row.js";
import { Completion } from "../dom/completion.js";
import { clock } from "../lib/format.js";
import { whoMay } from "../lib/rights.js";
import { positionAt } from "../lib/timeline.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/party.js").Unsent} Unsent */
/** @typedef {import("../lib/messages.js").Chat} Chat */

const LONGEST = 1000;
const TYPING_MS = 3000;

/** Dispatches "wp-said" when something was sent. */
export class WpChatForm extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Chat | null} */
  #answers = null;
  #input = h("textarea", { class: "input", rows: 1, maxlength: LONGEST, "aria-label": "Say something", placeholder: "Say something", enterkeyhint: "send", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), oninput: () => this.#tellTyping() });
  #completion = new Completion(this.#input, () => this.#others);
  #answering = h("div", { class: "chat-answering", hidden: true });
  #problem = h("p", { class: "chat-problem", role: "alert" });
  #button = h("button", { class: "button primary icon-only", type: "submit", "aria-label": "Send" }, icon("send"));
  #moment = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Put in where the film is", title: "Put in where the film is", onclick: () => this.#putMoment() }, icon("clock"));
  #form = h("form", { class: "chat-form", onsubmit: (/** @type {Event} */ event) => this.#send(event) }, this.#moment, this.#input, this.#button);
  #toldTyping = -Infinity;
  /** Until when, on the page's own clock, nobody but hosts may speak again, ms. */
  #quietUntil = 0;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #counting;

  connectedCallback() {
    this.replaceChildren(this.#answering, this.#problem, this.#completion.list, this.#form);
    this.party?.addEventListener("refusal", (event) => this.#refused(/** @type {CustomEvent} */ (event).detail));
    for (const name of ["timeline", "welcome", "room", "members"]) this.party?.addEventListener(name, () => this.#show());
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#counting);
  }

  /** The next words answer this line; none, for null. */
  answer(/** @type {Chat | null} */ message) {
    this.#answers = message;
    this.#answering.hidden = message === null;
    if (!message) return;
    const drop = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Answer nobody", onclick: () => this.answer(null) }, icon("close"));
    this.#answering.replaceChildren(h("p", { class: "grow" }, "Answering ", h("span", { class: "chat-name" }, message.name), ` ${excerpt(message)}`), drop);
    this.#input.focus();
  }

  get #others() {
    const { members = [], you } = this.party ?? {};
    return members.filter(({ id }) => id !== you?.id);
  }

  get #wait() {
    return this.party?.isHost || !this.party?.room?.slow_mode ? 0 : Math.max(0, Math.ceil((this.#quietUntil - performance.now()) / 1000));
  }

  /** Why one cannot speak here, if so. */
  get #silent() {
    const { room, members = [], you } = this.party ?? {};
    if (members.find(({ id }) => id === you?.id)?.muted) return "A host has muted you.";
    return room && !this.party?.may("chat") ? whoMay(room.rights, "chat") : null;
  }

  #show() {
    this.#moment.hidden = !this.party?.timeline?.video_id;
    const wait = this.#wait;
    this.#button.toggleAttribute("disabled", wait > 0);
    this.#button.classList.toggle("counts", wait > 0);
    this.#button.replaceChildren(wait > 0 ? h("span", {}, `${wait} s`) : icon("send"));
    const { room, isHost } = this.party ?? {};
    const silent = this.#silent;
    this.#input.disabled = silent !== null;
    this.#input.placeholder = silent ?? (room?.slow_mode && !isHost ? `Say something, every ${room.slow_mode} s` : "Say something");
    if (wait > 0) return;
    clearInterval(this.#counting);
    this.#counting = undefined;
  }

  #countDown(/** @type {number} */ seconds) {
    if (!(seconds > 0)) return;
    this.#quietUntil = performance.now() + seconds * 1000;
    this.#counting ??= setInterval(() => this.#show(), 250);
    this.#show();
  }

  #send(/** @type {Event} */ event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (!text || !this.party || this.#wait > 0) return;
    this.#problem.textContent = "";
    this.party.chat(text, this.#answers?.id ?? null);
    this.#input.value = "";
    this.#completion.close();
    this.answer(null);
    this.#toldTyping = -Infinity;
    if (!this.party.isHost) this.#countDown(this.party.room?.slow_mode ?? 0);
    this.dispatchEvent(new Event("wp-said"));
  }

  /** What was not said after all is there to be sent again, unless something else is being written already. */
  #refused(/** @type {{code: string, detail: string, client_id?: string, retry_after?: number, said?: Unsent}} */ { detail, client_id, retry_after, said }) {
    if (!client_id) return;
    this.#problem.textContent = detail;
    if (said && !this.#input.value) this.#input.value = said.text;
    this.#countDown(retry_after ?? 0);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (this.#completion.key(event)) return event.preventDefault();
    if (event.key === "Escape" && this.#answers) return this.answer(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #putMoment() {
    const { timeline, clock: time } = this.party ?? {};
    if (!timeline || !time) return;
    const input = this.#input;
    const before = input.value.slice(0, input.selectionStart);
    const words = `${before && !/\s$/.test(before) ? " " : ""}${clock(positionAt(timeline, time.serverNow()))} `;
    input.focus();
    input.setRangeText(words, input.selectionStart, input.selectionEnd, "end");
    this.#tellTyping();
  }

  #tellTyping() {
    if (performance.now() - this.#toldTyping < TYPING_MS || !this.#input.value.trim()) return;
    this.#toldTyping = performance.now();
    this.party?.typing(true);
  }
}

customElements.define("wp-chat-form", WpChatForm);
