// The captions of a film in its menu: which are shown, how much later they come, and adding some. Choices go up as
// "wp-captions" (an id, or null), "wp-offset" (seconds), "wp-add-captions" (files) and "wp-remove-captions" (an id).

import { h, icon } from "../dom/html.js";
import { offsetLabel, STEP } from "../lib/offset.js";

/** @typedef {import("../dom/beside.js").Beside} Beside */

export class WpPlayerCaptions extends HTMLElement {
  #choices = h("div", {});
  #value = h("output", { class: "offset-value", "aria-label": "Captions come later by" });
  #offset = 0;
  #timing = h(
    "div",
    { class: "offset", role: "group", "aria-label": "When captions come" },
    h("button", { type: "button", class: "player-button", "aria-label": "Earlier", onclick: () => this.#shift(this.#offset - STEP) }, "−"),
    this.#value,
    h("button", { type: "button", class: "player-button", "aria-label": "Later", onclick: () => this.#shift(this.#offset + STEP) }, "+"),
    h("button", { type: "button", class: "player-button player-words", "aria-label": "Reset the captions' time", onclick: () => this.#shift(0) }, "Reset"),
  );
  #file = h("input", { type: "file", accept: ".srt,.vtt,.ass,.ssa", multiple: true, hidden: true, onchange: () => this.#add() });
  #adding = h("button", { type: "button", class: "player-item", onclick: () => this.#file.click() }, icon("plus"), "Add subtitles…");

  connectedCallback() {
    if (this.#choices.isConnected) return;
    const section = h("fieldset", {}, h("legend", {}, "Captions"), this.#choices, this.#timing);
    this.replaceChildren(section, this.#file, this.#adding);
  }

  /** @param {Beside} beside */
  show({ captions, mine }) {
    const focused = this.#choices.querySelector("input:focus") !== null;
    const { list, chosen, offset } = captions;
    this.#offset = offset;
    this.#value.textContent = offsetLabel(offset);
    this.#choices.replaceChildren(
      this.#choice(null, "Off", chosen === null),
      ...list.map(({ subtitle, name }) => this.#choice(subtitle.id, name, chosen === subtitle.id, mine && subtitle.uploaded)),
    );
    this.#timing.hidden = chosen === null;
    this.#adding.hidden = !mine;
    this.hidden = list.length === 0 && !mine;
    this.querySelector("fieldset")?.toggleAttribute("hidden", list.length === 0);
    if (focused) this.#choices.querySelector(/** @type {"input"} */ ("input:checked"))?.focus();
  }

  /**
   * @param {string | null} id
   * @param {string} name
   * @param {boolean} chosen
   * @param {boolean} [removable]
   */
  #choice(id, name, chosen, removable = false) {
    const radio = h("input", { type: "radio", name: "wp-captions", value: id ?? "", onchange: () => this.#tell("wp-captions", id) });
    radio.checked = chosen;
    const label = h("label", {}, radio, h("span", {}, name));
    if (!removable) return label;
    const bin = h("button", { type: "button", class: "player-button", "aria-label": `Delete ${name}`, onclick: () => this.#tell("wp-remove-captions", id) }, icon("trash"));
    return h("div", { class: "player-row" }, label, bin);
  }

  #add() {
    const files = [...(this.#file.files ?? [])];
    this.#file.value = "";
    if (files.length) this.#tell("wp-add-captions", files);
  }

  #shift(/** @type {number} */ seconds) {
    this.#tell("wp-offset", seconds);
  }

  #tell(/** @type {string} */ name, /** @type {unknown} */ detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}

customElements.define("wp-player-captions", WpPlayerCaptions);
