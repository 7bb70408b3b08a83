// Looking after the server: tabs, each of which is an element of its own, fetched when it is first wanted.

import { later } from "../dom/later.js";

/** @type {Record<string, () => Promise<unknown>>} */
const TABS = {
  overview: () => import("./wp-admin-overview.js"),
  people: () => import("./wp-admin-people.js"),
  jobs: () => import("./wp-admin-jobs.js"),
  settings: () => import("./wp-admin-settings.js"),
  audit: () => import("./wp-admin-audit.js"),
  backups: () => import("./wp-admin-backups.js"),
  webhooks: () => import("./wp-admin-webhooks.js"),
  logs: () => import("./wp-admin-logs.js"),
};

class WpAdmin extends HTMLElement {
  #shown = "";

  connectedCallback() {
    this.addEventListener("click", (event) => this.#choose(event));
    addEventListener("popstate", this.#read);
    this.#read();
  }

  disconnectedCallback() {
    removeEventListener("popstate", this.#read);
  }

  #read = () => void this.#show(new URLSearchParams(location.search).get("tab") ?? "");

  /** @param {MouseEvent} event */
  #choose(event) {
    const link = event.target instanceof Element ? event.target.closest("[data-tab]") : null;
    if (!(link instanceof HTMLAnchorElement) || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    history.pushState(null, "", link.href);
    this.#read();
  }

  /** @param {string} wanted */
  async #show(wanted) {
    const tab = wanted in TABS ? wanted : "overview";
    for (const link of this.querySelectorAll("[data-tab]")) {
      const is = /** @type {HTMLElement} */ (link).dataset.tab === tab;
      if (is) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
      if (is) link.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    if (tab === this.#shown) return;
    this.#shown = tab;
    const element = await later(`wp-admin-${tab}`, TABS[tab]);
    if (element && this.#shown === tab) this.querySelector("[data-panel]")?.replaceChildren(element);
  }
}

customElements.define("wp-admin", WpAdmin);
