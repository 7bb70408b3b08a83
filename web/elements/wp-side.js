// What stands beside the picture, one panel at a time: tabs after the WAI-ARIA pattern, with the arrow keys.
//
// A panel is an element with a `party`. It hears "wp-shown" when it comes to the front, and puts a number on its tab with
// a bubbling "wp-badge" event, {count, words, calls}: `words` say what the number counts to whoever does not see it, and
// `calls` makes it stand out. Nought takes it away.

import "./wp-chat.js";
import "./wp-door.js";
import "./wp-members.js";
import "./wp-queue.js";
import "./wp-room-info.js";
import "./wp-slow-mode.js";

import { h, icon } from "../dom/html.js";
import { remember, remembered } from "../dom/memory.js";
import { changePlace } from "../dom/place.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {HTMLElement & {party: Party | null}} Panel */
/** @typedef {{count: number, words: string, calls?: boolean}} Badge */

/** The tabs, in order. To add one: import its element above, and name it here. */
const TABS = [
  { name: "Chat", icon: "chat", tags: ["wp-chat"] },
  { name: "Queue", icon: "queue", tags: ["wp-queue"] },
  { name: "People", icon: "people", tags: ["wp-door", "wp-members", "wp-slow-mode"] },
  { name: "Info", icon: "info", tags: ["wp-room-info"] },
];

const REMEMBERED = "side";
/** Where a key leads from tab `at` of `count`. @type {Record<string, (at: number, count: number) => number>} */
const STEPS = {
  ArrowLeft: (at, count) => (at + count - 1) % count,
  ArrowRight: (at, count) => (at + 1) % count,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export class WpSide extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #tabs = TABS.map((tab, at) => this.#tab(tab, at));

  connectedCallback() {
    this.classList.add("room-side");
    this.setAttribute("role", "complementary");
    this.setAttribute("aria-label", "Beside the film");
    const list = h("div", { class: "side-tabs", role: "tablist", "aria-label": "Beside the film", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    list.append(...this.#tabs.map(({ button }) => button));
    const room = /** @type {HTMLElement | null} */ (this.closest(".room"));
    const tool = (/** @type {string} */ kind, /** @type {string} */ sign, /** @type {string} */ label, /** @type {() => unknown} */ run) =>
      h("button", { class: `button quiet icon-only ${kind}`, type: "button", "aria-label": label, title: label, onclick: run }, icon(sign));
    const tools = [
      tool("side-place", "beside", "Chat beside or over the picture", () => room && changePlace(room)),
      tool("side-tv", "tv", "I watch on the TV: chat only", () => this.dispatchEvent(new Event("wp-chat-only", { bubbles: true }))),
    ];
    for (const { panels } of this.#tabs) for (const panel of panels) panel.party = this.party;
    this.replaceChildren(h("div", { class: "side-head" }, list, ...tools), ...this.#tabs.map(({ box }) => box));
    this.show(remembered(REMEMBERED) ?? "");
  }

  /** Brings a panel to the front, by its name; the first one for a name there is not. */
  show(/** @type {string} */ name) {
    const shown = this.#tabs.find((tab) => tab.name === name) ?? this.#tabs[0];
    for (const { button, box } of this.#tabs) {
      const here = button === shown?.button;
      button.setAttribute("aria-selected", String(here));
      button.tabIndex = here ? 0 : -1;
      box.hidden = !here;
    }
    for (const panel of shown?.panels ?? []) panel.dispatchEvent(new Event("wp-shown"));
  }

  /**
   * @param {typeof TABS[number]} tab
   * @param {number} at
   */
  #tab({ name, icon: sign, tags }, at) {
    const count = h("span", { class: "side-count", "aria-hidden": "true", hidden: true });
    // Beside the name rather than in its place: a label has to hold what is seen.
    const said = h("span", { class: "visually-hidden" });
    const button = h("button", { class: "side-tab", type: "button", role: "tab", id: `side-tab-${at}`, "aria-controls": `side-panel-${at}`, onclick: () => this.#choose(name) }, icon(sign), h("span", {}, name), count, said);
    const panels = tags.map((tag) => /** @type {Panel} */ (document.createElement(tag)));
    const box = h("div", { class: "side-panel", role: "tabpanel", id: `side-panel-${at}`, "aria-labelledby": `side-tab-${at}`, tabindex: 0 }, ...panels);
    /** @type {Map<EventTarget | null, Badge>} */
    const badges = new Map();
    box.addEventListener("wp-badge", (event) => {
      badges.set(event.target, /** @type {CustomEvent<Badge>} */ (event).detail);
      const told = [...badges.values()].filter((badge) => badge.count > 0);
      const badge = told.find(({ calls }) => calls) ?? told[0];
      count.hidden = !badge;
      count.classList.toggle("calls", badge?.calls === true);
      count.textContent = badge ? (badge.count > 99 ? "99+" : String(badge.count)) : "";
      said.textContent = badge?.words ?? "";
    });
    return { name, button, box, panels };
  }

  #choose(/** @type {string} */ name) {
    remember(REMEMBERED, name);
    this.show(name);
  }

  #key(/** @type {KeyboardEvent} */ event) {
    const at = this.#tabs.findIndex(({ button }) => button === document.activeElement);
    const next = this.#tabs[STEPS[event.key]?.(at, this.#tabs.length) ?? -1];
    if (!next) return;
    event.preventDefault(); // these keys belong to the film otherwise
    this.#choose(next.name);
    next.button.focus();
  }
}

customElements.define("wp-side", WpSide);
