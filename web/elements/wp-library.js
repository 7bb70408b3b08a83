// The library: films as cards, newest first, searched by title.

import { h, the } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { counted } from "../lib/format.js";
import { WpVideoCard } from "./wp-video-card.js";

/** @typedef {import("./wp-video-card.js").Video} Video */

const TYPING_PAUSE_MS = 250;
/** How soon a film that came by the watched folder, or from somebody else, shows up. */
const LOOK_AGAIN_MS = 5000;

class WpLibrary extends HTMLElement {
  /** @type {string | null} */
  #cursor = null;
  /** @type {AbortController} */
  #asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  /** Deleted here, perhaps not yet on the server. @type {Set<string>} */
  #leaving = new Set();

  connectedCallback() {
    this.#search.addEventListener("input", () => this.#typed());
    the(this, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
    this.#more.addEventListener("click", () => this.#load());
    this.addEventListener("wp-delete", (event) => this.#delete(/** @type {CustomEvent<Video>} */ (event)));
    this.#looking = setInterval(() => void this.#lookAgain(), LOOK_AGAIN_MS);
    this.#begin();
  }

  disconnectedCallback() {
    clearInterval(this.#looking);
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#begin(), TYPING_PAUSE_MS);
  }

  #begin() {
    clearTimeout(this.#typing);
    const query = this.#search.value.trim();
    history.replaceState(null, "", query ? `/?q=${encodeURIComponent(query)}` : "/");
    this.#cursor = null;
    this.#load();
  }

  async #load() {
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    const wanted = new URLSearchParams();
    if (this.#search.value.trim()) wanted.set("q", this.#search.value.trim());
    if (this.#cursor) wanted.set("cursor", this.#cursor);
    try {
      const { items, next_cursor } = await api.get(`/videos?${wanted}`, { signal });
      showProblem(this, null);
      this.#show(items, this.#cursor !== null, next_cursor);
    } catch (error) {
      if (signal.aborted) return;
      this.#list.replaceChildren();
      showProblem(this, error);
    } finally {
      if (!signal.aborted) this.#list.setAttribute("aria-busy", "false");
    }
  }

  /**
   * @param {Video[]} videos
   * @param {boolean} more whether they come after those already shown
   * @param {string | null} next
   */
  #show(videos, more, next) {
    const cards = videos.map((video) => h("li", {}, new WpVideoCard(video)));
    if (more) this.#list.append(...cards);
    else this.#list.replaceChildren(...cards);
    this.#cursor = next;
    this.#more.hidden = next === null;
    this.#tellCount();
    if (more) cards[0]?.querySelector("a")?.focus();
  }

  /** What is newer than what is shown goes on top. */
  async #lookAgain() {
    if (document.hidden || this.#search.value.trim() || this.#list.getAttribute("aria-busy") === "true") return;
    /** @type {{items: Video[]}} */
    const { items } = await api.get("/videos").catch(() => ({ items: [] }));
    const shown = new Set(this.#cards.map(({ video }) => video.id));
    const isKnown = (/** @type {Video} */ { id }) => shown.has(id) || this.#leaving.has(id);
    const known = items.findIndex(isKnown);
    const fresh = known < 0 ? items : items.slice(0, known);
    if (fresh.length === 0 || this.#search.value.trim()) return;
    this.#list.prepend(...fresh.map((video) => h("li", {}, new WpVideoCard(video))));
    this.#tellCount();
  }

  /** @param {CustomEvent<Video>} event */
  #delete({ detail: video, target }) {
    const item = target instanceof Element ? target.closest("li") : null;
    if (!item) return;
    const follower = item.nextElementSibling;
    item.remove();
    this.#leaving.add(video.id);
    this.#tellCount();
    (follower?.querySelector("a") ?? the(this, ".page-head a", HTMLAnchorElement)).focus();
    const back = () => {
      this.#leaving.delete(video.id);
      this.#list.insertBefore(item, follower?.parentNode === this.#list ? follower : null);
      this.#tellCount();
    };
    undoable(`“${video.title}” is deleted.`, {
      undo: back,
      commit: () =>
        void api.delete(`/videos/${video.id}`, { keepalive: true }).catch((error) => {
          back();
          toast(sentence(error));
        }),
    });
  }

  #tellCount() {
    const shown = this.#list.children.length;
    const searching = this.#search.value.trim() !== "";
    the(this, "[data-empty=library]", HTMLElement).hidden = shown > 0 || searching;
    the(this, "[data-empty=search]", HTMLElement).hidden = shown > 0 || !searching;
    the(this, "[data-count]", HTMLElement).textContent = searching ? counted(shown, "film found", "films found") : counted(shown, "film", "films");
  }

  get #search() {
    return the(this, "[type=search]", HTMLInputElement);
  }

  get #cards() {
    return [...this.querySelectorAll("wp-video-card")].filter((card) => card instanceof WpVideoCard);
  }

  get #list() {
    return the(this, "[data-list]", HTMLUListElement);
  }

  get #more() {
    return the(this, "[data-more]", HTMLButtonElement);
  }
}

customElements.define("wp-library", WpLibrary);
