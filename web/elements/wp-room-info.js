// How the room and oneself do: the graph of the room's spread, one's own line, and for hosts the record. What draws them is
// fetched when somebody looks for the first time; the spread is kept from the beginning.

import { h } from "../dom/html.js";
import { Spread, spreadOf } from "../lib/spread.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {HTMLElement & {party: Party | null, spread?: Spread}} Part */

const EVERY_MS = 1000;
const PARTS = ["wp-room-spread", "wp-room-line", "wp-room-record"];

class WpRoomInfo extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #spread = new Spread();
  #looked = -Infinity;

  connectedCallback() {
    const party = this.party;
    if (!party) return;
    party.addEventListener("members", () => this.#look(party));
    party.addEventListener("timeline", () => {
      if (!party.timeline?.playing) this.#spread.add(party.clock.now(), null);
    });
    this.addEventListener("wp-shown", () => void this.#draw());
  }

  #look(/** @type {Party} */ party) {
    const now = party.clock.now();
    // What people say of themselves is a second old at most.
    if (!party.timeline?.playing || party.timeline.at > party.clock.serverNow() - EVERY_MS || now < this.#looked + EVERY_MS / 2) return;
    this.#looked = now;
    this.#spread.add(now, spreadOf(party.members));
  }

  async #draw() {
    if (this.firstChild) return;
    this.append(h("p", { class: "soft", "aria-busy": "true" }, "One moment…"));
    await Promise.all([import("./wp-room-spread.js"), import("./wp-room-line.js"), import("./wp-room-record.js")]);
    const parts = PARTS.map((tag) => /** @type {Part} */ (document.createElement(tag)));
    for (const part of parts) {
      part.party = this.party;
      part.spread = this.#spread;
    }
    this.replaceChildren(...parts);
  }
}

customElements.define("wp-room-info", WpRoomInfo);
