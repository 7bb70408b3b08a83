// What the library is narrowed down to, and its order, as chips that are native menus: <wp-library-filters>. Says `wp-filter`
// with what was chosen; which tags and people there are is asked once somebody looks.

import { h } from "../dom/html.js";
import { api } from "../lib/api.js";

/** @typedef {import("../lib/library-query.js").Wanted} Wanted */
/** @typedef {"status" | "visibility" | "owner" | "tag" | "sort"} Name */

/** @type {Record<Name, {label: string, options: [string, string][]}>} */
const CHIPS = {
  status: { label: "Status", options: [["", "Any status"], ["ready", "Ready"], ["processing", "Being prepared"], ["pending", "Not uploaded"], ["failed", "Failed"], ["missing", "Missing"]] },
  visibility: { label: "Seen by", options: [["", "Seen by anybody"], ["public", "Public"], ["unlisted", "Unlisted"], ["private", "Private"]] },
  owner: { label: "Whose", options: [["", "Everybody’s"]] },
  tag: { label: "Tag", options: [["", "Any tag"]] },
  sort: { label: "Order", options: [["", "Usual order"], ["newest", "Newest first"], ["oldest", "Oldest first"], ["title", "By title"], ["views", "Most watched"], ["likes", "Most liked"]] },
};

export class WpLibraryFilters extends HTMLElement {
  #filled = false;

  connectedCallback() {
    if (this.childElementCount > 0) return;
    for (const [name, { label, options }] of Object.entries(CHIPS)) {
      const select = h("select", { name, "aria-label": label }, ...options.map(([value, words]) => h("option", { value }, words)));
      select.addEventListener("change", () => this.dispatchEvent(new CustomEvent("wp-filter", { bubbles: true, detail: { [name]: select.value } })));
      this.append(h("span", { class: "chip" }, select));
    }
    this.addEventListener("pointerenter", () => void this.#fill(), { once: true });
    this.addEventListener("focusin", () => void this.#fill(), { once: true });
  }

  /** @param {Wanted} wanted */
  show(wanted) {
    if (wanted.owner || wanted.tag) void this.#fill();
    for (const name of /** @type {Name[]} */ (Object.keys(CHIPS))) {
      const select = this.#select(name);
      if (![...select.options].some(({ value }) => value === wanted[name])) select.append(h("option", { value: wanted[name] }, name === "tag" ? wanted[name] : "Somebody’s"));
      select.value = wanted[name];
      select.parentElement?.toggleAttribute("data-chosen", select.value !== "");
    }
  }

  /** Fetched late: it takes counting, and most who come only look. */
  async #fill() {
    if (this.#filled) return;
    this.#filled = true;
    const [tags, owners] = await Promise.all([api.get("/tags"), api.get("/owners")].map((asked) => asked.catch(() => ({ items: [] }))));
    this.#offer("tag", tags.items.map((/** @type {{tag: string, videos: number}} */ { tag, videos }) => [tag, `${tag} (${videos})`]));
    this.#offer("owner", owners.items.map((/** @type {any} */ { owner, videos }) => [owner.id, `${owner.display_name} (${videos})`]));
  }

  /** @param {Name} name @param {[string, string][]} options */
  #offer(name, options) {
    const select = this.#select(name);
    const chosen = select.value;
    const all = [...CHIPS[name].options, ...options];
    if (!all.some(([value]) => value.toLowerCase() === chosen.toLowerCase())) all.push([chosen, chosen]);
    select.replaceChildren(...all.map(([value, words]) => h("option", { value }, words)));
    select.value = all.find(([value]) => value.toLowerCase() === chosen.toLowerCase())?.[0] ?? "";
  }

  /** @param {Name} name */
  #select(name) {
    return /** @type {HTMLSelectElement} */ (this.querySelector(`select[name=${name}]`));
  }
}

customElements.define("wp-library-filters", WpLibraryFilters);
