// Whom the room waits for, over the picture, and for hosts a way not to.

import { h } from "../dom/html.js";
import { waiting } from "../lib/telling.js";

/** @typedef {import("../lib/party.js").Party} Party */

class WpPartyWait extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #words = h("p", { role: "status" });
  #now = h("button", { class: "button primary", type: "button", onclick: () => this.party?.playNow() }, "Play now");

  connectedCallback() {
    this.replaceChildren(this.#words, this.#now);
    for (const event of ["timeline", "members", "welcome"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    const party = this.party;
    const late = party?.timeline?.waiting_for ?? [];
    this.hidden = late.length === 0;
    if (!party || late.length === 0) return;
    this.#words.textContent = waiting(late.map((id) => (id === party.you?.id ? "you" : (party.nameOf(id) ?? "somebody"))));
    this.#now.hidden = !party.isHost;
  }
}

customElements.define("wp-party-wait", WpPartyWait);
