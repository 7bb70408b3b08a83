// What can be made of a film: a menu, and a dialog for each. Tells `wp-job-started` with the job that the server made.

import "./wp-menu.js";

import { choices } from "../dom/choices.js";
import { submits, values } from "../dom/form.js";
import { h, icon, the } from "../dom/html.js";
import { api } from "../lib/api.js";
import { CONTAINERS, SOUNDS, codecAfter, codecsFor, heightsBelow } from "../lib/operations.js";
import { isSound } from "../lib/renditions.js";

/** @typedef {import("../dom/form.js").Values} Values */
/** @typedef {{id: string, status: string, width: number | null, height: number | null}} Film */
/** @typedef {import("../lib/renditions.js").Rendition} Rendition */

export class WpOperations extends HTMLElement {
  #drawn = "";
  #dialog = h("dialog", { class: "dialog", "aria-labelledby": "operation-title" });

  /**
   * @param {Film} film
   * @param {Rendition[]} renditions none while it cannot be watched: then there is the original alone
   */
  show(film, renditions) {
    const sound = renditions.some(isSound);
    const picture = renditions.some((rendition) => !isSound(rendition));
    const key = [film.id, film.status, film.height, sound, picture].join();
    if (key === this.#drawn) return;
    this.#drawn = key;
    this.hidden = film.status === "pending" || film.status === "missing";
    const made = [
      sound ? this.#item("sound", "Extract the sound…", () => this.#extract(film)) : "",
      picture && heightsBelow(film.height).length > 0 ? this.#item("shrink", "Make a smaller copy…", () => this.#resize(film)) : "",
      picture ? this.#item("convert", "Convert…", () => this.#convert(film, sound)) : "",
    ].filter((item) => item !== "");
    const original = h("a", { class: "menu-item", href: `/api/v1/videos/${encodeURIComponent(film.id)}/asset?kind=original`, download: "" }, icon("download"), "Download the original");
    const summary = h("summary", { class: "button", "aria-label": "More: what can be made of this film" }, icon("more"), "More");
    const panel = h("div", { class: "menu-panel" }, ...made, made.length > 0 ? h("hr") : "", original);
    this.replaceChildren(h("wp-menu", {}, h("details", { class: "menu" }, summary, panel)), this.#dialog);
    // The menu has closed over the button that opened the dialog.
    this.#dialog.onclose = () => summary.focus();
  }

  /** @param {string} sign @param {string} words @param {() => void} open */
  #item(sign, words, open) {
    return h("button", { class: "menu-item", type: "button", onclick: open }, icon(sign), words);
  }

  /** @param {Film} film */
  #extract(film) {
    const fields = [choices("format", "Format", SOUNDS)];
    this.#ask("Extract the sound", "The sound of this film as a file of its own.", fields, "Extract", (chosen) =>
      api.post(`/videos/${encodeURIComponent(film.id)}/extract-audio`, chosen),
    );
  }

  /** @param {Film} film */
  #resize(film) {
    const fields = [choices("height", "Height", heightsBelow(film.height))];
    this.#ask("Make a smaller copy", "The same film with a smaller picture, to take along.", fields, "Make the copy", ({ height }) =>
      api.post(`/videos/${encodeURIComponent(film.id)}/resize`, { height: Number(height) }),
    );
  }

  /** @param {Film} film @param {boolean} sound whether it has any */
  #convert(film, sound) {
    const codecs = h("div", { class: "stack" });
    const draw = (/** @type {Values} */ { container = "mp4", video_codec, audio_codec }) => {
      codecs.replaceChildren(choices("video_codec", "Picture", codecsFor(container, "video"), codecAfter(container, "video", video_codec)));
      if (sound) codecs.append(choices("audio_codec", "Sound", codecsFor(container, "audio"), codecAfter(container, "audio", audio_codec)));
    };
    draw({});
    const fields = [choices("container", "Container", CONTAINERS), codecs];
    const form = this.#ask("Convert", "The whole film in another container, or with other codecs.", fields, "Convert", (chosen) =>
      api.post(`/videos/${encodeURIComponent(film.id)}/convert`, chosen),
    );
    form.addEventListener("change", ({ target }) => {
      if (target instanceof HTMLInputElement && target.name === "container") draw(values(form));
    });
  }

  /**
   * @param {string} title
   * @param {string} words
   * @param {HTMLElement[]} fields
   * @param {string} go what the button says
   * @param {(values: Values) => Promise<{job: import("../lib/jobs.js").Job}>} start
   */
  #ask(title, words, fields, go, start) {
    const close = () => this.#dialog.close();
    const form = h(
      "form",
      { class: "form", method: "dialog" },
      ...fields,
      h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true }),
      h("div", { class: "cluster" }, h("button", { class: "button primary", type: "submit" }, go), h("button", { class: "button quiet", type: "button", onclick: close }, "Cancel")),
    );
    submits(form, async (chosen) => {
      const { job } = await start(chosen);
      close();
      this.dispatchEvent(new CustomEvent("wp-job-started", { bubbles: true, detail: job }));
    });
    const head = h("div", { class: "stack tight" }, h("h2", { id: "operation-title" }, title), h("p", { class: "soft" }, words));
    this.#dialog.replaceChildren(h("div", { class: "stack" }, head, form));
    this.#dialog.showModal();
    the(form, "input:checked", HTMLInputElement).focus();
    return form;
  }
}

customElements.define("wp-operations", WpOperations);
