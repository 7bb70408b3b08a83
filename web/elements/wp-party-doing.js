// Over the picture while it fills the screen: what somebody just did, for a few seconds.

import { h } from "../dom/html.js";
import { Doings } from "../lib/doings.js";

/** @typedef {import("../lib/party.js").Party} Party */

const SHOWN_MS = 4000;

class WpPartyDoing extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #words = h("p", {});
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    // The bar says it to whoever listens rather than looks.
    this.setAttribute("aria-hidden", "true");
    this.replaceChildren(this.#words);
    this.hidden = true;
    if (!this.party) return;
    const doings = new Doings(this.party);
    doings.addEventListener("doing", () => {
      // Whom the room waits for stands over the picture anyway, as long as it lasts.
      if (doings.last && !doings.last.waits) this.#show(doings.last.words);
    });
  }

  #show(/** @type {string} */ words) {
    this.#words.textContent = words;
    this.hidden = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.hidden = true), SHOWN_MS);
  }
}

customElements.define("wp-party-doing", WpPartyDoing);
