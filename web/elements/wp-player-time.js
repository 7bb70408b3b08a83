// "1:02:03 / 2:10:00": where the film stands and how long it is.

import { h } from "../dom/html.js";
import { clock } from "../lib/format.js";

export class WpPlayerTime extends HTMLElement {
  /** @type {HTMLVideoElement | null} */
  video = null;
  #at = h("span");
  #whole = h("span", { class: "player-whole" });

  connectedCallback() {
    this.replaceChildren(this.#at, this.#whole);
    for (const event of ["timeupdate", "seeking", "durationchange", "emptied"]) this.video?.addEventListener(event, this.#show);
    this.#show();
  }

  disconnectedCallback() {
    for (const event of ["timeupdate", "seeking", "durationchange", "emptied"]) this.video?.removeEventListener(event, this.#show);
  }

  #show = () => {
    const { currentTime = 0, duration = NaN } = this.video ?? {};
    this.#at.textContent = clock(currentTime);
    this.#whole.textContent = Number.isFinite(duration) ? ` / ${clock(duration)}` : "";
  };
}

customElements.define("wp-player-time", WpPlayerTime);
