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
      const { cache } = await api.get("/admin/stats");
      this.#show(cache);
    } catch (error) {
      this.querySelector("[data-cache]")?.replaceChildren(h("p", { class: "notice bad" }, sentence(error)));
      throw error;
    }
    return false;
  }

  /** @param {import("../lib/cache.js").Cache} cache */
  #show(cache) {
    const { part, used, facts, films, warning } = cacheFacts(cache);
    const bar = h("progress", { max: 1, value: part, "aria-label": "Room used in the cache" });
    this.querySelector("[data-cache]")?.replaceChildren(
      h("div", { class: "stack tight" }, h("p", {}, used, h("span", { class: "soft" }, ` · ${percent(part)}`)), bar),
      warning ? h("p", { class: "notice" }, warning) : "",
      h("dl", { class: "pairs" }, ...facts.map(({ label, value }) => h("div", {}, h("dt", {}, label), h("dd", {}, value)))),
      films.length > 0 ? h("div", {}, h("h3", {}, "The largest"), h("ul", { class: "pairs", role: "list" }, ...films.map((film) => this.#film(film)))) : "",
    );
  }

  /** @param {import("../lib/cache.js").CachedFilm} film */
  #film({ video_id, title, bytes, keep_ready }) {
    return h(
      "li",
      {},
      h("a", { href: `/videos/${encodeURIComponent(video_id)}` }, title),
      h("span", {}, size(bytes), keep_ready ? h("span", { class: "badge" }, "Kept ready") : null),
    );
  }
}

customElements.define("wp-cache", WpCache);
