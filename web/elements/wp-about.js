// What there is of a film and why: its qualities, what lies on the disk, and what is being done to it.

import "./wp-renditions.js";

import { h, the } from "../dom/html.js";
import { size } from "../lib/format.js";
import { isOpen, isOperation } from "../lib/jobs.js";
import { summary } from "../lib/renditions.js";
import { WpJobList } from "./wp-job-list.js";
import { WpKeepReady } from "./wp-keep-ready.js";
import { WpRenditions } from "./wp-renditions.js";

/** @typedef {import("../lib/jobs.js").Job} Job */
/** @typedef {import("../lib/unready.js").FilmStatus & {renditions: import("../lib/renditions.js").Rendition[], keep_ready?: boolean, stored_bytes?: number}} Status */
/** @typedef {{id: string, title: string, size: number | null, mime_type: string | null, mine: boolean}} Film */

export class WpAbout extends HTMLElement {
  /**
   * @param {Film} film
   * @param {Status} status
   * @param {Job[]} jobs newest first; none for people who may only watch
   */
  show(film, status, jobs) {
    this.hidden = false;
    the(this, "[data-why]", HTMLElement).textContent = status.renditions.length > 0 ? summary(status.renditions, status.why_encoded) : "";
    the(this, "wp-renditions", WpRenditions).show(status.renditions);
    the(this, "[data-qualities]", HTMLElement).hidden = status.renditions.length === 0;
    this.#showDisk(film, status);
    const keep = the(this, "wp-keep-ready", WpKeepReady);
    keep.hidden = !film.mine || status.status !== "ready" || status.keep_ready === undefined;
    keep.show(film.id, status.keep_ready ?? false, jobs.find(({ kind }) => kind === "keep"), status.stored_bytes ?? 0);
    // Whoever no longer wants everything kept turns the switch, which says how far that is.
    const work = jobs.filter((job) => !isOperation(job) && !(job.kind === "keep" && isOpen(job)));
    the(this, "wp-job-list", WpJobList).show(work);
    the(this, "[data-work-done]", HTMLElement).hidden = work.length === 0;
  }

  /** @param {Film} film @param {Status} status */
  #showDisk(film, { stored_bytes }) {
    const facts = [
      film.size ? h("div", {}, h("dt", {}, "Original file"), h("dd", {}, [size(film.size), film.mime_type].filter(Boolean).join(" · "))) : null,
      stored_bytes === undefined ? null : h("div", {}, h("dt", {}, "Prepared, in the cache"), h("dd", {}, stored_bytes ? size(stored_bytes) : "Nothing")),
    ];
    const list = the(this, "[data-disk]", HTMLElement);
    const key = JSON.stringify([film.size, film.mime_type, stored_bytes]);
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...facts.filter((fact) => fact !== null));
  }
}

customElements.define("wp-about", WpAbout);
