// The picture of a room and what lies over it, each part of that fetched once it has something to tell.

import "./wp-party-doing.js";

import { onceWanted } from "../dom/later.js";

/** @typedef {import("../lib/party.js").Party} Party */

class WpPartyStage extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #film = this.#part("wp-party-film", () => import("./wp-party-film.js"));
  #wait = this.#part("wp-party-wait", () => import("./wp-party-wait.js"));
  #next = this.#part("wp-party-next", () => import("./wp-party-next.js"));
  #floats = this.#part("wp-floats", () => import("./wp-floats.js"));

  connectedCallback() {
    this.classList.add("room-stage");
    const { party } = this;
    if (!party) return;
    const doing = /** @type {HTMLElement & {party: Party | null}} */ (document.createElement("wp-party-doing"));
    doing.party = party;
    this.append(doing);
    party.addEventListener("timeline", () => this.#look(party));
    party.addEventListener("queue", () => party.queue.items.length > 0 && void this.#next());
    party.addEventListener("reaction", (event) => void this.#floats().then((floats) => floats?.hear(/** @type {CustomEvent} */ (event).detail)));
  }

  #look(/** @type {Party} */ { timeline }) {
    if (timeline && !timeline.playing) void this.#film();
    if (timeline?.waiting_for?.length) void this.#wait();
  }

  /**
   * @param {string} tag
   * @param {() => Promise<unknown>} load
   */
  #part(tag, load) {
    return onceWanted(tag, load, (element) => {
      element.party = this.party;
      this.append(element);
    });
  }
}

customElements.define("wp-party-stage", WpPartyStage);
