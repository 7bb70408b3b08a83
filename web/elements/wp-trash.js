// Deleted films that can still be had back: <wp-trash>.

import { h, icon, the } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago, size } from "../lib/format.js";

/** @typedef {{id: string, title: string, size: number | null, deleted_at: string, gone_at: string}} Trashed */

const DAY_MS = 86_400_000;

class WpTrash extends HTMLElement {
  /** @type {string | null} */
  #cursor = null;

  connectedCallback() {
    the(this, "[data-more]", HTMLButtonElement).addEventListener("click", () => void this.#load());
    const empty = the(this, "[data-empty-trash]", HTMLButtonElement);
    twice(empty, "Delete all of it for good?", () => void this.#empty());
    void this.#load();
  }

  async #load() {
    try {
      const { items, next_cursor } = await api.get(`/videos/trash${this.#cursor ? `?cursor=${this.#cursor}` : ""}`);
      if (!this.#cursor) this.#list.replaceChildren();
      this.#list.append(...items.map((/** @type {Trashed} */ film) => this.#item(film)));
      this.#cursor = next_cursor;
      the(this, "[data-more]", HTMLButtonElement).hidden = next_cursor === null;
      showProblem(this, null);
    } catch (error) {
      this.#list.replaceChildren();
      showProblem(this, error);
    }
    this.#list.setAttribute("aria-busy", "false");
    this.#tell();
  }

  /** @param {Trashed} film */
  #item(film) {
    const left = Math.max(0, Math.ceil((Date.parse(film.gone_at) - Date.now()) / DAY_MS));
    const facts = [`Deleted ${ago(film.deleted_at, Date.now())}`, film.size ? size(film.size) : null, left > 1 ? `gone in ${left} days` : "gone within a day"];
    const purge = h("button", { class: "button danger", type: "button", "aria-label": `Delete ${film.title} for good` }, "Delete for good");
    const item = h(
      "li",
      { class: "trash-film" },
      h("div", { class: "grow" }, h("strong", {}, film.title), h("p", { class: "small soft" }, facts.filter(Boolean).join(" · "))),
      h("button", { class: "button", type: "button", "aria-label": `Restore ${film.title}`, onclick: () => void this.#restore(film, item) }, icon("refresh"), "Restore"),
      purge,
    );
    twice(purge, "Really?", () => void this.#purge(film, item));
    return item;
  }

  /** @param {Trashed} film @param {HTMLElement} item */
  async #restore(film, item) {
    if (await this.#done(item, api.post(`/videos/${encodeURIComponent(film.id)}/restore`))) {
      toast(`“${film.title}” is back in the library.`, { action: { label: "Show", run: () => location.assign(`/videos/${film.id}`) } });
    }
  }

  /** @param {Trashed} film @param {HTMLElement} item */
  async #purge(film, item) {
    if (await this.#done(item, api.delete(`/videos/${encodeURIComponent(film.id)}?forever=true`))) toast(`“${film.title}” is gone.`);
  }

  async #empty() {
    try {
      await api.delete("/videos/trash");
      this.#cursor = null;
      await this.#load();
    } catch (error) {
      toast(sentence(error));
    }
  }

  /** @param {HTMLElement} item @param {Promise<unknown>} asked */
  async #done(item, asked) {
    try {
      await asked;
    } catch (error) {
      toast(sentence(error));
      return false;
    }
    const next = item.nextElementSibling ?? item.previousElementSibling;
    item.remove();
    /** @type {HTMLElement | null} */ (next?.querySelector("button") ?? this.querySelector("h1"))?.focus();
    this.#tell();
    return true;
  }

  #tell() {
    const none = this.#list.childElementCount === 0;
    the(this, "[data-empty]", HTMLElement).hidden = !none;
    the(this, "[data-empty-trash]", HTMLButtonElement).hidden = none;
  }

  get #list() {
    return the(this, "[data-list]", HTMLUListElement);
  }
}

/** What cannot be taken back takes a second press on the same button. @param {HTMLButtonElement} button @param {string} question @param {() => void} act */
function twice(button, question, act) {
  const usual = button.textContent ?? "";
  button.addEventListener("click", () => {
    if (button.textContent === question) return act();
    button.textContent = question;
    button.removeAttribute("aria-label");
  });
  button.addEventListener("blur", () => (button.textContent = usual));
}

customElements.define("wp-trash", WpTrash);
