// The sound of a film in its menu: which track, and how late this device's loudspeaker is. Choices go up as "wp-soundtrack"
// (its place), "wp-loudspeaker" (milliseconds) and "wp-sound-check".

import { h, icon } from "../dom/html.js";
import { shiftLabel, STEP } from "../lib/shift.js";
import { numbered, trackName } from "../lib/tracks.js";

export class WpPlayerSound extends HTMLElement {
  #tracks = h("div", {});
  #value = h("output", { class: "offset-value", "aria-label": "This device's sound comes later by" });
  #late = 0;
  #timing = h(
    "div",
    { class: "offset", role: "group", "aria-label": "How late this device's sound is heard" },
    h("button", { type: "button", class: "player-button", "aria-label": "10 milliseconds less", onclick: () => this.#set(this.#late - STEP) }, "−"),
    this.#value,
    h("button", { type: "button", class: "player-button", "aria-label": "10 milliseconds more", onclick: () => this.#set(this.#late + STEP) }, "+"),
    h("button", { type: "button", class: "player-button player-words", "aria-label": "Reset how late the sound is", onclick: () => this.#set(0) }, "Reset"),
  );
  #does = h("p", { class: "player-hint", hidden: true }, "This browser cannot move the sound alone: in a room, sound and picture both play that much ahead.");
  #check = h("button", { type: "button", class: "player-item", onclick: () => this.#tell("wp-sound-check", null) }, icon("sound"), "Sound check…");

  connectedCallback() {
    if (this.#tracks.isConnected) return;
    this.replaceChildren(h("fieldset", {}, h("legend", {}, "Sound"), this.#tracks), h("h3", {}, "Loudspeaker is late by"), this.#timing, this.#does, this.#check);
  }

  /** @param {import("../dom/stream.js").Stream} stream */
  show({ sounds, sound, shifts }) {
    const focused = this.#tracks.querySelector("input:focus") !== null;
    const names = numbered(sounds.map(({ name, language }) => trackName({ label: name, language })));
    this.#tracks.replaceChildren(...(names.length > 1 ? names : []).map((label, place) => {
      const radio = h("input", { type: "radio", name: "wp-soundtrack", value: place, onchange: () => this.#tell("wp-soundtrack", place) });
      radio.checked = place === sound;
      return h("label", {}, radio, h("span", {}, label));
    }));
    this.querySelector("fieldset")?.toggleAttribute("hidden", names.length < 2);
    this.#does.hidden = shifts !== "both";
    if (focused) this.#tracks.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  /** Milliseconds. */
  set late(/** @type {number} */ late) {
    this.#late = late;
    this.#value.textContent = shiftLabel(late);
  }

  #set(/** @type {number} */ ms) {
    this.#tell("wp-loudspeaker", ms);
  }

  #tell(/** @type {string} */ name, /** @type {unknown} */ detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.define("wp-player-sound", WpPlayerSound);
