// Quality, captions, sound track and speed. Choices go up as "wp-quality", "wp-captions", "wp-soundtrack" and "wp-rate".

import { h, icon } from "../dom/html.js";
import { RATES } from "../lib/keys.js";
import { menu } from "../lib/levels.js";

/** @typedef {{value: number, label: string}} Choice */

export class WpPlayerMenu extends HTMLElement {
  #panel = h("div", { class: "player-panel", role: "group", "aria-label": "Settings of the film", hidden: true });
  #button = h("button", { class: "player-button", type: "button", "aria-label": "Settings of the film", "aria-expanded": "false", onclick: () => this.#toggle() }, icon("settings"));
  /** @type {string[]} */
  #captions = [];
  #caption = -1;

  connectedCallback() {
    if (!this.#button.isConnected) this.replaceChildren(this.#button, this.#panel);
    this.#section("Speed", "wp-rate", RATES.map((value) => ({ value, label: value === 1 ? "Normal" : `${value}×` })), 1);
    document.addEventListener("pointerdown", this.#outside);
    this.addEventListener("keydown", this.#key);
  }

  disconnectedCallback() {
    document.removeEventListener("pointerdown", this.#outside);
  }

  /** @param {import("../dom/stream.js").Stream} stream */
  levels({ levels, playing, chosen }) {
    this.#section("Quality", "wp-quality", levels.length > 1 ? menu(levels, chosen === -1 ? playing : -1) : [], chosen);
  }

  /** @param {import("../dom/stream.js").Stream} stream */
  sounds({ sounds, sound }) {
    this.#section("Sound", "wp-soundtrack", sounds.length > 1 ? sounds.map(({ name }, value) => ({ value, label: name })) : [], sound);
  }

  /** @param {string[]} labels */
  set captions(labels) {
    this.#captions = labels;
    this.caption = -1;
  }

  /** The captions that are shown, -1 for none. @param {number} chosen */
  set caption(chosen) {
    this.#caption = chosen;
    const choices = this.#captions.map((label, value) => ({ value, label }));
    this.#section("Captions", "wp-captions", choices.length ? [{ value: -1, label: "Off" }, ...choices] : [], this.#caption);
  }

  /** @param {number} rate */
  set rate(rate) {
    const chosen = this.#panel.querySelector(`input[name="wp-rate"][value="${rate}"]`);
    if (chosen instanceof HTMLInputElement) chosen.checked = true;
  }

  /**
   * @param {string} title
   * @param {string} name      of the event that a choice becomes
   * @param {Choice[]} choices none takes the section away
   * @param {number} chosen
   */
  #section(title, name, choices, chosen) {
    const focused = this.#panel.querySelector(`[name="${name}"]:focus`) !== null;
    const old = this.#panel.querySelector(`fieldset[data-name="${name}"]`);
    const section = h("fieldset", { "data-name": name }, h("legend", {}, title));
    for (const { value, label } of choices) {
      const radio = h("input", { type: "radio", name, value, onchange: () => this.#choose(name, value) });
      radio.checked = value === chosen;
      section.append(h("label", {}, radio, h("span", {}, label)));
    }
    section.hidden = choices.length === 0;
    if (old) old.replaceWith(section);
    else if (name === "wp-rate") this.#panel.append(section);
    else this.#panel.prepend(section);
    if (focused) section.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  #choose(/** @type {string} */ name, /** @type {number} */ value) {
    this.dispatchEvent(new CustomEvent(name, { detail: value, bubbles: true }));
  }

  #toggle(open = Boolean(this.#panel.hidden)) {
    this.#panel.hidden = !open;
    this.#button.setAttribute("aria-expanded", String(open));
    this.closest("media-controller")?.toggleAttribute("noautohide", open);
    this.closest("media-control-bar")?.toggleAttribute("noautohide", open);
    if (open) this.#panel.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  #outside = (/** @type {Event} */ event) => {
    if (!this.#panel.hidden && event.target instanceof Node && !this.contains(event.target)) this.#toggle(false);
  };

  #key = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape" || this.#panel.hidden) return;
    event.stopPropagation();
    this.#toggle(false);
    this.#button.focus();
  };
}

customElements.define("wp-player-menu", WpPlayerMenu);
