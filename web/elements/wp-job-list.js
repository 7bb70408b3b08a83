// Jobs, one below the other. <wp-job-list titled> names their films.

import { h } from "../dom/html.js";
import { rows } from "../dom/rows.js";
import { WpJob } from "./wp-job.js";

/** @typedef {import("../lib/jobs.js").Job} Job */

export class WpJobList extends HTMLElement {
  #list = h("ul", { class: "list", role: "list" });
  /** @type {WeakMap<HTMLElement, WpJob>} */
  #jobs = new WeakMap();

  connectedCallback() {
    if (!this.#list.isConnected) this.replaceChildren(this.#list);
  }

  /**
   * @param {Job[]} jobs
   * @param {Map<string, number>} [places] of those that wait
   */
  show(jobs, places) {
    rows(this.#list, jobs, () => this.#row(), (row, job) => this.#jobs.get(row)?.show(job, places?.get(job.id)));
  }

  /** The keyboard goes to this job, if it is here. */
  focusOn(/** @type {string} */ id) {
    const row = [...this.#list.children].find((each) => /** @type {HTMLElement} */ (each).dataset.id === id);
    if (row) this.#jobs.get(/** @type {HTMLElement} */ (row))?.focus();
  }

  #row() {
    const job = new WpJob(this.hasAttribute("titled"));
    const row = h("li", {}, job);
    this.#jobs.set(row, job);
    return row;
  }
}

customElements.define("wp-job-list", WpJobList);
