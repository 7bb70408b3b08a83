// How one's own player and connection do, a row each: in words, then in figures.

import { h } from "../dom/html.js";
import { rows } from "../lib/line.js";

/** @typedef {import("../lib/party.js").Party} Party */

const EVERY_MS = 1000;

class WpRoomLine extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #list = h("dl", { class: "line-rows" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    this.replaceChildren(h("h2", {}, "Your connection"), this.#list);
    this.party?.addEventListener("connection", () => this.#show());
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    const room = /** @type {import("./wp-party.js").WpParty | null} */ (this.closest("wp-party"));
    if (!room || this.offsetParent === null) return;
    this.#list.replaceChildren(
      ...rows(room.own).map(({ name, words, figure }) =>
        h("div", {}, h("dt", {}, name), h("dd", {}, h("span", {}, words), figure ? h("span", { class: "line-figure" }, figure) : null)),
      ),
    );
  }
}

customElements.define("wp-room-line", WpRoomLine);
