// Over an empty picture: that there is no film yet, and what to do about it.

import { h, icon } from "../dom/html.js";

/** @typedef {import("../lib/party.js").Party} Party */

class WpPartyFilm extends HTMLElement {
  /** @type {Party | null} */
  party = null;

  connectedCallback() {
    for (const event of ["timeline", "welcome", "room", "members"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    const party = this.party;
    this.hidden = !party?.timeline || party.timeline.video_id !== null;
    if (!party || this.hidden) return;
    const mayPick = party.may("queue") && party.you?.role !== "guest";
    const pick = () => document.dispatchEvent(new Event("wp-pick-film"));
    this.replaceChildren(
      icon("film"),
      h("h2", {}, "No film yet"),
      h("p", {}, mayPick ? "Pick one, and everybody here sees it." : "It begins here as soon as somebody picks one."),
      mayPick ? h("button", { class: "button primary", type: "button", onclick: pick }, "Pick a film") : "",
    );
  }
}

customElements.define("wp-party-film", WpPartyFilm);
