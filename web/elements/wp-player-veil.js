// What lies over the picture when there is something to say: still being prepared, failed, silenced, out of reach.

import { h, icon } from "../dom/html.js";
import { percent } from "../lib/format.js";

/** @typedef {{title: string, detail: string, progress?: number | null, waiting?: boolean}} Words */

const NOTE_MS = 1500;

export class WpPlayerVeil extends HTMLElement {
  #words = h("div", { class: "veil-words", role: "status", hidden: true });
  #trouble = h("p", { class: "veil-trouble", role: "status", hidden: true });
  #note = h("p", { class: "veil-note", role: "status", hidden: true });
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #noted;
  #sound = h("button", { class: "button primary veil-sound", type: "button", hidden: true, onclick: () => this.#ask() }, "Turn the sound on");

  connectedCallback() {
    if (!this.#words.isConnected) this.replaceChildren(this.#words, this.#trouble, this.#note, this.#sound);
  }

  /** @param {Words} words */
  say({ title, detail, progress, waiting = false }) {
    const bar = h("progress", { max: 1, "aria-label": title });
    if (typeof progress === "number") bar.value = progress;
    const far = typeof progress === "number" && progress > 0 ? ` · ${percent(progress)}` : "";
    this.#words.replaceChildren(waiting ? "" : icon("alert"), h("h2", {}, title), h("p", {}, detail + far), waiting ? bar : "");
    this.#words.hidden = false;
  }

  clear() {
    this.#words.hidden = true;
    this.trouble(null);
  }

  /** A sentence while something is wrong that may pass; null when it has. @param {string | null} sentence */
  trouble(sentence) {
    this.#trouble.textContent = sentence ?? "";
    this.#trouble.hidden = sentence === null;
  }

  /** A few words in passing. @param {string} words */
  note(words) {
    clearTimeout(this.#noted);
    this.#note.textContent = words;
    this.#note.hidden = false;
    this.#noted = setTimeout(() => (this.#note.hidden = true), NOTE_MS);
  }

  /** The browser plays without sound until somebody presses something. @param {boolean} silenced */
  silenced(silenced) {
    this.#sound.hidden = !silenced;
  }

  #ask() {
    this.dispatchEvent(new Event("wp-sound", { bubbles: true }));
  }
}

customElements.define("wp-player-veil", WpPlayerVeil);
