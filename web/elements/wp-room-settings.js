// What a host decides about a room, changed in place: name, door, password, rights, bans, and its end.
// <wp-room-settings room-id="…">; in a room it has the party and hears of what others change.

import "./wp-bans.js";
import "./wp-rights.js";

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api, ApiProblem } from "../lib/api.js";
import { whoMay } from "../lib/rights.js";
import { WpBans } from "./wp-bans.js";
import { WpRights } from "./wp-rights.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/rights.js").Rights} Rights */
/** @typedef {import("../lib/rights.js").Action} Action */
/** @typedef {{id: string, name: string, admission: string, has_password: boolean, role: string | null, rights: Rights}} Room */

const DOORS = [
  ["open", "Anybody with the link"],
  ["approval", "Whoever a host lets in"],
  ["invite", "By invitation"],
];

export class WpRoomSettings extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Room | null} */
  #room = null;
  #rights = new WpRights();
  #bans = new WpBans();
  #name = h("input", { class: "input", id: "settings-name", maxlength: 40, autocomplete: "off", onchange: () => void this.#rename() });
  #nameError = h("p", { class: "error", id: "settings-name-error", "aria-live": "polite" });
  #door = h("select", { class: "input", id: "settings-door", onchange: () => void this.#changeDoor() }, ...DOORS.map(([value, words]) => h("option", { value }, words)));
  #password = h("input", { class: "input", id: "settings-password", type: "password", maxlength: 1024, autocomplete: "new-password" });
  #passwordHint = h("p", { class: "hint", id: "settings-password-hint" });
  #passwordSet = h("button", { class: "button", type: "submit" });
  #passwordOff = h("button", { class: "button", type: "button", onclick: () => this.#takePasswordAway() }, "Take it away");
  #rightsHint = h("p", { class: "soft small" });
  #end = h("button", { class: "button danger", type: "button", onclick: () => this.#delete() }, icon("trash"), "Delete this room");
  #dialog = h("dialog", { class: "dialog room-settings", "aria-labelledby": "settings-title" });

  connectedCallback() {
    this.#name.setAttribute("aria-describedby", "settings-name-error");
    this.#password.setAttribute("aria-describedby", "settings-password-hint");
    this.#rights.addEventListener("wp-right", (event) => void this.#changeRight(/** @type {CustomEvent} */ (event).detail));
    this.#dialog.replaceChildren(...this.#sections());
    this.replaceChildren(this.#dialog);
    this.party?.addEventListener("room", () => this.#dialog.open && void this.#look());
  }

  async open() {
    if (!this.#dialog.open) this.#dialog.showModal();
    await this.#look();
    this.#bans.setAttribute("room-id", this.#id);
    await this.#bans.show();
  }

  get #id() {
    return this.party?.room?.id ?? this.getAttribute("room-id") ?? "";
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.#id)}`;
  }

  #sections() {
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    const setPassword = (/** @type {Event} */ event) => (event.preventDefault(), void this.#setPassword());
    const section = (/** @type {string} */ title, /** @type {import("../dom/html.js").Child[]} */ ...parts) => h("section", { class: "stack tight" }, h("h3", {}, title), ...parts);
    return [
      h("div", { class: "cluster apart" }, h("h2", { id: "settings-title" }, "Settings of this room"), close),
      h("div", { class: "field" }, h("label", { for: "settings-name" }, "Name"), this.#name, this.#nameError),
      h("div", { class: "field" }, h("label", { for: "settings-door" }, "Who may come in"), this.#door),
      h(
        "form",
        { class: "field", onsubmit: setPassword },
        h("label", { for: "settings-password" }, "Password"),
        h("div", { class: "cluster" }, h("div", { class: "grow" }, this.#password), this.#passwordSet, this.#passwordOff),
        this.#passwordHint,
      ),
      section("What people may do", this.#rightsHint, this.#rights),
      section("Banned", this.#bans),
      section("The end", h("p", { class: "soft small" }, "What was said and done here goes with it; the films stay."), h("div", {}, this.#end)),
    ];
  }

  async #look() {
    try {
      this.#draw(await api.get(this.#path));
    } catch (error) {
      toast(sentence(error));
    }
  }

  #draw(/** @type {Room} */ room) {
    this.#room = room;
    const host = room.role === "host";
    if (document.activeElement !== this.#name) this.#name.value = room.name;
    this.#door.value = room.admission;
    this.#passwordSet.textContent = room.has_password ? "Change" : "Set";
    this.#passwordHint.textContent = room.has_password ? "There is one. Invitations open the door without it." : "There is none.";
    this.#passwordOff.hidden = !room.has_password;
    this.#rightsHint.textContent = host ? "A change holds at once and is told to everybody. The host may do everything." : "Only the host changes this.";
    this.#rights.show(room.rights, host);
    this.#end.hidden = !host;
  }

  async #rename() {
    const name = this.#name.value.trim();
    if (name !== this.#room?.name) await this.#change({ name }, `The room is called ${name}.`, { name: this.#room?.name });
  }

  async #changeDoor() {
    const admission = this.#door.value;
    const words = DOORS.find(([value]) => value === admission)?.[1] ?? "";
    await this.#change({ admission }, `Who may come in: ${words[0]?.toLowerCase()}${words.slice(1)}.`, { admission: this.#room?.admission });
  }

  async #changeRight(/** @type {{action: Action, least: import("../lib/rights.js").Role}} */ { action, least }) {
    const rights = this.#room?.rights;
    if (!rights) return;
    await this.#change({ rights: { [action]: least } }, whoMay({ ...rights, [action]: least }, action), { rights: { [action]: rights[action] } });
  }

  async #setPassword() {
    const password = this.#password.value;
    if (!password) return this.#password.focus();
    // What it was before nobody knows any more, so that this cannot be taken back.
    if (await this.#change({ password }, "The password is set.", null)) this.#password.value = "";
  }

  #takePasswordAway() {
    this.#passwordOff.hidden = true;
    const commit = () => void api.patch(this.#path, { password: null }, { keepalive: true }).then(() => this.#look(), (error) => toast(sentence(error)));
    undoable("The password is taken away.", { undo: () => (this.#passwordOff.hidden = false), commit });
  }

  /**
   * Change it at once, and offer the way back.
   *
   * @param {Record<string, unknown>} fields
   * @param {string} words
   * @param {Record<string, unknown> | null} before
   * @returns {Promise<boolean>} whether it is so now
   */
  async #change(fields, words, before) {
    try {
      this.#draw(await api.patch(this.#path, fields));
      this.#nameError.textContent = "";
    } catch (error) {
      if (error instanceof ApiProblem && error.field("name")) this.#nameError.textContent = error.field("name");
      else toast(sentence(error));
      if (this.#room && !("name" in fields)) this.#draw(this.#room);
      return false;
    }
    this.dispatchEvent(new Event("wp-changed", { bubbles: true }));
    const undo = before && (() => void api.patch(this.#path, before).then((room) => this.#draw(room), (error) => toast(sentence(error))));
    toast(words, undo ? { action: { label: "Undo", run: undo }, seconds: 8 } : {});
    return true;
  }

  #delete() {
    const path = this.#path;
    this.#dialog.close();
    const changed = () => this.dispatchEvent(new Event("wp-changed", { bubbles: true }));
    const commit = () => void api.delete(path, { keepalive: true }).then(changed, (error) => toast(sentence(error)));
    undoable(`${this.#room?.name ?? "The room"} is being deleted.`, { undo: () => {}, commit });
  }
}

customElements.define("wp-room-settings", WpRoomSettings);
