// Talking: what was said so far, what is being said, who is typing.

import { h, icon } from "../dom/html.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/messages.js").Chat} Chat */

const LONGEST = 1000;
const TYPING_MS = 3000;
/** Forgotten after this without another word of it. */
const TYPING_GONE_MS = 5000;
/** Closer to the end than this, one wants to see what comes next, px. */
const NEAR_END = 60;

class WpChat extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #list = h("ol", { class: "chat-list", role: "list" });
  #log = h("div", { class: "chat-log", role: "log", "aria-label": "Chat", tabindex: 0 }, this.#list);
  #typing = h("p", { class: "chat-typing", "aria-live": "off" });
  #input = h("textarea", { class: "input", rows: 1, maxlength: LONGEST, "aria-label": "Say something", placeholder: "Say something", enterkeyhint: "send", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event), oninput: () => this.#tellTyping() });
  #form = h(
    "form",
    { class: "chat-form", onsubmit: (/** @type {Event} */ event) => this.#send(event) },
    this.#input,
    h("button", { class: "button primary icon-only", type: "submit", "aria-label": "Send" }, icon("send")),
  );
  /** @type {Map<string, {name: string, until: number}>} */
  #typists = new Map();
  #toldTyping = -Infinity;

  connectedCallback() {
    this.replaceChildren(h("h2", { class: "visually-hidden" }, "Chat"), this.#log, this.#typing, this.#form);
    this.party?.addEventListener("message", () => this.#show());
    this.party?.addEventListener("typing", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.#show();
  }

  #show() {
    const party = this.party;
    if (!party) return;
    const list = this.#list;
    const log = this.#log;
    const following = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const rows = new Map([...list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.id, row]));
    const said = party.messages.map((message, i) => rows.get(message.id) ?? this.#row(message, party.messages[i - 1]));
    const unsent = party.unsent.map((message) => this.#pending(message.text));
    const empty = said.length + unsent.length === 0 ? [h("li", { class: "chat-empty" }, "Nothing has been said yet. Say hello.")] : [];
    list.replaceChildren(...said, ...unsent, ...empty);
    const last = party.messages.at(-1);
    if (last) this.#typists.delete(last.member_id);
    this.#showTyping();
    if (following) log.scrollTop = log.scrollHeight;
  }

  /**
   * @param {Chat} message
   * @param {Chat} [before]
   */
  #row({ id, member_id, name, text, at }, before) {
    const mine = member_id === this.party?.you?.id;
    const goesOn = before?.member_id === member_id && Date.parse(at) - Date.parse(before.at) < 180_000;
    const time = h("time", { datetime: at }, new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" }));
    const head = goesOn ? null : h("p", { class: "chat-head" }, h("span", { class: "chat-name" }, name), time);
    return h("li", { class: `chat-row${mine ? " mine" : ""}${goesOn ? " goes-on" : ""}`, "data-id": id }, head, h("p", { class: "chat-text" }, text));
  }

  #pending(/** @type {string} */ text) {
    return h("li", { class: "chat-row mine pending" }, h("p", { class: "chat-text" }, text), h("p", { class: "chat-head" }, "Sending…"));
  }

  #send(/** @type {Event} */ event) {
    event.preventDefault();
    const text = this.#input.value.trim();
    if (!text || !this.party) return;
    this.party.chat(text);
    this.#input.value = "";
    this.#toldTyping = -Infinity;
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #key(/** @type {KeyboardEvent} */ event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #tellTyping() {
    if (performance.now() - this.#toldTyping < TYPING_MS || !this.#input.value.trim()) return;
    this.#toldTyping = performance.now();
    this.party?.typing(true);
  }

  #hear(/** @type {{member_id: string, name: string, on: boolean}} */ { member_id, name, on }) {
    if (member_id === this.party?.you?.id) return;
    if (on) this.#typists.set(member_id, { name, until: performance.now() + TYPING_GONE_MS });
    else this.#typists.delete(member_id);
    this.#showTyping();
    setTimeout(() => this.#showTyping(), TYPING_GONE_MS + 50);
  }

  #showTyping() {
    const now = performance.now();
    const names = [...this.#typists.values()].filter(({ until }) => until > now).map(({ name }) => name);
    this.#typing.textContent = names.length === 0 ? "" : names.length === 1 ? `${names[0]} is typing…` : `${names.length} people are typing…`;
  }
}

customElements.define("wp-chat", WpChat);
