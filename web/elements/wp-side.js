// What stands beside the picture, one panel at a time: tabs after the WAI-ARIA pattern, with the arrow keys.
//
// A panel is made of elements with a `party`, fetched when it comes to the front for the first time. They hear "wp-shown" each
// time it does, and put a number on its tab with a bubbling "wp-badge" event, {count, words, calls}: `words` say what the number
// counts to whoever does not see it, and `calls` makes it stand out. Nought takes it away.

import { h, icon } from "../dom/html.js";
import { onceWanted } from "../dom/later.js";
import { remember, remembered } from "../dom/memory.js";
import { changePlace } from "../dom/place.js";
import { counted } from "../lib/format.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{count: number, words: string, calls?: boolean}} Badge */
/**
 * A part of a panel: `needed` tells whether it has something to do before anybody looks.
 *
 * @typedef {{tag: string, load: () => Promise<unknown>, needed?: (party: Party) => boolean}} Part
 */
/**
 * `counts` what can be counted without the panel.
 *
 * @typedef {{name: string, icon: string, parts: Part[], counts?: (party: Party) => Badge}} Tab
 */

const inside = (/** @type {Party} */ { room }) => room !== null;
const keepsDoor = (/** @type {Party} */ { isHost, room }) => isHost && room?.admission !== "open";

/** The tabs, in order. @type {Tab[]} */
const TABS = [
  { name: "Chat", icon: "chat", parts: [{ tag: "wp-chat", load: () => import("./wp-chat.js"), needed: inside }] },
  {
    name: "Queue",
    icon: "queue",
    parts: [{ tag: "wp-queue", load: () => import("./wp-queue.js") }],
    counts: ({ queue: { items } }) => ({ count: items.length, words: counted(items.length, "film", "films") }),
  },
  {
    name: "People",
    icon: "people",
    parts: [
      { tag: "wp-door", load: () => import("./wp-door.js"), needed: keepsDoor },
      { tag: "wp-members", load: () => import("./wp-members.js") },
      { tag: "wp-slow-mode", load: () => import("./wp-slow-mode.js") },
    ],
    counts: ({ members }) => ({ count: members.length, words: counted(members.length, "person here", "people here") }),
  },
  { name: "Info", icon: "info", parts: [{ tag: "wp-room-info", load: () => import("./wp-room-info.js"), needed: inside }] },
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
    this.replaceChildren(h("div", { class: "side-head" }, list, ...tools), ...this.#tabs.map(({ box }) => box));
    this.show(remembered(REMEMBERED) ?? "");
    for (const event of ["welcome", "room", "members", "queue", "notice"]) this.party?.addEventListener(event, () => this.#hear());
  }

  #hear() {
    const { party } = this;
    if (!party) return;
    for (const { counts, tell, parts } of this.#tabs) {
      if (counts) tell(counts, counts(party));
      for (const { needed, wanted } of parts) if (needed?.(party)) void wanted();
    }
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
    for (const { wanted } of shown?.parts ?? []) void wanted().then((element) => element?.dispatchEvent(new Event("wp-shown")));
  }

  /**
   * @param {Tab} tab
   * @param {number} at
   */
  #tab({ name, icon: sign, parts, counts }, at) {
    const count = h("span", { class: "side-count", "aria-hidden": "true", hidden: true });
    // Beside the name rather than in its place: a label has to hold what is seen.
    const said = h("span", { class: "visually-hidden" });
    const button = h("button", { class: "side-tab", type: "button", role: "tab", id: `side-tab-${at}`, "aria-controls": `side-panel-${at}`, onclick: () => this.#choose(name) }, icon(sign), h("span", {}, name), count, said);
    const box = h("div", { class: "side-panel", role: "tabpanel", id: `side-panel-${at}`, "aria-labelledby": `side-tab-${at}`, tabindex: 0 });
    /** @type {Map<unknown, Badge>} */
    const badges = new Map();
    const tell = (/** @type {unknown} */ teller, /** @type {Badge} */ told) => {
      badges.set(teller, told);
      show([...badges.values()].filter((badge) => badge.count > 0));
    };
    const show = (/** @type {Badge[]} */ told) => {
      const badge = told.find(({ calls }) => calls) ?? told[0];
      count.hidden = !badge;
      count.classList.toggle("calls", badge?.calls === true);
      count.textContent = badge ? (badge.count > 99 ? "99+" : String(badge.count)) : "";
      said.textContent = badge?.words ?? "";
    };
    box.addEventListener("wp-badge", (event) => tell(event.target, /** @type {CustomEvent<Badge>} */ (event).detail));
    return { name, button, box, counts, tell, parts: parts.map((part) => ({ ...part, wanted: this.#wanted(part, parts, box) })) };
  }

  /**
   * A part, fetched for whoever wants it first, and put in its place among the others.
   *
   * @param {Part} part
   * @param {Part[]} parts
   * @param {HTMLElement} box
   */
  #wanted({ tag, load }, parts, box) {
    const order = (/** @type {string} */ name) => parts.findIndex((part) => part.tag === name);
    return onceWanted(tag, load, (element) => {
      element.party = this.party;
      const after = [...box.children].find(({ localName }) => order(localName) > order(tag));
      box.insertBefore(element, after ?? null);
    });
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
