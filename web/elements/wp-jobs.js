// The jobs page: what runs, what waits, what is over, and how the queue stands.

import { h, the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { ApiProblem, api } from "../lib/api.js";
import { onEvent, pageEvents } from "../lib/events.js";
import { JOB_EVENTS, grouped, isOpen, lost, places, progressed, queueFacts } from "../lib/jobs.js";
import { Rounds } from "../lib/rounds.js";
import { WpJobList } from "./wp-job-list.js";

/** @typedef {import("../lib/jobs.js").Job} Job */
/** @typedef {{items: Job[], next_cursor: string | null}} JobPage */

/** How many open jobs are asked for at once, and how many of all at a time. */
const OPEN = 100;
const AT_A_TIME = 24;
/** What fell out of the lists is asked about by name; more than these at once are left to the history. */
const MOST_LOST = 10;
/** A page of history may hold nothing but what still waits; then the next is fetched, up to this many. */
const MOST_PAGES = 5;

class WpJobs extends HTMLElement {
  /** @type {Map<string, Job>} */
  #jobs = new Map();
  /** Where the oldest page ended; undefined before the first. @type {string | null | undefined} */
  #cursor;
  #status = "";
  #waiting = 0;
  #rounds = new Rounds(() => this.#look(), document, { news: pageEvents(), names: JOB_EVENTS });
  #unheard = () => {};

  connectedCallback() {
    this.addEventListener("click", (event) => this.#filter(event));
    this.addEventListener("wp-job-changed", (event) => this.#changed(/** @type {CustomEvent<Job | null>} */ (event).detail));
    this.#more.addEventListener("click", () => void this.#older());
    this.#unheard = onEvent("JobProgressed", (told) => this.#progressed(told));
    this.#choose(new URLSearchParams(location.search).get("status") ?? "");
  }

  disconnectedCallback() {
    this.#unheard();
    this.#rounds.stop();
  }

  /** @param {Event} event */
  #filter(event) {
    const link = event.target instanceof Element ? event.target.closest("[data-status-filter]") : null;
    if (!(link instanceof HTMLAnchorElement)) return;
    event.preventDefault();
    const status = link.dataset.statusFilter ?? "";
    history.replaceState(null, "", status ? `/jobs?status=${status}` : "/jobs");
    this.#choose(status);
  }

  /** @param {string} status */
  #choose(status) {
    this.#rounds.stop();
    const links = [...this.querySelectorAll("[data-status-filter]")];
    const chosen = links.find((link) => /** @type {HTMLElement} */ (link).dataset.statusFilter === status) ?? links[0];
    for (const link of links) link.removeAttribute("aria-current");
    chosen?.setAttribute("aria-current", "true");
    // On a phone the last ones lie beyond the edge.
    chosen?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#status = /** @type {HTMLElement | undefined} */ (chosen)?.dataset.statusFilter ?? "";
    this.#jobs.clear();
    this.#cursor = undefined;
    this.#rounds.start();
  }

  /** One round: the numbers, everything open, and the newest of what is looked at. */
  async #look() {
    const status = this.#status;
    try {
      const [stats, running, queued, newest] = await Promise.all([
        api.get("/queue/stats"),
        api.get(`/jobs?status=running&limit=${OPEN}`),
        api.get(`/jobs?status=queued&limit=${OPEN}`),
        api.get(`/jobs?${this.#wanted()}`),
      ]);
      if (status !== this.#status) return true;
      for (const page of [newest, queued, running]) this.#keep(page.items);
      await this.#find([...lost(this.#jobs.values(), running, "running"), ...lost(this.#jobs.values(), queued, "queued")]);
      if (status !== this.#status) return true;
      if (this.#cursor === undefined) this.#cursor = newest.next_cursor;
      this.#tell(stats);
      if (!this.#historyShows && this.#cursor) await this.#fetchOlder();
      showProblem(this, null);
      this.#show();
      return stats.active + stats.waiting + stats.delayed > 0;
    } catch (error) {
      showProblem(this, error);
      throw error;
    } finally {
      this.removeAttribute("aria-busy");
      the(this, "[data-skeletons]", HTMLElement).hidden = true;
    }
  }

  #wanted() {
    const wanted = new URLSearchParams({ limit: String(AT_A_TIME) });
    if (this.#status) wanted.set("status", this.#status);
    return wanted;
  }

  /** @param {Job[]} jobs */
  #keep(jobs) {
    for (const job of jobs) this.#jobs.set(job.id, job);
  }

  /** @param {Job[]} jobs that have ended, or gone with their film */
  async #find(jobs) {
    for (const { id } of jobs.slice(MOST_LOST)) this.#jobs.delete(id);
    for (const { id } of jobs.slice(0, MOST_LOST)) {
      try {
        this.#keep([await api.get(`/jobs/${encodeURIComponent(id)}`)]);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 404) throw error;
        this.#jobs.delete(id);
      }
    }
  }

  async #older() {
    this.#more.setAttribute("aria-busy", "true");
    try {
      await this.#fetchOlder();
      showProblem(this, null);
      this.#show();
    } catch (error) {
      showProblem(this, error);
    }
    this.#more.removeAttribute("aria-busy");
  }

  async #fetchOlder() {
    const before = this.#over.length;
    for (let page = 0; page < MOST_PAGES && this.#cursor && this.#over.length === before; page++) {
      const wanted = this.#wanted();
      wanted.set("cursor", this.#cursor);
      /** @type {JobPage} */
      const { items, next_cursor } = await api.get(`/jobs?${wanted}`);
      this.#keep(items);
      this.#cursor = next_cursor;
      if (this.#status && isOpen({ status: this.#status })) break;
    }
  }

  /** @param {Job | null} job as the server answered */
  #changed(job) {
    if (job?.id) {
      this.#jobs.set(job.id, job);
      this.#show();
    }
    this.#rounds.soon();
  }

  /** @param {any} told as the event JobProgressed says it */
  #progressed(told) {
    const job = this.#jobs.get(told.subject);
    if (job?.status !== "running") return;
    this.#jobs.set(job.id, progressed(job, told));
    this.#show();
  }

  /** @param {Parameters<typeof queueFacts>[0]} stats */
  #tell(stats) {
    this.#waiting = stats.waiting + stats.delayed;
    const facts = queueFacts(stats).map(({ label, value, hint }) =>
      h("div", {}, h("dt", {}, label), h("dd", {}, value, hint ? h("span", { class: "hint" }, hint) : null)),
    );
    the(this, "[data-facts]", HTMLElement).replaceChildren(...facts);
  }

  #show() {
    const focused = /** @type {HTMLElement | null | undefined} */ (document.activeElement?.closest("wp-job-list [data-id]"))?.dataset.id;
    this.#showLists();
    // The row that somebody stands in may have gone to another list.
    if (focused && document.activeElement === document.body) for (const list of this.#lists) list.focusOn(focused);
  }

  #showLists() {
    const { running, waiting, over } = grouped(this.#shown);
    const [runs, waits, history] = this.#lists;
    runs?.show(running);
    // Where more wait than are shown, nobody here knows how many come before.
    waits?.show(waiting, waiting.length < OPEN ? places(waiting, Date.now()) : undefined);
    history?.show(over);
    for (const [name, jobs] of /** @type {[string, Job[]][]} */ ([["running", running], ["waiting", waiting], ["over", over]])) {
      the(this, `[data-section=${name}]`, HTMLElement).hidden = jobs.length === 0;
    }
    const unseen = this.#waiting - waiting.length;
    the(this, "[data-unseen]", HTMLElement).textContent = waiting.length === OPEN && unseen > 0 ? `And ${unseen} that wait longer.` : "";
    this.#more.hidden = !this.#cursor;
    const none = this.#shown.length === 0;
    the(this, "[data-empty=all]", HTMLElement).hidden = !none || this.#status !== "";
    the(this, "[data-empty=filter]", HTMLElement).hidden = !none || this.#status === "";
  }

  get #shown() {
    const jobs = [...this.#jobs.values()].sort((a, b) => Date.parse(b.created_at) - Date.parse(a.created_at));
    return this.#status ? jobs.filter(({ status }) => status === this.#status) : jobs;
  }

  get #over() {
    return this.#shown.filter((job) => !isOpen(job));
  }

  /** Whether the newest page left something to see below what is open. */
  get #historyShows() {
    return this.#over.length > 0 || (this.#status !== "" && isOpen({ status: this.#status }));
  }

  get #lists() {
    return [...this.querySelectorAll("wp-job-list")].filter((list) => list instanceof WpJobList);
  }

  get #more() {
    return the(this, "[data-more]", HTMLButtonElement);
  }
}

customElements.define("wp-jobs", WpJobs);
