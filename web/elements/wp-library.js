// The library: films as cards, searched, filtered, sorted and selected. All of them are followed by two requests a round, not by
// two a card.

import "./wp-continue.js";

import { h, the } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { ApiProblem, api } from "../lib/api.js";
import { counted } from "../lib/format.js";
import { onEvent, pageEvents } from "../lib/events.js";
import { mainJobs, progressed } from "../lib/jobs.js";
import { addressOf, isNarrow, isNewestFirst, queryOf, wantedIn } from "../lib/library-query.js";
import { Rounds } from "../lib/rounds.js";
import { FILM_EVENTS, WORK_EVENTS, isBusy, toAskAbout } from "../lib/shelf.js";
import { WpLibraryFilters } from "./wp-library-filters.js";
import { WpVideoCard } from "./wp-video-card.js";

/** @typedef {import("./wp-video-card.js").Video} Video */
/** @typedef {import("../lib/jobs.js").Job} Job */

const TYPING_PAUSE_MS = 250;
/** How soon a film that came by the watched folder, or from somebody else, shows up. */
const LOOK_AGAIN_MS = 5000;
/** More jobs than ever run at once, and more than anybody retries. */
const JOBS = 100;
/** As many as the server changes at once. */
const MOST_PICKED = 100;

class WpLibrary extends HTMLElement {
  /** @type {string | null} */
  #cursor = null;
  /** @type {AbortController} */
  #asking = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #typing;
  #rounds = new Rounds(() => this.#look(), document, {
    calm: LOOK_AGAIN_MS,
    news: pageEvents(),
    names: [...FILM_EVENTS, ...WORK_EVENTS],
  });
  #unheard = () => {};
  #round = 0;
  /** What is asked for. */
  #wanted = wantedIn(location.search);
  /** Loads what comes next as soon as its button is nearly in sight. */
  #sight = new IntersectionObserver((seen) => seen.some((each) => each.isIntersecting) && void this.#load(), { rootMargin: "600px" });
  #stale = () => this.#begin();
  /** What runs, by film. @type {Map<string, Job>} */
  #running = new Map();
  /** Why films are encoded, asked for once each. @type {Map<string, string | null>} */
  #whys = new Map();
  /** What failed and can be tried again, by film. @type {Map<string, Job>} */
  #retries = new Map();
  /** Failed films whose job was looked for. @type {Set<string>} */
  #sought = new Set();

  connectedCallback() {
    this.#search.addEventListener("input", () => this.#typed());
    the(this, "form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#begin();
    });
    this.#unheard = onEvent("JobProgressed", (told) => this.#progressed(told));
    this.#more.addEventListener("click", () => this.#load(true));
    this.#filters.show(this.#wanted);
    this.addEventListener("wp-filter", (event) => this.#narrow(/** @type {CustomEvent} */ (event).detail));
    document.addEventListener("wp-library-stale", this.#stale);
    this.querySelector("[data-select]")?.addEventListener("click", () => void this.#select(!this.#selecting));
    this.addEventListener("keydown", (event) => event.key === "Escape" && this.#selecting && void this.#select(false));
    this.addEventListener("wp-picked", () => this.#tellPicked());
    this.addEventListener("wp-bulk-done", () => void this.#select(false));
    this.addEventListener("wp-bulk-all", () => this.#pickAll());
    this.addEventListener("wp-bulk-changed", (event) => this.#changed(/** @type {CustomEvent} */ (event).detail));
    this.addEventListener("wp-delete", (event) => void this.#delete(/** @type {CustomEvent<Video>} */ (event)));
    this.addEventListener("wp-retry", (event) => void this.#retry(/** @type {CustomEvent<Job>} */ (event).detail));
    this.#begin();
  }

  disconnectedCallback() {
    this.#unheard();
    this.#rounds.stop();
    this.#sight.disconnect();
    document.removeEventListener("wp-library-stale", this.#stale);
  }

  /** @param {Partial<import("../lib/library-query.js").Wanted>} change */
  #narrow(change) {
    this.#wanted = { ...this.#wanted, ...change };
    this.#begin();
  }

  #typed() {
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#begin(), TYPING_PAUSE_MS);
  }

  #begin() {
    clearTimeout(this.#typing);
    this.#wanted.q = this.#search.value.trim();
    this.#filters.show(this.#wanted);
    history.replaceState(null, "", addressOf(this.#wanted));
    const begun = this.querySelector("wp-continue");
    if (begun) begun.toggleAttribute("data-away", isNarrow(this.#wanted));
    this.#cursor = null;
    this.#load();
  }

  /** @param {boolean} [asked] whether somebody pressed the button, and waits for the films with the keyboard */
  async #load(asked = false) {
    this.#sight.disconnect();
    this.#asking.abort();
    this.#rounds.stop();
    const { signal } = (this.#asking = new AbortController());
    const wanted = queryOf(this.#wanted);
    if (this.#cursor) wanted.set("cursor", this.#cursor);
    try {
      const { items, next_cursor } = await api.get(`/videos?${wanted}`, { signal });
      showProblem(this, null);
      this.#show(items, this.#cursor !== null, next_cursor, asked);
      this.#rounds.start();
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
   * @param {boolean} asked whether the keyboard's focus goes with them
   */
  #show(videos, more, next, asked) {
    const cards = videos.map((video) => h("li", {}, new WpVideoCard(video)));
    if (more) this.#list.append(...cards);
    else this.#list.replaceChildren(...cards);
    this.#cursor = next;
    this.#more.hidden = next === null;
    this.#tellCount();
    if (asked) cards[0]?.querySelector("a")?.focus();
    if (next !== null) this.#sight.observe(this.#more);
    this.#tellPicked();
  }

  /** One round for all the cards: what runs, and the newest films. A search begun meanwhile ends it. */
  async #look() {
    const { signal } = this.#asking;
    try {
      return await this.#lookWith(signal);
    } catch (error) {
      if (signal.aborted) return true;
      throw error;
    }
  }

  /** @param {AbortSignal} signal */
  async #lookWith(signal) {
    const [{ items: running }, { items }] = await Promise.all([
      api.get(`/jobs?status=running&limit=${JOBS}`, { signal }),
      api.get(`/videos?${queryOf(this.#wanted)}`, { signal }),
    ]);
    this.#running = mainJobs(running);
    const answered = new Set(items.map((/** @type {Video} */ { id }) => id));
    for (const id of toAskAbout(this.#cards.map(({ video }) => video), answered, this.#round++)) {
      const video = await api.get(`/videos/${id}`, { signal }).catch(gone);
      if (video) items.push(video);
      else this.#card(id)?.closest("li")?.remove();
    }
    await this.#findOut(items, signal);
    if (signal.aborted) return true;
    this.#update(items, answered);
    return isBusy(this.#cards.map(({ video }) => video), running);
  }

  /**
   * What the cards say of films that are encoded or have failed, asked for once each.
   *
   * @param {Video[]} videos
   * @param {AbortSignal} signal
   */
  async #findOut(videos, signal) {
    for (const [id, { kind }] of this.#running) {
      if (kind === "prepare" || this.#whys.has(id) || !this.#card(id)) continue;
      const status = await api.get(`/videos/${id}/status`, { signal }).catch(gone);
      this.#whys.set(id, status?.why_encoded ?? null);
    }
    const failed = videos.filter(({ id, status, mine }) => status === "failed" && mine && !this.#sought.has(id));
    if (failed.length === 0) return;
    for (const { id } of failed) this.#sought.add(id);
    const { items } = await api.get(`/jobs?status=failed&kind=prepare&limit=${JOBS}`, { signal });
    this.#retries = new Map(items.filter((/** @type {Job} */ job) => job.can_retry).map((/** @type {Job} */ job) => [job.video_id, job]));
  }

  /**
   * What is newer than what is shown goes on top; the cards that are there already show what was heard.
   *
   * @param {Video[]} videos
   * @param {Set<string>} listed those that stand in the list, and were not asked about one by one
   */
  #update(videos, listed) {
    const told = new Map(videos.map((video) => [video.id, video]));
    for (const card of this.#cards) {
      const video = told.get(card.video.id) ?? card.video;
      card.show(video, { job: this.#running.get(video.id), why: this.#whys.get(video.id), retry: this.#retries.get(video.id) });
    }
    const isKnown = (/** @type {Video} */ { id }) => this.#card(id) !== undefined;
    if (!isNewestFirst(this.#wanted)) return;
    const newest = videos.filter(({ id }) => listed.has(id));
    const known = newest.findIndex(isKnown);
    const fresh = known < 0 ? newest : newest.slice(0, known);
    if (fresh.length === 0) return;
    this.#list.prepend(...fresh.map((video) => h("li", {}, new WpVideoCard(video))));
    this.#tellCount();
    // The next round tells what is being done to them.
    this.#rounds.soon();
  }

  /** @param {any} told as the event JobProgressed says it */
  #progressed(told) {
    const job = this.#running.get(told.video_id);
    const card = this.#card(told.video_id);
    if (job?.id !== told.subject || !job || !card) return;
    const now = progressed(job, told);
    this.#running.set(told.video_id, now);
    card.show(card.video, { job: now, why: this.#whys.get(told.video_id), retry: this.#retries.get(told.video_id) });
  }

  /** @param {Job} job */
  async #retry(job) {
    try {
      await api.post(`/jobs/${encodeURIComponent(job.id)}/retry`);
      this.#retries.delete(job.video_id);
      this.#sought.delete(job.video_id);
      const card = this.#card(job.video_id);
      card?.show(await api.get(`/videos/${job.video_id}`), {});
    } catch (error) {
      toast(sentence(error));
    }
    this.#rounds.soon();
  }

  /** @param {CustomEvent<Video>} event */
  async #delete({ detail: video, target }) {
    const item = target instanceof Element ? target.closest("li") : null;
    try {
      await api.delete(`/videos/${encodeURIComponent(video.id)}`);
    } catch (error) {
      return toast(sentence(error));
    }
    const follower = item?.nextElementSibling;
    item?.remove();
    this.#tellCount();
    (follower?.querySelector("a") ?? the(this, ".page-head a", HTMLAnchorElement)).focus();
    toast(`“${video.title}” is deleted.`, { action: { label: "Undo", run: () => void this.#restore(video) }, seconds: 10 });
  }

  /** @param {Video} video */
  async #restore({ id }) {
    await api.post(`/videos/${encodeURIComponent(id)}/restore`).catch((error) => toast(sentence(error)));
    this.#begin();
  }

  // Selecting.

  /** @param {boolean} on */
  async #select(on) {
    for (const card of this.#cards) card.pick(false);
    this.toggleAttribute("data-selecting", on);
    const button = the(this, "[data-select]", HTMLButtonElement);
    button.setAttribute("aria-pressed", String(on));
    the(this, "wp-bulk-bar", HTMLElement).hidden = !on;
    if (!on) return button.focus();
    await import("./wp-bulk-bar.js").catch(() => toast("A part of this page could not be fetched. Load it again."));
    this.#tellPicked();
  }

  #pickAll() {
    for (const card of this.#cards.filter(({ video }) => video.mine).slice(0, MOST_PICKED)) card.pick(true);
    this.#tellPicked();
  }

  #tellPicked() {
    // Not there while its code is being fetched.
    if (!this.#selecting || !customElements.get("wp-bulk-bar")) return;
    /** @type {any} */ (the(this, "wp-bulk-bar", HTMLElement)).show(this.#cards.filter(({ picked }) => picked).map(({ video }) => video.id));
  }

  /** @param {import("../lib/bulk.js").Changed[]} items */
  #changed(items) {
    for (const { id, after } of items) {
      const card = this.#card(id);
      if (!after) card?.closest("li")?.remove();
      else if (card) card.show({ ...card.video, visibility: after.visibility, keep_ready: after.keep_ready }, {});
    }
    this.#tellCount();
    this.#tellPicked();
  }

  get #selecting() {
    return this.hasAttribute("data-selecting");
  }

  #tellCount() {
    const shown = this.#list.children.length;
    const searching = isNarrow(this.#wanted);
    the(this, "[data-empty=library]", HTMLElement).hidden = shown > 0 || searching;
    the(this, "[data-empty=search]", HTMLElement).hidden = shown > 0 || !searching;
    the(this, "[data-count]", HTMLElement).textContent = searching ? counted(shown, "film found", "films found") : counted(shown, "film", "films");
  }

  get #filters() {
    return the(this, "wp-library-filters", WpLibraryFilters);
  }

  get #search() {
    return the(this, "[type=search]", HTMLInputElement);
  }

  /** @param {string} id */
  #card(id) {
    return this.#cards.find(({ video }) => video.id === id);
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

/** Deleted meanwhile, or no longer ours to see. */
function gone(/** @type {unknown} */ error) {
  if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
  return null;
}

customElements.define("wp-library", WpLibrary);
