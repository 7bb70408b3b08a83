// One film of the library: its poster, what it is called, and how far it is while something is done to it.
// Asks by `wp-delete` and `wp-retry`; what it shows comes down through `show`.

import "./wp-menu.js";

import { h, icon } from "../dom/html.js";
import { ago, clock, size } from "../lib/format.js";
import { pace } from "../lib/jobs.js";
import { noteOf } from "../lib/shelf.js";

/** @typedef {import("../lib/jobs.js").Job} Job */
/**
 * @typedef {{id: string, title: string, status: string, reason?: string | null, owner: {id: string, display_name: string},
 *   duration: number | null, size: number | null, poster_url: string | null, visibility: string, created_at: string, mine: boolean,
 *   keep_ready?: boolean, position?: number | null}} Video
 * @typedef {{job?: Job, why?: string | null, retry?: Job}} Doing `job` runs, for the reason `why`; `retry` is the failed one that
 *   can be tried again
 */

export class WpVideoCard extends HTMLElement {
  /** @type {Doing} */
  #doing = {};
  #drawn = "";
  #box = h("input", { type: "checkbox" });

  /** @param {Video} video */
  constructor(video) {
    super();
    this.video = video;
  }

  connectedCallback() {
    this.#box.addEventListener("change", () => this.#ask("wp-picked", this.#box.checked));
    this.show(this.video, this.#doing);
  }

  /** Whether it is selected for what is done to many at once. */
  get picked() {
    return this.#box.checked;
  }

  /** @param {boolean} on */
  pick(on) {
    this.#box.checked = on;
  }

  /**
   * @param {Video} video
   * @param {Doing} doing
   */
  show(video, doing) {
    this.video = video;
    this.#doing = doing;
    // A redraw under an open menu or the keyboard's focus would take both away: only what changes is replaced.
    const key = [video.status, video.title, video.keep_ready, posterOf(video), doing.retry?.id].join("\n");
    if (key !== this.#drawn) this.#draw();
    this.#drawn = key;
    this.#drawNote();
  }

  #draw() {
    const focused = this.contains(document.activeElement);
    const { status, mine } = this.video;
    const broken = isBroken(status);
    this.replaceChildren(
      h(
        "article",
        { class: "video-card", "data-status": status },
        this.#poster(),
        h("div", { class: "video-card-words" }, h("div", { class: "grow" }, this.#title(), h("p", { class: "small", "data-note": true })), mine && !broken ? this.#menu() : null),
        mine && broken ? this.#ways() : null,
        mine ? this.#pick() : null,
      ),
    );
    if (focused) /** @type {HTMLElement | null} */ (this.querySelector("a, button, summary"))?.focus();
  }

  #poster() {
    const { poster_url, duration, status, keep_ready } = this.video;
    const corner = duration && status === "ready" ? h("span", { class: "corner" }, clock(duration)) : null;
    const kept = keep_ready ? h("span", { class: "corner kept" }, icon("pin"), "Kept ready") : null;
    const why = h("p", { class: "video-card-why", "data-why": true });
    const watched = this.#watched();
    if (poster_url) return h("div", { class: "poster" }, h("img", { src: poster_url, alt: "", loading: "lazy", decoding: "async" }), corner, kept, why, watched);
    const blank = h("div", { class: "poster blank" }, icon(isBroken(status) ? "alert" : "film"), corner, kept, why, watched);
    blank.style.setProperty("--hue", String(hue(this.video.id)));
    return blank;
  }

  /** How far one has come with it. */
  #watched() {
    const { duration, position, title } = this.video;
    if (!duration || !position) return null;
    return h("progress", { class: "watched", max: 1, value: Math.min(1, position / duration), "aria-label": `Watched of ${title}` });
  }

  /** Seen while films are selected, over the whole card. */
  #pick() {
    this.#box.setAttribute("aria-label", `Select ${this.video.title}`);
    return h("label", { class: "video-card-pick" }, this.#box);
  }

  #title() {
    const { id, title, status } = this.video;
    return h("h2", {}, isBroken(status) ? title : h("a", { href: `/videos/${id}` }, title));
  }

  /** The line below the title, the bar below the picture, and why: all that changes while something is done. */
  #drawNote() {
    const { job, why } = this.#doing;
    const note = noteOf(this.video, job);
    const words = this.querySelector("[data-note]");
    if (!words) return;
    words.className = note?.tone === "bad" ? "small bad-words" : "small soft";
    words.textContent = note?.words ?? this.#facts();
    const reasons = note?.works && job ? [why, pace(job)].filter(Boolean) : [];
    this.querySelector("[data-why]")?.replaceChildren(...reasons.map((words) => h("span", {}, words)));
    this.#drawBar(note);
  }

  /** @param {import("../lib/shelf.js").Note | null} note */
  #drawBar(note) {
    let bar = /** @type {HTMLProgressElement | null} */ (this.querySelector("progress:not(.watched)"));
    if (!note?.works) return bar?.remove();
    if (!bar) {
      bar = h("progress", { max: 1, "aria-label": `Preparing ${this.video.title}` });
      this.querySelector(".poster")?.append(bar);
    }
    if (note.progress) bar.value = note.progress;
    else bar.removeAttribute("value");
  }

  #facts() {
    const { created_at, size: bytes, owner } = this.video;
    return [owner.display_name, ago(created_at, Date.now()), bytes ? size(bytes) : null].filter(Boolean).join(" · ");
  }

  /** What to do about a film that cannot be shown. */
  #ways() {
    const { retry } = this.#doing;
    const { title, status } = this.video;
    return h(
      "div",
      { class: "cluster video-card-ways" },
      retry ? h("button", { class: "button", type: "button", "aria-label": `Try again: ${title}`, onclick: () => this.#ask("wp-retry", retry) }, "Try again") : null,
      status === "failed" ? h("a", { class: "button", href: "/upload" }, "Upload again") : null,
      h("button", { class: "button danger", type: "button", "aria-label": `Delete ${title}`, onclick: () => this.#ask("wp-delete", this.video) }, "Delete"),
    );
  }

  #menu() {
    return h(
      "wp-menu",
      {},
      h(
        "details",
        { class: "menu" },
        h("summary", { class: "button quiet icon-only", "aria-label": `More for ${this.video.title}` }, icon("more")),
        h("div", { class: "menu-panel" }, h("button", { class: "menu-item danger", type: "button", onclick: () => this.#ask("wp-delete", this.video) }, icon("trash"), "Delete")),
      ),
    );
  }

  /** @param {string} what @param {unknown} detail */
  #ask(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { bubbles: true, detail }));
  }
}

/** @param {string} status */
function isBroken(status) {
  return status === "failed" || status === "missing";
}

/**
 * Which picture it is. Its address is signed anew with every answer, and would be fetched again each time.
 *
 * @param {Video} video
 */
function posterOf({ poster_url }) {
  return poster_url === null ? "" : poster_url.replace(/^\/m\/[^/]*/, "");
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
