// The head of a room: its name, how the line is, what was done last and by whom, sharing, another film, leaving.

import "./wp-party-pick.js";
import "./wp-share.js";

import { h, icon } from "../dom/html.js";
import { told } from "../lib/telling.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {HTMLElement & {party: Party | null}} Panel */

const LINE = { connecting: "Connecting…", open: "Connected", lost: "Connection lost. Coming back…", over: "Not in the room" };

class WpPartyBar extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #name = h("h1", { class: "room-name" }, "…");
  #line = h("span", { class: "room-line" });
  #last = h("p", { class: "room-last", "aria-live": "polite" });
  #pick = panel("wp-party-pick");
  #share = panel("wp-share");

  connectedCallback() {
    const party = this.#known;
    this.#pick.party = this.#share.party = party;
    const leave = () => this.dispatchEvent(new Event("wp-leave", { bubbles: true }));
    this.replaceChildren(
      h("div", { class: "room-title" }, this.#name, this.#line),
      this.#last,
      h(
        "div",
        { class: "room-actions" },
        this.#pick,
        this.#share,
        h("button", { class: "button quiet", type: "button", onclick: leave }, icon("sign-out"), h("span", {}, "Leave")),
      ),
    );
    for (const event of ["connection", "welcome", "room"]) party.addEventListener(event, () => this.#show());
    party.addEventListener("timeline", () => this.#tell());
    this.#show();
  }

  get #known() {
    if (!this.party) throw new Error("A part of a room needs its party.");
    return this.party;
  }

  #show() {
    const { room, connection } = this.#known;
    if (room) this.#name.textContent = room.name;
    this.#line.className = `room-line ${connection}`;
    this.#line.replaceChildren(h("span", { class: "visually-hidden" }, LINE[connection]));
    this.#line.title = LINE[connection];
    if (connection === "lost") this.#last.textContent = LINE.lost;
    else this.#tell();
  }

  #tell() {
    const party = this.#known;
    if (party.timeline) this.#last.textContent = told(party.timeline, party.nameOf(party.timeline.by), party.timeline.by === party.you?.id);
  }
}

/** @returns {Panel} */
function panel(/** @type {string} */ tag) {
  return /** @type {Panel} */ (document.createElement(tag));
}

customElements.define("wp-party-bar", WpPartyBar);
