// One film of the library: its poster, what it is called, and how far it is while it is being prepared.

import "./wp-menu.js";

import { h, icon } from "../dom/html.js";
import { ApiProblem, api } from "../lib/api.js";
import { ago, clock, percent, size } from "../lib/format.js";
import { isSettled, saying, statuses } from "../lib/preparing.js";

/**
 * @typedef {{id: string, title: string, status: string, reason?: string | null, owner: {id: string, display_name: string},
 *   duration: number | null, size: number | null, poster_url: string | null, visibility: string, created_at: string, mine: boolean}} Video
 */

export class WpVideoCard extends HTMLElement {
  /** @type {AbortController | null} */
  #following = null;

  /** @param {Video} video */
  constructor(video) {
    super();
    this.video = video;
  }

  connectedCallback() {
    this.#draw(null);
    if (!isSettled(this.video.status)) this.#follow(this.#following = new AbortController());
  }

  disconnectedCallback() {
    this.#following?.abort();
  }

  /** @param {AbortController} following */
  async #follow({ signal }) {
    try {
      for await (const { status, reason, progress } of statuses(api, this.video.id, { signal })) {
        // Once it is ready there is a poster and a length to fetch.
        if (status === "ready") this.video = await api.get(`/videos/${this.video.id}`, { signal });
        else this.video = { ...this.video, status, reason };
        this.#draw(progress);
      }
    } catch (error) {
      // Deleted meanwhile, or no longer ours to see. Anything else leaves the card as it last was.
      if (error instanceof ApiProblem && error.status === 404) this.closest("li")?.remove();
    }
  }

  /** @param {number | null} progress */
  #draw(progress) {
    // A redraw under an open menu or the keyboard's focus would take both away: only what changes is replaced.
    const article = this.querySelector("article");
    if (article && article.dataset.status === this.video.status) return this.#drawProgress(progress);
    this.replaceChildren(
      h(
        "article",
        { class: "video-card", "data-status": this.video.status },
        this.#poster(),
        h("div", { class: "video-card-words" }, h("div", { class: "grow" }, this.#title(), this.#facts()), this.video.mine ? this.#menu() : null),
      ),
    );
    this.#drawProgress(progress);
  }

  #poster() {
    const { poster_url, duration, status } = this.video;
    const corner = duration && status === "ready" ? h("span", { class: "corner" }, clock(duration)) : null;
    if (poster_url) return h("div", { class: "poster" }, h("img", { src: poster_url, alt: "", loading: "lazy", decoding: "async" }), corner);
    const blank = h("div", { class: "poster blank" }, icon(status === "failed" || status === "missing" ? "alert" : "film"), corner);
    blank.style.setProperty("--hue", String(hue(this.video.id)));
    return blank;
  }

  #title() {
    const { id, title, status } = this.video;
    return h("h2", {}, status === "failed" || status === "missing" ? title : h("a", { href: `/videos/${id}` }, title));
  }

  #facts() {
    const { status, created_at, size: bytes, owner } = this.video;
    if (status !== "ready") return h("p", { class: "small", "data-saying": true });
    const facts = [owner.display_name, ago(created_at, Date.now()), bytes ? size(bytes) : null];
    return h("p", { class: "soft small" }, facts.filter(Boolean).join(" · "));
  }

  /** @param {number | null} progress */
  #drawProgress(progress) {
    const words = this.querySelector("[data-saying]");
    if (!words) return;
    const settled = isSettled(this.video.status);
    words.className = settled ? "small bad-words" : "small soft";
    words.textContent = saying(this.video) + (progress !== null && !settled ? ` · ${percent(progress)}` : "");
    let bar = this.querySelector("progress");
    if (settled || this.video.status === "pending") return bar?.remove();
    if (!bar) {
      bar = h("progress", { max: 1, "aria-label": `Preparing ${this.video.title}` });
      this.querySelector(".poster")?.append(bar);
    }
    if (progress === null) bar.removeAttribute("value");
    else bar.value = progress;
  }

  #menu() {
    const ask = () => this.dispatchEvent(new CustomEvent("wp-delete", { bubbles: true, detail: this.video }));
    return h(
      "wp-menu",
      {},
      h(
        "details",
        { class: "menu" },
        h("summary", { class: "button quiet icon-only", "aria-label": `More for ${this.video.title}` }, icon("more")),
        h("div", { class: "menu-panel" }, h("button", { class: "menu-item danger", type: "button", onclick: ask }, icon("trash"), "Delete")),
      ),
    );
  }
}

/**
 * The colour of a film without a poster, the same whenever it is met.
 *
 * @param {string} id
 */
function hue(id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 360;
  return sum;
}

customElements.define("wp-video-card", WpVideoCard);
