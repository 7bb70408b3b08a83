// For hosts: what was done in this room, session by session, in sentences, and as a file to take away.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { cast, chapter, recorded } from "../lib/record.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/record.js").Session} Session */
/** @typedef {import("../lib/record.js").Recorded} Recorded */

/** News of the room within this are one look at the record, ms. */
const AFTER_MS = 700;
const PAGE = 50;

class WpRoomRecord extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Session[]} */
  #sessions = [];
  /** Empty for the newest. */
  #chosen = "";
  #choice = h("select", { class: "input", "aria-label": "Session", onchange: () => this.#choose() });
  #cast = h("p", { class: "small soft" });
  #list = h("ol", { class: "record-list", role: "list" });
  #more = h("button", { class: "button quiet", type: "button", hidden: true, onclick: () => void this.#goOn() }, "Show earlier");
  #files = h("p", { class: "record-files" });
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  /** @type {string | null} */
  #cursor = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    this.replaceChildren(h("h2", {}, "Record"), this.#choice, this.#cast, this.#problem, this.#list, this.#more, this.#files);
    for (const event of ["timeline", "members", "room", "welcome", "queue"]) this.party?.addEventListener(event, () => this.#soon());
    void this.#look();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}/sessions`;
  }

  get #session() {
    return this.#sessions.find(({ id }) => id === this.#chosen) ?? this.#sessions[0] ?? null;
  }

  /** Presence is told every second; the record is asked only where it may have more to say. */
  #seen = "";
  #soon() {
    const { timeline, members = [], you, room } = this.party ?? {};
    const seen = JSON.stringify([timeline?.revision, timeline?.waiting_for, members.map(({ id, role, muted }) => [id, role, muted]), you?.role, room]);
    if (seen === this.#seen) return;
    this.#seen = seen;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), AFTER_MS);
  }

  async #look() {
    this.hidden = !this.party?.isHost;
    if (this.hidden || !this.party?.room) return;
    await this.#trying(async () => {
      const { items } = await api.get(this.#path);
      this.#sessions = items;
      this.#offer();
      const session = this.#session;
      if (session) await this.#read(session);
    });
  }

  #offer() {
    const options = this.#sessions.map((each) => h("option", { value: each.id, selected: each === this.#session }, chapter(each)));
    const labels = options.map(({ textContent }) => textContent).join("\n");
    if (labels !== [...this.#choice.options].map(({ textContent }) => textContent).join("\n")) this.#choice.replaceChildren(...options);
    this.#choice.hidden = options.length === 0;
  }

  #choose() {
    // Whoever chose the newest wants to see what comes after it, too.
    this.#chosen = this.#choice.selectedIndex === 0 ? "" : this.#choice.value;
    const session = this.#session;
    if (session) void this.#trying(() => this.#read(session));
  }

  async #read(/** @type {Session} */ session) {
    const { items, next_cursor } = await api.get(`${this.#path}/${session.id}/events?limit=${PAGE}`);
    if (session.id !== this.#session?.id) return;
    this.#cast.textContent = cast(session);
    this.#list.replaceChildren(...items.map(line));
    this.#page(next_cursor);
    const file = (/** @type {string} */ format) =>
      h("a", { class: "button quiet", href: `/api/v1${this.#path}/${session.id}/events?format=${format}`, download: true }, icon("download"), `Download ${format.toUpperCase()}`);
    this.#files.replaceChildren(file("csv"), file("json"));
  }

  async #goOn() {
    const session = this.#session;
    if (!session || !this.#cursor) return;
    await this.#trying(async () => {
      const { items, next_cursor } = await api.get(`${this.#path}/${session.id}/events?limit=${PAGE}&cursor=${this.#cursor}`);
      this.#list.append(...items.map(line));
      this.#page(next_cursor);
    });
  }

  #page(/** @type {string | null} */ cursor) {
    this.#cursor = cursor;
    this.#more.hidden = cursor === null;
  }

  async #trying(/** @type {() => Promise<void>} */ work) {
    try {
      await work();
      this.#problem.hidden = true;
    } catch (error) {
      this.#problem.hidden = false;
      this.#problem.textContent = sentence(error);
    }
  }
}

function line(/** @type {Recorded} */ event) {
  const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(Date.parse(event.at));
  return h("li", {}, h("time", { datetime: event.at }, time), h("span", {}, recorded(event)));
}

customElements.define("wp-room-record", WpRoomRecord);
