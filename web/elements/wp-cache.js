// For administrators: how full the cache of prepared films is, and which films take most of it.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { cacheFacts } from "../lib/cache.js";
import { percent, size } from "../lib/format.js";
import { Rounds } from "../lib/rounds.js";

class WpCache extends HTMLElement {
  #rounds = new Rounds(() => this.#look(), document, { calm: 10_000 });

  connectedCallback() {
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  async #look() {
    try {
      this.#show(await api.get("/admin/stats"));
    } catch (error) {
      this.querySelector("[data-cache]")?.replaceChildren(h("p", { class: "notice bad" }, sentence(error)));
      throw error;
    }
    return false;
  }

  /** @param {Parameters<typeof cacheFacts>[0]} stats */
  #show(stats) {
    const { part, used, facts, largest, warning } = cacheFacts(stats);
    const bar = h("progress", { max: 1, value: part, "aria-label": "Room used in the cache" });
    this.querySelector("[data-cache]")?.replaceChildren(
      h("div", { class: "stack tight" }, h("p", {}, used, h("span", { class: "soft" }, ` · ${percent(part)}`)), bar),
      warning ? h("p", { class: "notice" }, warning) : "",
      h("dl", { class: "pairs" }, ...facts.map(({ label, value }) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
      largest.length > 0 ? h("div", {}, h("h3", {}, "The largest"), h("ul", { class: "pairs", role: "list" }, ...largest.map((film) => this.#film(film)))) : "",
    );
  }

  /** @param {import("../lib/cache.js").StoredFilm} film */
  #film({ id, title, stored_bytes, kept }) {
    return h(
      "li",
      {},
      h("a", { href: `/videos/${encodeURIComponent(id)}` }, title),
      h("span", {}, size(stored_bytes), kept ? h("span", { class: "badge" }, "Kept ready") : null),
    );
  }
}

customElements.define("wp-cache", WpCache);
