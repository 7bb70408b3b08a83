// How far apart the people of a room were in the last five minutes, as a line and in words.

import { h } from "../dom/html.js";
import { length, told } from "../lib/spread.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/spread.js").Spread} Spread */

const EVERY_MS = 1000;
const WIDTH = 300;
const HEIGHT = 80;
const SVG = "http://www.w3.org/2000/svg";

class WpRoomSpread extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Spread | undefined} */
  spread;
  #line = draw("path", { class: "spread-line", "vector-effect": "non-scaling-stroke" });
  #top = h("span", { class: "spread-top" });
  #words = h("p", { class: "small" });
  #picture = draw("svg", { class: "spread-graph", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img" });
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  connectedCallback() {
    const grid = [0, HEIGHT / 2, HEIGHT].map((y) => draw("path", { class: "spread-grid", d: `M0 ${y}H${WIDTH}`, "vector-effect": "non-scaling-stroke" }));
    this.#picture.replaceChildren(...grid, this.#line);
    const axis = h("div", { class: "spread-axis", "aria-hidden": "true" }, h("span", {}, "5 min ago"), h("span", {}, "now"));
    const scale = h("div", { class: "spread-scale", "aria-hidden": "true" }, this.#top, h("span", {}, "0"));
    this.replaceChildren(
      h("h2", {}, "How close together everybody is"),
      h("div", { class: "spread-figure" }, scale, this.#picture, axis),
      this.#words,
    );
    this.#timer = setInterval(() => this.#show(), EVERY_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  #show() {
    const { spread, party } = this;
    if (!spread || !party) return;
    const words = told(spread.summary);
    this.#line.setAttribute("d", spread.path(party.clock.now(), WIDTH, HEIGHT));
    this.#top.textContent = length(spread.top);
    this.#picture.setAttribute("aria-label", `Milliseconds between the first and the last screen. ${words}`);
    this.#words.textContent = words;
  }
}

/** @returns {SVGElement} */
function draw(/** @type {string} */ tag, /** @type {Record<string, string>} */ attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return /** @type {SVGElement} */ (element);
}

customElements.define("wp-room-spread", WpRoomSpread);
