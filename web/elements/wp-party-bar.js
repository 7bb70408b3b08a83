// The head of a room: its name, how oneself does, what was done last, by whom and when, sharing, another film, leaving.

import { h, icon } from "../dom/html.js";
import { onceWanted } from "../dom/later.js";
import { Doings } from "../lib/doings.js";
import { since } from "../lib/format.js";
import { brief } from "../lib/line.js";
import { mayAdd } from "../lib/queue.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{tag: string, load: () => Promise<unknown>, kind: string, sign: string, words: string, offered: (party: Party) => boolean}} Dialog */

const EVERY_MS = 1000;
const LINE = { connecting: "Connecting…", open: "Connected", lost: "Connection lost. Coming back…", over: "Not in the room" };
/** What a press opens, fetched with the first one. @type {Dialog[]} */
const DIALOGS = [
  { tag: "wp-party-pick", load: () => import("./wp-party-pick.js"), kind: "button quiet", sign: "film", words: "Film", offered: mayAdd },
  { tag: "wp-share", load: () => import("./wp-share.js"), kind: "button", sign: "share", words: "Invite", offered: (party) => party.may("invite") },
  { tag: "wp-room-settings", load: () => import("./wp-room-settings.js"), kind: "button quiet", sign: "settings", words: "Settings", offered: (party) => party.isHost },
];

class WpPartyBar extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #name = h("h1", { class: "room-name" }, "…");
  #line = h("span", { class: "room-line" });
  #brief = h("span", { class: "room-brief" });
  #last = h("span", { "aria-live": "polite" });
  // Not read out: it changes by itself all the time.
  #when = h("span", { class: "room-when" });
  /** @type {Doings | null} */
  #doings = null;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;
  #dialogs = DIALOGS.map((dialog) => this.#dialog(dialog));
  #pick = () => void this.#dialogs[0]?.open();

  connectedCallback() {
    const party = this.#known;
    const leave = () => this.dispatchEvent(new Event("wp-leave", { bubbles: true }));
    this.replaceChildren(
      h("div", { class: "room-title" }, this.#name, this.#line, this.#brief),
      h("p", { class: "room-last" }, this.#last, this.#when),
      h(
        "div",
        { class: "room-actions" },
        ...this.#dialogs.map(({ button }) => button),
        h("button", { class: "button quiet", type: "button", onclick: leave }, icon("sign-out"), h("span", {}, "Leave")),
      ),
    );
    for (const event of ["connection", "welcome", "room"]) party.addEventListener(event, () => this.#show());
    for (const event of ["welcome", "members", "room"]) party.addEventListener(event, () => this.#offer());
    document.addEventListener("wp-pick-film", this.#pick);
    this.#offer();
    this.#doings = new Doings(party);
    this.#doings.addEventListener("doing", () => this.#tell());
    this.#timer = setInterval(() => this.#pass(), EVERY_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
    document.removeEventListener("wp-pick-film", this.#pick);
  }

  get #known() {
    if (!this.party) throw new Error("A part of a room needs its party.");
    return this.party;
  }

  /** @param {Dialog} dialog */
  #dialog({ tag, load, kind, sign, words, offered }) {
    // Beside everything else: the bar itself is not there in full screen.
    const wanted = onceWanted(tag, load, (element) => {
      element.party = this.party;
      (this.closest(".room") ?? this).append(element);
    });
    const open = async () => {
      button.setAttribute("aria-busy", "true");
      const element = await wanted();
      button.removeAttribute("aria-busy");
      element?.open();
    };
    const button = h("button", { class: kind, type: "button", "aria-haspopup": "dialog", onclick: () => void open() }, icon(sign), h("span", {}, words));
    return { button, open, offered };
  }

  #offer() {
    for (const { button, offered } of this.#dialogs) button.hidden = !offered(this.#known);
  }

  #show() {
    const { room, connection } = this.#known;
    if (room) this.#name.textContent = room.name;
    this.#line.className = `room-line ${connection}`;
    this.#line.replaceChildren(h("span", { class: "visually-hidden" }, LINE[connection]));
    this.#line.title = LINE[connection];
    this.#tell();
  }

  #tell() {
    this.#last.textContent = this.#known.connection === "lost" ? LINE.lost : (this.#doings?.last?.words ?? "");
    this.#pass();
  }

  /** What changes with time alone. */
  #pass() {
    const { connection, clock } = this.#known;
    const last = connection === "lost" ? null : this.#doings?.last;
    write(this.#when, last && !last.waits ? ` · ${since((clock.serverNow() - last.at) / 1000)}` : "");
    const room = /** @type {import("./wp-party.js").WpParty | null} */ (this.closest("wp-party"));
    write(this.#brief, room ? brief(room.own) : "");
  }
}

function write(/** @type {HTMLElement} */ element, /** @type {string} */ words) {
  if (element.textContent !== words) element.textContent = words;
}

customElements.define("wp-party-bar", WpPartyBar);
