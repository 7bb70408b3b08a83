// Choosing films from the library in a dialog: to be shown now, or after what is queued already, several in a row.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { clock } from "../lib/format.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{id: string, title: string, duration: number | null, poster_url: string | null, status: string}} Film */

class WpPartyPick extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #list = h("ul", { class: "pick-list", role: "list" });
  #search = h("input", { class: "input", type: "search", "aria-label": "Search the library", placeholder: "Search titles", autocomplete: "off", oninput: () => this.#soon() });
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #dialog = h("dialog", { class: "dialog pick", "aria-labelledby": "pick-title" });
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(
      h("div", { class: "cluster apart" }, h("h2", { id: "pick-title" }, "Pick a film"), close),
      this.#search,
      this.#problem,
      this.#list,
    );
    this.replaceChildren(this.#dialog);
    this.party?.addEventListener("queue", () => this.#count());
    this.party?.addEventListener("refusal", (event) => this.#refused(/** @type {CustomEvent<{detail: string}>} */ (event).detail));
  }

  async open() {
    this.#problem.hidden = true;
    if (!this.#dialog.open) this.#dialog.showModal();
    await this.#fill();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#fill(), 200);
  }

  async #fill() {
    const asked = ++this.#asked;
    this.#list.setAttribute("aria-busy", "true");
    try {
      const query = new URLSearchParams({ limit: "60", status: "ready", q: this.#search.value.trim() });
      if (!query.get("q")) query.delete("q");
      const { items } = await api.get(`/videos?${query}`);
      if (asked !== this.#asked) return;
      this.#list.replaceChildren(...items.map((/** @type {Film} */ film) => this.#row(film)));
      if (items.length === 0) this.#list.replaceChildren(h("li", { class: "soft" }, "There is no film here by that name."));
      this.#count();
    } catch (error) {
      this.#list.replaceChildren(h("li", { class: "notice bad" }, sentence(error)));
    } finally {
      this.#list.setAttribute("aria-busy", "false");
    }
  }

  #row(/** @type {Film} */ { id, title, duration, poster_url }) {
    const load = () => {
      this.party?.load(id);
      this.#dialog.close();
    };
    const add = () => {
      this.#problem.hidden = true;
      this.party?.changeQueue("add", { video_id: id });
    };
    const poster = poster_url ? h("img", { src: poster_url, alt: "", loading: "lazy", width: 112, height: 63 }) : h("span", { class: "pick-blank" }, icon("film"));
    return h(
      "li",
      { class: "pick-film", "data-video": id },
      poster,
      h("div", { class: "grow pick-words" }, h("span", { class: "pick-name" }, title), h("span", { class: "soft small" }, duration ? `${clock(duration)} ` : "", h("span", { class: "pick-count", role: "status" }))),
      h(
        "div",
        { class: "pick-ways" },
        h("button", { class: "button", type: "button", "aria-label": `Play now: ${title}`, onclick: load }, icon("play"), "Play now"),
        h("button", { class: "button", type: "button", "aria-label": `Add ${title} to the queue`, onclick: add }, icon("plus"), "Queue"),
      ),
    );
  }

  /** How often each film stands in the queue already, as the room says. */
  #count() {
    if (!this.#dialog.open) return;
    const queued = this.party?.queue.items ?? [];
    for (const row of this.#list.querySelectorAll("[data-video]")) {
      const times = queued.filter(({ video_id }) => video_id === row.getAttribute("data-video")).length;
      const words = times === 0 ? "" : times === 1 ? "in the queue" : `${times} times in the queue`;
      const place = row.querySelector(".pick-count");
      if (place && place.textContent !== words) place.textContent = words;
    }
  }

  /** A toast would lie behind the dialog. */
  #refused(/** @type {{detail: string}} */ { detail }) {
    if (!this.#dialog.open) return;
    this.#problem.textContent = detail;
    this.#problem.hidden = false;
  }
}

customElements.define("wp-party-pick", WpPartyPick);
