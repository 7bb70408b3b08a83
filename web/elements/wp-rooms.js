// The rooms one can go to, with who is there and what is on: one's own and those that are open. <wp-rooms person="id">

import { h, icon, the } from "../dom/html.js";
import { later } from "../dom/later.js";
import { showProblem } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { ago, counted } from "../lib/format.js";
import { Rounds } from "../lib/rounds.js";

/**
 * @typedef {{title: string, duration: number | null, poster_url: string | null}} Film
 * @typedef {{id: string, name: string, admission: string, has_password: boolean, video_id: string | null, role: string | null,
 *   host: {id: string, display_name: string}, present: number, people: string[], film: Film | null, updated_at: string}} Room
 */

const ADMISSION = /** @type {Record<string, [string, string]>} */ ({
  open: ["globe", "Open"],
  approval: ["people", "By approval"],
  invite: ["lock", "By invitation"],
});
const CALM_MS = 5000;

class WpRooms extends HTMLElement {
  /** @type {Room[]} */
  #rooms = [];
  #drawn = "";
  #rounds = new Rounds(() => this.#look(), document, { calm: CALM_MS });

  connectedCallback() {
    the(this, "[data-search]", HTMLInputElement).addEventListener("input", () => this.#draw());
    this.addEventListener("wp-changed", () => this.#rounds.soon());
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  async #look() {
    try {
      const { items } = await api.get("/rooms?limit=100");
      this.#rooms = items;
      showProblem(this, null);
      this.#draw();
    } catch (error) {
      the(this, "[data-list]", HTMLUListElement).querySelectorAll("[data-skeleton]").forEach((row) => row.remove());
      showProblem(this, error);
      throw error;
    } finally {
      the(this, "[data-list]", HTMLUListElement).setAttribute("aria-busy", "false");
    }
    return false;
  }

  /** Rows are kept while nothing about them has changed, so that a finger or the keyboard's focus is not thrown off. */
  #draw() {
    const list = the(this, "[data-list]", HTMLUListElement);
    const search = the(this, "[data-search]", HTMLInputElement);
    const wanted = search.value.trim().toLowerCase();
    const shown = this.#rooms.filter((room) => [room.name, room.host.display_name, room.film?.title ?? ""].join("\n").toLowerCase().includes(wanted));
    the(this, "[data-empty]", HTMLElement).hidden = this.#rooms.length > 0;
    the(this, "[data-none]", HTMLElement).hidden = this.#rooms.length === 0 || shown.length > 0;
    the(this, "[data-find]", HTMLElement).hidden = this.#rooms.length < 2 && !wanted;
    const rows = new Map([...list.children].map((row) => [row.getAttribute("data-key"), row]));
    const next = shown.map((room) => rows.get(keyOf(room)) ?? this.#card(room));
    const drawn = shown.map(keyOf).join("\n");
    if (drawn === this.#drawn && list.childElementCount === next.length) return;
    this.#drawn = drawn;
    list.replaceChildren(...next);
  }

  #card(/** @type {Room} */ room) {
    const { id, name, admission, has_password, host, present, people, film, role, updated_at } = room;
    const mine = host.id === this.getAttribute("person");
    const [sign, words] = ADMISSION[admission] ?? ["lock", admission];
    const facts = [mine ? "Yours" : host.display_name, ago(updated_at, Date.now()), has_password ? "with a password" : null];
    const others = present - people.length;
    const here = present > 0 ? `Here: ${people.join(", ")}${others > 0 ? ` and ${others} more` : ""}` : "Nobody is here now";
    const on = film ? film.title : room.video_id ? "A film is on" : "No film yet";
    const knocks = !role && admission === "approval";
    return h(
      "li",
      { class: "card room-card", "data-key": keyOf(room) },
      film?.poster_url ? h("img", { class: "room-poster", src: film.poster_url, alt: "", loading: "lazy" }) : h("span", { class: "room-poster" }, icon("film")),
      h(
        "div",
        { class: "grow stack tight" },
        h("h2", {}, h("a", { href: `/rooms/${id}` }, name)),
        h("p", { class: "small" }, on),
        h("p", { class: "soft small" }, here),
        h("p", { class: "soft small" }, facts.filter(Boolean).join(" · ")),
      ),
      h(
        "div",
        { class: "room-card-ends" },
        h("div", { class: "cluster" }, present > 0 ? h("span", { class: "badge accent" }, icon("people"), counted(present, "person here", "people here")) : null, h("span", { class: "badge" }, icon(sign), words)),
        h(
          "div",
          { class: "cluster" },
          h("a", { class: "button", href: `/rooms/${id}`, "aria-label": `${knocks ? "Ask to join" : "Join"} ${name}` }, knocks ? "Ask to join" : "Join"),
          mine ? h("button", { class: "button quiet icon-only", type: "button", "aria-label": `Settings of ${name}`, onclick: () => void this.#settings(id) }, icon("settings")) : null,
        ),
      ),
    );
  }

  async #settings(/** @type {string} */ id) {
    const settings = await later("wp-room-settings", () => import("./wp-room-settings.js"));
    this.querySelector("wp-room-settings")?.remove();
    if (!settings) return;
    settings.setAttribute("room-id", id);
    this.append(settings);
    void settings.open();
  }
}

function keyOf(/** @type {Room} */ { film, ...room }) {
  // The signature in a poster's address is another one each time.
  return JSON.stringify([room, film?.title, film?.poster_url === null]);
}

customElements.define("wp-rooms", WpRooms);
