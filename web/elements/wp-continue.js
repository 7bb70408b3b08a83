// Films one has begun: <wp-continue>, a row above the library. Not there while there are none.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { clock } from "../lib/format.js";

/** @typedef {{video: import("./wp-video-card.js").Video, position: number}} Begun */

const SHOWN = 6;

export class WpContinue extends HTMLElement {
  #list = h("ul", { class: "continue-row", role: "list" });

  async connectedCallback() {
    this.hidden = true;
    this.append(h("h2", { id: "continue" }, "Continue watching"), this.#list);
    // The library can be looked at without it.
    const answer = await api.get(`/history?unfinished=true&limit=${SHOWN}`).catch(() => null);
    const begun = /** @type {Begun[]} */ (answer?.items ?? []);
    this.#list.replaceChildren(...begun.map((each) => this.#item(each)));
    this.hidden = begun.length === 0;
  }

  /** @param {Begun} begun */
  #item({ video, position }) {
    const { id, title, poster_url, duration } = video;
    const left = duration ? `${clock(Math.max(0, duration - position))} left` : "";
    const item = h(
      "li",
      { class: "continue-film" },
      h(
        "a",
        { href: `/videos/${id}` },
        h("span", { class: poster_url ? "poster" : "poster blank" }, poster_url ? h("img", { src: poster_url, alt: "", loading: "lazy" }) : icon("film"), h("progress", { max: 1, value: duration ? position / duration : 0, "aria-label": `Watched of ${title}` })),
        h("strong", {}, title),
        h("span", { class: "small soft" }, left),
      ),
      h("button", { class: "button quiet icon-only", type: "button", "aria-label": `Forget where I was in ${title}`, onclick: () => void this.#forget(id, item) }, icon("close")),
    );
    return item;
  }

  /** @param {string} id @param {HTMLElement} item */
  async #forget(id, item) {
    try {
      await api.delete(`/history/${encodeURIComponent(id)}`);
      const next = item.nextElementSibling ?? item.previousElementSibling;
      item.remove();
      this.hidden = this.#list.childElementCount === 0;
      /** @type {HTMLElement | null} */ (next?.querySelector("button") ?? null)?.focus();
    } catch (error) {
      toast(sentence(error));
    }
  }
}

customElements.define("wp-continue", WpContinue);
