// One job: what it does, where it stands, and what may be done about it. Tells `wp-job-changed` when somebody did.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { kindOf, standing } from "../lib/jobs.js";

/** @typedef {import("../lib/jobs.js").Job} Job */

export class WpJob extends HTMLElement {
  /** @type {Job | null} */
  #job = null;
  #drawn = "";
  #name = h("h3", {});
  #words = h("p", { class: "small", "data-words": true });
  #bar = h("progress", { max: 1 });
  #problem = h("p", { class: "small bad-words", role: "alert" });
  #actions = h("div", { class: "cluster job-actions" });

  /** @param {boolean} titled whether it names its film: not on the film's own page */
  constructor(titled) {
    super();
    this.titled = titled;
  }

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(h("div", { class: "job" }, h("div", { class: "job-words" }, this.#name, this.#words, this.#problem), this.#actions, this.#bar));
  }

  /**
   * @param {Job} job
   * @param {number} [place] its place among those that wait, where that is known
   */
  show(job, place) {
    this.#job = job;
    const key = [job.status, job.can_cancel, job.can_retry, job.title, kindOf(job)].join("\n");
    if (key !== this.#drawn) this.#draw(job);
    this.#drawn = key;
    const words = standing(job, Date.now(), place);
    this.#words.textContent = this.titled ? `${kindOf(job)} · ${words}` : words;
    if (job.progress > 0) this.#bar.value = job.progress;
    else this.#bar.removeAttribute("value");
  }

  /** @param {Job} job */
  #draw(job) {
    const title = job.title || "A film that is gone";
    if (this.titled) this.#name.replaceChildren(job.title ? h("a", { href: `/videos/${encodeURIComponent(job.video_id)}` }, title) : title);
    else this.#name.textContent = kindOf(job);
    this.#words.className = job.status === "failed" ? "small bad-words" : "small soft";
    this.#bar.hidden = job.status !== "running";
    this.#bar.setAttribute("aria-label", this.titled ? `${kindOf(job)}: ${title}` : kindOf(job));
    const focused = this.#actions.contains(document.activeElement);
    this.#actions.replaceChildren(...this.#buttons(job));
    if (focused) this.focus();
  }

  /** @param {Job} job */
  #buttons(job) {
    const about = `${kindOf(job)}${this.titled && job.title ? ` of ${job.title}` : ""}`;
    const file = job.status === "done" ? job.result : null;
    const act = (/** @type {string} */ what) => () => void this.#act(what);
    return [
      file?.asset_url
        ? h("a", { class: "button", href: file.asset_url, download: file.filename ?? "", "aria-label": `Download ${file.filename ?? about}` }, icon("download"), "Download")
        : "",
      job.can_retry ? h("button", { class: "button", type: "button", "aria-label": `Retry: ${about}`, onclick: act("retry") }, icon("refresh"), "Retry") : "",
      job.can_cancel ? h("button", { class: "button", type: "button", "aria-label": `Cancel: ${about}`, onclick: act("cancel") }, "Cancel") : "",
    ].filter((button) => button !== "");
  }

  /** The keyboard goes to the first thing that can be done. */
  focus() {
    /** @type {HTMLElement | null} */ (this.querySelector(".job-actions > *") ?? this.querySelector("a"))?.focus();
  }

  /** @param {string} what */
  async #act(what) {
    const button = this.#actions.querySelector("button");
    this.#problem.textContent = "";
    button?.setAttribute("aria-busy", "true");
    try {
      const job = await api.post(`/jobs/${encodeURIComponent(this.#job?.id ?? "")}/${what}`);
      this.dispatchEvent(new CustomEvent("wp-job-changed", { bubbles: true, detail: job }));
    } catch (error) {
      this.#problem.textContent = sentence(error);
    }
    button?.removeAttribute("aria-busy");
  }
}

customElements.define("wp-job", WpJob);
