// What may be done about somebody in a room: a button at the end of their row, and what it opens below it.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { mayActOn } from "../lib/rights.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/messages.js").Member} Member */

export class WpMemberMenu extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Member | null} */
  member = null;
  #actions = h("div", { class: "member-actions", role: "group", hidden: true });
  #button = h("button", { class: "button quiet icon-only member-more", type: "button", "aria-expanded": "false", onclick: () => this.#open(Boolean(this.#actions.hidden)) }, icon("more"));
  #key = "";

  connectedCallback() {
    if (!this.#button.isConnected) this.replaceChildren(this.#button, this.#actions);
    this.addEventListener("keydown", this.#escape);
  }

  /** Draw what may be done as things stand; what is open and in focus stays so while nothing has changed. */
  show() {
    const { party, member } = this;
    if (!party?.you || !member) return;
    const owner = party.room?.host?.id === party.you.id;
    const below = member.id !== party.you.id && party.may("kick") && mayActOn(party.you.role, member.role, owner);
    const key = [below, owner, member.name, member.role, member.muted].join("\n");
    this.hidden = !below;
    if (key === this.#key) return;
    this.#key = key;
    this.#button.setAttribute("aria-label", `What to do about ${member.name}`);
    this.#actions.setAttribute("aria-label", `About ${member.name}`);
    this.#actions.replaceChildren(...(below ? this.#choices(member, owner) : []));
    if (!below) this.#open(false);
  }

  /**
   * @param {Member} member
   * @param {boolean} owner
   */
  #choices({ role, muted }, owner) {
    const cohost = role === "cohost";
    const choice = (/** @type {string} */ words, /** @type {() => void} */ act, danger = false) =>
      h("button", { class: `button${danger ? " danger" : ""}`, type: "button", onclick: () => (this.#open(false), this.#button.focus(), act()) }, words);
    return [
      choice(muted ? "Let speak" : "Mute", () => void this.#change({ muted: !muted }, muted ? "may speak again" : "is muted", { muted })),
      owner && role !== "guest"
        ? choice(cohost ? "No longer co-host" : "Make co-host", () => void this.#change({ role: cohost ? "member" : "cohost" }, cohost ? "is no longer a co-host" : "is a co-host now", { role }))
        : null,
      choice("Show out", () => this.#away("is shown out", "members"), true),
      choice("Ban", () => this.#away("is banned", "bans"), true),
    ].filter((one) => one !== null);
  }

  /**
   * @param {Record<string, unknown>} fields
   * @param {string} words
   * @param {Record<string, unknown>} before
   */
  async #change(fields, words, before) {
    const { id = "", name = "" } = this.member ?? {};
    const change = (/** @type {Record<string, unknown>} */ to) => api.patch(this.#path("members", id), to);
    try {
      await change(fields);
      toast(`${name} ${words}.`, { action: { label: "Undo", run: () => void change(before).catch((error) => toast(sentence(error))) } });
    } catch (error) {
      toast(sentence(error));
    }
  }

  /** Out of the room: done when there is no more taking it back. @param {"members" | "bans"} what */
  #away(/** @type {string} */ words, what) {
    const { id = "", name = "" } = this.member ?? {};
    const path = this.#path(what, id);
    this.toggleAttribute("going", true);
    const commit = () => {
      const done = what === "bans" ? api.put(path, undefined, { keepalive: true }) : api.delete(path, { keepalive: true });
      done.catch((error) => {
        this.removeAttribute("going");
        toast(sentence(error));
      });
    };
    undoable(`${name} ${words}.`, { undo: () => this.removeAttribute("going"), commit });
  }

  #path(/** @type {string} */ what, /** @type {string} */ id) {
    return `/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}/${what}/${encodeURIComponent(id)}`;
  }

  #open(/** @type {boolean} */ open) {
    this.#actions.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    if (open) this.#actions.querySelector("button")?.focus();
  }

  #escape = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || this.#actions.hidden) return;
    event.stopPropagation();
    this.#open(false);
    this.#button.focus();
  };
}

customElements.define("wp-member-menu", WpMemberMenu);
