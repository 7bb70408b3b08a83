// Putting on another film: the library in a dialog.

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
  #dialog = h("dialog", { class: "dialog pick", "aria-labelledby": "pick-title" });
  #button = h("button", { class: "button quiet", type: "button", onclick: () => this.open() }, icon("film"), h("span", {}, "Film"));
  #open = () => void this.open();
  #asked = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  connectedCallback() {
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(
      h("div", { class: "cluster apart" }, h("h2", { id: "pick-title" }, "Pick a film"), close),
      this.#search,
      this.#list,
    );
    this.replaceChildren(this.#button, this.#dialog);
    for (const event of ["welcome", "members", "room"]) this.party?.addEventListener(event, () => this.#show());
    document.addEventListener("wp-pick-film", this.#open);
    this.#show();
  }

  disconnectedCallback() {
    document.removeEventListener("wp-pick-film", this.#open);
  }

  async open() {
    this.#dialog.showModal();
    await this.#fill();
  }

  #show() {
    this.hidden = !this.party?.you || !this.party.may("queue") || this.party.you.role === "guest";
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
    const poster = poster_url ? h("img", { src: poster_url, alt: "", loading: "lazy", width: 112, height: 63 }) : h("span", { class: "pick-blank" }, icon("film"));
    return h("li", {}, h("button", { class: "pick-film", type: "button", onclick: load }, poster, h("span", { class: "grow" }, title), h("span", { class: "soft small" }, duration ? clock(duration) : "")));
  }
}

customElements.define("wp-party-pick", WpPartyPick);
