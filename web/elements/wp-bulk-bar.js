// What can be done with the films that are selected: <wp-bulk-bar>, below the library. Says `wp-bulk-all` and `wp-bulk-done`
// for what the library does, and `wp-bulk-changed` once the server has changed something.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { undoOf } from "../lib/bulk.js";
import { counted } from "../lib/format.js";

/** @typedef {import("../lib/bulk.js").Changed} Changed */

/** As many as the server changes at once. */
export const MOST = 100;

export class WpBulkBar extends HTMLElement {
  /** @type {string[]} */
  #ids = [];
  #count = h("strong", { role: "status" });
  #problem = h("p", { class: "small bad-words", role: "alert" });
  #tags = h("input", { class: "input", name: "tags", "aria-label": "Tag", placeholder: "Tag", maxlength: 50, autocomplete: "off" });
  #visibility = h("select", { class: "input", "aria-label": "Who sees them" }, ...["Who sees them…", "private", "unlisted", "public"].map((word, place) => h("option", { value: place ? word : "" }, place ? word[0].toUpperCase() + word.slice(1) : word)));

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.setAttribute("role", "group");
    this.setAttribute("aria-label", "Selected films");
    this.#visibility.addEventListener("change", () => {
      if (this.#visibility.value) void this.#change({ visibility: this.#visibility.value });
      this.#visibility.value = "";
    });
    this.append(
      h("div", { class: "bulk-row" }, this.#count, this.#button("Select all", () => this.#say("wp-bulk-all")), this.#button("Done", () => this.#say("wp-bulk-done"))),
      h(
        "div",
        { class: "bulk-row", "data-deeds": true },
        this.#visibility,
        h("span", { class: "bulk-tag" }, this.#tags, this.#button("Add tag", () => this.#tag("add_tags")), this.#button("Remove tag", () => this.#tag("remove_tags"))),
        this.#button("Keep ready", () => void this.#change({ keep_ready: true })),
        this.#button("Do not keep", () => void this.#change({ keep_ready: false })),
        this.#button("Delete", () => void this.#change({ delete: true }), "trash"),
      ),
      this.#problem,
    );
    this.show(this.#ids);
  }

  /** @param {string[]} ids those that are selected */
  show(ids) {
    this.#ids = ids;
    this.#count.textContent = ids.length === 0 ? "Select films" : counted(ids.length, "film selected", "films selected");
    this.#problem.textContent = "";
    for (const each of this.querySelectorAll("[data-deeds] :is(button, select, input)")) /** @type {HTMLButtonElement} */ (each).disabled = ids.length === 0;
  }

  /** @param {string} words @param {() => void} act @param {string} [sign] */
  #button(words, act, sign) {
    return h("button", { class: sign ? "button danger" : "button", type: "button", onclick: act }, sign ? icon(sign) : null, words);
  }

  /** @param {"add_tags" | "remove_tags"} deed */
  #tag(deed) {
    const tag = this.#tags.value.trim();
    if (!tag) return this.#tags.focus();
    this.#tags.value = "";
    void this.#change({ [deed]: [tag] });
  }

  /** @param {Record<string, unknown>} change */
  async #change(change) {
    this.#problem.textContent = "";
    try {
      const { items } = await api.post("/videos/bulk", { ids: this.#ids, ...change });
      this.#say("wp-bulk-changed", items);
      this.#tell(items, change.delete === true);
    } catch (error) {
      this.#problem.textContent = sentence(error);
    }
  }

  /** @param {Changed[]} items @param {boolean} deleted */
  #tell(items, deleted) {
    if (items.length === 0) return toast("They are so already.");
    const words = `${counted(items.length, "film", "films")} ${deleted ? "deleted" : "changed"}.`;
    toast(words, { action: { label: "Undo", run: () => void this.#undo(items) }, seconds: 10 });
  }

  /** @param {Changed[]} items */
  async #undo(items) {
    try {
      for (const { id, after } of items) if (after === null) await api.post(`/videos/${encodeURIComponent(id)}/restore`);
      for (const change of undoOf(items)) await api.post("/videos/bulk", change);
    } catch (error) {
      toast(sentence(error));
    }
    document.dispatchEvent(new CustomEvent("wp-library-stale"));
  }

  /** @param {string} what @param {unknown} [detail] */
  #say(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { bubbles: true, detail }));
  }
}

customElements.define("wp-bulk-bar", WpBulkBar);
