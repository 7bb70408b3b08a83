// Chapters, quality, sound, captions and speed. Choices go up as "wp-quality", "wp-rate" and "wp-chapter" (seconds), and what
// wp-player-captions and wp-player-sound say; "wp-menu" when it opens.

import "./wp-player-captions.js";
import "./wp-player-sound.js";

import { h, icon } from "../dom/html.js";
import { clock } from "../lib/format.js";
import { RATES } from "../lib/keys.js";
import { menu } from "../lib/levels.js";
import { WpPlayerCaptions } from "./wp-player-captions.js";
import { WpPlayerSound } from "./wp-player-sound.js";

/** @typedef {{value: number, label: string, detail?: string}} Choice */

export class WpPlayerMenu extends HTMLElement {
  #captions = new WpPlayerCaptions();
  #sound = new WpPlayerSound();
  #chapters = h("section", { class: "player-chapters", "aria-label": "Chapters", hidden: true });
  /** In this order. @type {Record<string, HTMLFieldSetElement>} */
  #sections = { "wp-quality": h("fieldset", { hidden: true }), "wp-rate": h("fieldset", {}) };
  #panel = h("div", { class: "player-panel", role: "group", "aria-label": "Settings of the film", popover: "manual" });
  #button = h("button", { class: "player-button", type: "button", "aria-label": "Settings of the film", "aria-expanded": "false", onclick: () => this.#toggle() }, icon("settings"));
  /** The chapters shown, as they would be written. */
  #told = "";

  connectedCallback() {
    if (!this.#button.isConnected) {
      const { "wp-quality": quality, "wp-rate": rate } = this.#sections;
      this.#panel.replaceChildren(...[this.#chapters, this.#captions, this.#sound, quality, rate].filter((part) => part !== undefined));
      this.replaceChildren(this.#button, this.#panel);
    }
    this.#section("Speed", "wp-rate", RATES.map((value) => ({ value, label: value === 1 ? "Normal" : `${value}×` })), 1);
    document.addEventListener("pointerdown", this.#outside);
    for (const moved of ["resize", "scroll"]) addEventListener(moved, this.#place, { passive: true });
    this.addEventListener("keydown", this.#key);
    this.addEventListener("wp-sound-check", this.#close);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#outside);
    for (const moved of ["resize", "scroll"]) removeEventListener(moved, this.#place);
  }

  /** @param {import("../dom/stream.js").Stream} stream */
  levels({ levels, playing, chosen }) {
    this.#section("Quality", "wp-quality", levels.length > 1 ? menu(levels, chosen === -1 ? playing : -1) : [], chosen);
  }

  /** @param {import("../dom/stream.js").Stream} stream */
  sounds(stream) {
    this.#sound.show(stream);
  }

  /** Of the loudspeaker, ms. */
  set late(/** @type {number} */ late) {
    this.#sound.late = late;
  }

  /** @param {import("../dom/beside.js").Beside} beside */
  beside(beside) {
    this.#captions.show(beside);
    const told = JSON.stringify(beside.chapters);
    if (told === this.#told) return;
    this.#told = told;
    const items = beside.chapters.map(({ start, title }) =>
      h("li", {}, h("button", { type: "button", class: "player-item", onclick: () => this.#choose("wp-chapter", start) }, h("span", {}, title), h("span", { class: "player-detail" }, clock(start)))),
    );
    this.#chapters.replaceChildren(h("h3", {}, "Chapters"), h("ol", {}, ...items));
    this.#chapters.hidden = items.length === 0;
  }

  /** @param {number} rate */
  set rate(rate) {
    const chosen = this.#panel.querySelector(`input[name="wp-rate"][value="${rate}"]`);
    if (chosen instanceof HTMLInputElement) chosen.checked = true;
  }

  /**
   * @param {string} title
   * @param {string} name      of the event that a choice becomes
   * @param {Choice[]} choices none hides the section
   * @param {number} chosen
   */
  #section(title, name, choices, chosen) {
    const section = this.#sections[name];
    if (!section) return;
    const focused = section.querySelector("input:focus") !== null;
    const rows = choices.map(({ value, label, detail }) => {
      const radio = h("input", { type: "radio", name, value, onchange: () => this.#choose(name, value) });
      radio.checked = value === chosen;
      return h("label", {}, radio, h("span", {}, label), detail ? h("span", { class: "player-detail" }, detail) : "");
    });
    section.replaceChildren(h("legend", {}, title), ...rows);
    section.hidden = choices.length === 0;
    if (focused) section.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  #choose(/** @type {string} */ name, /** @type {number} */ value) {
    this.dispatchEvent(new CustomEvent(name, { detail: value, bubbles: true }));
  }

  get #open() {
    return this.#panel.matches(":popover-open");
  }

  /** The panel lies above everything, for a small player would cut it off; so it has to be told where. */
  #place = () => {
    if (!this.#open) return;
    const { top, right } = this.#button.getBoundingClientRect();
    this.#panel.style.setProperty("--from-right", `${Math.max(8, innerWidth - right - 64)}px`);
    this.#panel.style.setProperty("--from-bottom", `${innerHeight - top + 28}px`);
    this.#panel.style.setProperty("--height", `${Math.max(160, top - 48)}px`);
  };

  #toggle(open = !this.#open) {
    this.#panel.togglePopover(open);
    this.#place();
    this.#button.setAttribute("aria-expanded", String(open));
    this.closest("media-controller")?.toggleAttribute("noautohide", open);
    this.closest("media-control-bar")?.toggleAttribute("noautohide", open);
    if (!open) return;
    this.dispatchEvent(new Event("wp-menu", { bubbles: true }));
    this.#panel.querySelector(/** @type {"input"} */ ("fieldset:not([hidden]) input:checked"))?.focus({ preventScroll: true });
  }

  #outside = (/** @type {Event} */ event) => {
    if (this.#open && event.target instanceof Node && !this.contains(event.target)) this.#toggle(false);
  };

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || !this.#open) return;
    event.stopPropagation();
    this.#close();
  };

  #close = () => {
    this.#toggle(false);
    this.#button.focus();
  };
}

customElements.define("wp-player-menu", WpPlayerMenu);
