// The switch that has a film prepared whole and kept. Tells `wp-keep-ready-changed` once the server has agreed.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { keepingWords } from "../lib/keeping.js";

/** @typedef {import("../lib/jobs.js").Job} Job */

export class WpKeepReady extends HTMLElement {
  #input = h("input", { type: "checkbox", role: "switch", "aria-describedby": "keep-ready-words" });
  #words = h("span", { class: "hint", id: "keep-ready-words" });
  #bar = h("progress", { max: 1, "aria-label": "Keeping ready" });
  #problem = h("p", { class: "small bad-words", role: "alert" });
  #videoId = "";
  #kept = false;
  #busy = false;

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.append(h("label", { class: "switch" }, this.#input, h("span", {}, h("strong", {}, "Keep ready"), this.#words)), this.#bar, this.#problem);
    this.#input.addEventListener("change", () => void this.#turn(this.#input.checked));
  }

  /**
   * @param {string} videoId
   * @param {boolean} kept
   * @param {Job | undefined} job the last of those that make everything ready
   * @param {number} bytes what of the film lies in the cache
   */
  show(videoId, kept, job, bytes) {
    this.#videoId = videoId;
    this.#kept = kept;
    if (!this.#busy) this.#input.checked = kept;
    const { words, progress } = keepingWords(kept, job, bytes);
    this.#words.textContent = words;
    this.#bar.hidden = progress === null;
    if (progress) this.#bar.value = progress;
    else this.#bar.removeAttribute("value");
  }

  /** @param {boolean} wanted */
  async #turn(wanted) {
    if (this.#busy) return;
    this.#busy = true;
    this.#problem.textContent = "";
    try {
      const film = await api.patch(`/videos/${encodeURIComponent(this.#videoId)}`, { keep_ready: wanted });
      this.#kept = film.keep_ready;
      if (!wanted) toast("No longer kept. What was prepared stays until its room is needed.");
      this.dispatchEvent(new CustomEvent("wp-keep-ready-changed", { bubbles: true, detail: film }));
    } catch (error) {
      this.#problem.textContent = sentence(error);
    } finally {
      this.#busy = false;
      // The switch says what the server said, not what was hoped.
      this.#input.checked = this.#kept;
    }
  }
}

customElements.define("wp-keep-ready", WpKeepReady);
