// The head of a room: its name, how oneself does, what was done last, by whom and when, sharing, another film, leaving.

import "./wp-party-pick.js";
import "./wp-room-settings.js";
import "./wp-share.js";

import { h, icon } from "../dom/html.js";
import { Doings } from "../lib/doings.js";
import { since } from "../lib/format.js";
import { brief } from "../lib/line.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {HTMLElement & {party: Party | null}} Panel */

const EVERY_MS = 1000;
const LINE = { connecting: "Connecting…", open: "Connected", lost: "Connection lost. Coming back…", over: "Not in the room" };

class WpPartyBar extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #name = h("h1", { class: "room-name" }, "…");
  #line = h("span", { class: "room-line" });
  #brief = h("span", { class: "room-brief" });
  #last = h("span", { "aria-live": "polite" });
  // Not read out: it changes by itself all the time.
  #when = h("span", { class: "room-when" });
  /** @type {Doings | null} */
  #doings = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #pick = panel("wp-party-pick");
  #share = panel("wp-share");
  #settings = panel("wp-room-settings");

  connectedCallback() {
    const party = this.#known;
    this.#pick.party = this.#share.party = this.#settings.party = party;
    const leave = () => this.dispatchEvent(new Event("wp-leave", { bubbles: true }));
    this.replaceChildren(
      h("div", { class: "room-title" }, this.#name, this.#line, this.#brief),
      h("p", { class: "room-last" }, this.#last, this.#when),
      h(
        "div",
        { class: "room-actions" },
        this.#pick,
        this.#share,
        this.#settings,
        h("button", { class: "button quiet", type: "button", onclick: leave }, icon("sign-out"), h("span", {}, "Leave")),
      ),
    );
    for (const event of ["connection", "welcome", "room"]) party.addEventListener(event, () => this.#show());
    this.#doings = new Doings(party);
    this.#doings.addEventListener("doing", () => this.#tell());
    this.#timer = setInterval(() => this.#pass(), EVERY_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
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
    this.#tell();
  }

  #tell() {
    this.#last.textContent = this.#known.connection === "lost" ? LINE.lost : (this.#doings?.last?.words ?? "");
    this.#pass();
  }

  /** What changes with time alone. */
  #pass() {
    const { connection, clock } = this.#known;
    const last = connection === "lost" ? null : this.#doings?.last;
    write(this.#when, last && !last.waits ? ` · ${since((clock.serverNow() - last.at) / 1000)}` : "");
    const room = /** @type {import("./wp-party.js").WpParty | null} */ (this.closest("wp-party"));
    write(this.#brief, room ? brief(room.own) : "");
  }
}

function write(/** @type {HTMLElement} */ element, /** @type {string} */ words) {
  if (element.textContent !== words) element.textContent = words;
}

/** @returns {Panel} */
function panel(/** @type {string} */ tag) {
  return /** @type {Panel} */ (document.createElement(tag));
}

customElements.define("wp-party-bar", WpPartyBar);
