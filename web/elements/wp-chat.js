// Talking: what was said, what is being said, who is typing, and what one has not read yet.

import "./wp-reactions.js";

import { chatRow, pendingRow } from "../dom/chat-row.js";
import { h, icon } from "../dom/html.js";
import { countInTitle } from "../dom/title.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { clock, counted } from "../lib/format.js";
import { Older } from "../lib/history.js";
import { whoMay } from "../lib/rights.js";
import { Typists } from "../lib/typists.js";
import { Unread } from "../lib/unread.js";
import { WpChatForm } from "./wp-chat-form.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/messages.js").Chat} Chat */

/** Closer to the end than this, one wants to see what comes next; closer to the beginning, what came before, px. */
const NEAR_END = 60;
const NEAR_START = 120;
/** How long what was just said stays over the picture in full screen, ms. */
const FRESH_MS = 12_000;

class WpChat extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #list = h("ol", { class: "chat-list", role: "list" });
  #log = h("div", { class: "chat-log", role: "log", "aria-label": "Chat", tabindex: 0 }, this.#list);
  #typing = h("p", { class: "chat-typing", "aria-live": "off" });
  #newest = h("button", { class: "button chat-newest", type: "button", hidden: true, onclick: () => this.#toEnd() }, icon("chevron"), h("span", {}, "Newest"));
  #divider = h("li", { class: "chat-new" }, h("span", {}, "New"));
  #form = new WpChatForm();
  #typists = new Typists(() => performance.now());
  #unread = new Unread();
  #older = new Older((query) => api.get(`${this.#path}?${query}`));
  /** What is quoted and was said before all that is known here; null while it is asked for. @type {Map<string, Chat | null>} */
  #quoted = new Map();
  /** What is as good as deleted: it can still be taken back. @type {Set<string>} */
  #deleting = new Set();
  /** What each row shows. @type {WeakMap<Element, string>} */
  #keys = new WeakMap();
  /** @type {Map<string, number>} */
  #freshUntil = new Map();
  #looked = () => this.#look();

  connectedCallback() {
    const { party } = this;
    if (!party) return;
    const reactions = /** @type {HTMLElement & {party: Party | null}} */ (document.createElement("wp-reactions"));
    this.#form.party = reactions.party = party;
    this.replaceChildren(h("h2", { class: "visually-hidden" }, "Chat"), h("div", { class: "chat-talk" }, this.#log, this.#newest), this.#typing, reactions, this.#form);
    const start = () => this.#unread.start(party.messages.at(-1)?.id ?? null);
    if (party.room) start();
    party.addEventListener("welcome", start);
    party.addEventListener("message", () => this.#show());
    party.addEventListener("members", () => this.#show());
    party.addEventListener("typing", (event) => this.#hear(/** @type {CustomEvent} */ (event).detail));
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#log.addEventListener("keydown", (event) => this.#key(event));
    this.#list.addEventListener("focusin", (event) => this.#focused(event));
    this.#form.addEventListener("wp-said", () => this.#toEnd());
    const on = (/** @type {string} */ name, /** @type {(detail: any) => unknown} */ hear) => this.addEventListener(name, (event) => void hear(/** @type {CustomEvent} */ (event).detail));
    on("wp-reply", (id) => this.#form.answer(this.#known(id) ?? null));
    on("wp-delete", (id) => this.#delete(id));
    on("wp-quoted", (id) => this.#jump(id));
    on("wp-moment", (seconds) => this.#ask(seconds));
    this.addEventListener("wp-shown", () => this.#comeToFront());
    document.addEventListener("visibilitychange", this.#looked);
    this.#show();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this.#looked);
    countInTitle(0);
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}/messages`;
  }

  get #inFront() {
    return !document.hidden && this.closest("[hidden]") === null;
  }

  #known(/** @type {string} */ id) {
    return this.party?.messages.find((message) => message.id === id);
  }

  // Showing

  #show() {
    const party = this.party;
    if (!party) return;
    const log = this.#log;
    const following = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    const [first, bottom] = [this.#list.querySelector(".chat-row"), log.scrollHeight - log.scrollTop];
    const rows = new Map([...this.#list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.id ?? "", row]));
    const messages = party.messages.filter(({ id }) => !this.#deleting.has(id));
    const newFrom = this.#unread.take(party.messages, party.you?.id, this.#inFront);
    const said = messages.flatMap((message, i) => {
      const row = this.#row(message, messages[i - 1], rows.get(message.id));
      return message.id === newFrom ? [this.#divider, row] : [row];
    });
    const unsent = party.unsent.map(({ text }) => pendingRow(text));
    const empty = said.length + unsent.length === 0 ? [h("li", { class: "chat-empty" }, "Nothing has been said yet. Say hello.")] : [];
    arrange(this.#list, [...said, ...unsent, ...empty]);
    const last = party.messages.at(-1);
    if (last) this.#typists.forget(last.member_id);
    this.#showTyping();
    this.#badge();
    if (following) log.scrollTop = log.scrollHeight;
    else if (first !== this.#list.querySelector(".chat-row")) log.scrollTop = log.scrollHeight - bottom; // older ones came in above
    this.#scrolled();
  }

  /**
   * The row there is, unless something about it is not as it was.
   *
   * @param {Chat} message
   * @param {Chat | undefined} before
   * @param {Element | undefined} row
   */
  #row(message, before, row) {
    const { party } = this;
    const answered = message.reply_to ? this.#answered(message.reply_to) : undefined;
    const mayDelete = message.member_id === party?.you?.id || party?.may("kick") === true;
    const meant = (message.mentions ?? []).map((id) => ({ id, name: party?.nameOf(id) ?? "" }));
    const key = JSON.stringify([message, before?.member_id, before?.at, answered, mayDelete, meant]);
    if (row && this.#keys.get(row) === key) return row;
    const made = chatRow(message, { before, answered, you: party?.you?.id, people: meant, mayDelete });
    this.#keys.set(made, key);
    this.#freshen(message, made);
    return made;
  }

  /** What was said just now stays over the picture for a while. */
  #freshen(/** @type {Chat} */ { id, at }, /** @type {HTMLElement} */ row) {
    const until = this.#freshUntil.get(id) ?? performance.now() + FRESH_MS - Math.max(0, Date.now() - Date.parse(at));
    this.#freshUntil.set(id, until);
    const left = until - performance.now();
    if (left <= 0) return;
    row.classList.add("fresh");
    setTimeout(() => row.classList.remove("fresh"), left);
  }

  /** @returns {Chat | null} */
  #answered(/** @type {string} */ id) {
    const known = this.#known(id) ?? this.#quoted.get(id);
    if (known !== undefined) return known;
    this.#quoted.set(id, null);
    // Whatever cannot be fetched stays "an earlier line".
    void api.get(`${this.#path}/${encodeURIComponent(id)}`).then(({ created_at, ...line }) => {
      this.#quoted.set(id, { ...line, at: created_at });
      this.#show();
    }, () => null);
    return null;
  }

  /** Nothing could follow the talk while it was hidden. */
  #comeToFront() {
    this.#look();
    this.#toEnd();
    if (this.#divider.isConnected) this.#divider.scrollIntoView({ block: "nearest" });
  }

  #look() {
    if (this.#inFront) this.#show();
  }

  #badge() {
    const { count } = this.#unread;
    countInTitle(document.hidden ? count : 0);
    const detail = { count, words: `${count} unread`, calls: true };
    this.dispatchEvent(new CustomEvent("wp-badge", { bubbles: true, detail }));
  }

  // Moving about

  #toEnd() {
    this.#log.scrollTop = this.#log.scrollHeight;
  }

  #scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this.#log;
    this.#newest.hidden = scrollHeight - scrollTop - clientHeight < NEAR_END * 2;
    if (clientHeight > 0 && scrollTop < NEAR_START && (this.party?.messages.length ?? 0) > 0) void this.#back();
  }

  /** One page further back. @returns {Promise<boolean>} whether there was any */
  async #back() {
    if (this.#older.done || !this.party?.room) return false;
    // Tried again with the next scroll.
    const lines = await this.#older.before(this.party.messages).catch(() => []);
    if (lines.length > 0) this.party.remember(lines);
    return lines.length > 0;
  }

  async #jump(/** @type {string} */ id) {
    while (!this.#known(id) && (await this.#back()));
    const row = [...this.#list.children].find((one) => /** @type {HTMLElement} */ (one).dataset.id === id);
    if (!(row instanceof HTMLElement)) return toast("That line is too long ago.");
    row.scrollIntoView({ block: "center" });
    row.focus({ preventScroll: true });
    row.classList.add("found");
    setTimeout(() => row.classList.remove("found"), 2000);
  }

  /** Up and down from line to line; Enter answers one, Delete takes it back. */
  #key(/** @type {KeyboardEvent} */ event) {
    const rows = /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll(".chat-row:not(.pending)")]);
    const target = /** @type {Element} */ (event.target);
    const at = rows.findIndex((row) => row.contains(target));
    const press = (/** @type {string} */ action) => rows[at]?.querySelector(`.chat-actions > :${action}-child`);
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const next = at < 0 ? rows.at(-1) : rows[at + (event.key === "ArrowUp" ? -1 : 1)];
      event.preventDefault();
      next?.focus();
    } else if (target === rows[at] && (event.key === "Enter" || event.key === "Delete")) {
      const button = press(event.key === "Enter" ? "first" : "last");
      if (event.key === "Delete" && !button?.previousElementSibling) return;
      event.preventDefault();
      if (button instanceof HTMLElement) button.click();
    }
  }

  /** Only the buttons of the line one is on are in the way of the Tab key. */
  #focused(/** @type {FocusEvent} */ { target }) {
    const row = /** @type {Element} */ (target).closest(".chat-row");
    for (const button of this.#list.querySelectorAll(".chat-action")) /** @type {HTMLElement} */ (button).tabIndex = row?.contains(button) ? 0 : -1;
  }

  // Doing

  #delete(/** @type {string} */ id) {
    this.#deleting.add(id);
    this.#show();
    const settle = () => {
      this.#deleting.delete(id);
      this.#show();
    };
    undoable("The message is deleted.", { undo: settle, commit: () => { this.party?.unsay(id); settle(); } });
  }

  #ask(/** @type {number} */ seconds) {
    const { party } = this;
    if (!party?.timeline?.video_id) return toast("There is no film to go to that moment of.");
    if (party.room && !party.may("seek")) return toast(whoMay(party.room.rights, "seek"));
    toast(`Go to ${clock(seconds)} for everybody?`, { action: { label: "Go", run: () => party.seek(seconds) }, seconds: 8 });
  }

  #hear(/** @type {{member_id: string, name: string, on: boolean}} */ { member_id, name, on }) {
    if (member_id === this.party?.you?.id) return;
    this.#typists.hear(member_id, name, on);
    this.#showTyping();
    setTimeout(() => this.#showTyping(), Typists.GONE_MS + 50);
  }

  #showTyping() {
    const names = this.#typists.names;
    this.#typing.textContent = names.length === 0 ? "" : names.length === 1 ? `${names[0]} is typing…` : `${counted(names.length, "person is", "people are")} typing…`;
  }
}

/**
 * Puts these rows into the list, in order, touching only what is not in its place: focus and what is selected stay.
 *
 * @param {HTMLElement} list
 * @param {Element[]} wanted
 */
function arrange(list, wanted) {
  const kept = new Set(wanted);
  for (const row of [...list.children]) if (!kept.has(row)) row.remove();
  wanted.forEach((row, at) => {
    if (list.children[at] !== row) list.insertBefore(row, list.children[at] ?? null);
  });
}

customElements.define("wp-chat", WpChat);
