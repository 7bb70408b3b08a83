// How much one was told of and has not read, in the bar of every page; pressed, what that is.

import { h, icon, the } from "../dom/html.js";
import { later } from "../dom/later.js";
import { api } from "../lib/api.js";
import { bellLabel, few } from "../lib/bell.js";

class WpBell extends HTMLElement {
  #count = h("span", { class: "bell-count", "aria-hidden": "true", hidden: true });
  #dialog = h("dialog", { class: "dialog bell-dialog", "aria-labelledby": "bell-title" });
  /** @type {(() => void)[]} */
  #unheard = [];

  connectedCallback() {
    const link = this.#link;
    link.append(this.#count);
    this.append(this.#dialog);
    link.addEventListener("click", (event) => {
      // As any link, where another page is wanted, or the page itself is open.
      if (event.ctrlKey || event.metaKey || event.shiftKey || location.pathname === "/notifications") return;
      event.preventDefault();
      void this.#open();
    });
    this.#dialog.addEventListener("click", ({ target }) => target === this.#dialog && this.#dialog.close());
    document.addEventListener("wp-unread", (event) => this.#show(/** @type {CustomEvent<number>} */ (event).detail));
    void this.#ask();
    void this.#listen();
  }

  disconnectedCallback() {
    for (const end of this.#unheard) end();
  }

  get #link() {
    return the(this, "a", HTMLAnchorElement);
  }

  /** Asked anew whenever there is a line again, too: something may have come meanwhile. */
  async #listen() {
    const events = await import("../lib/events.js").catch(() => null);
    if (events && this.isConnected) this.#unheard = ["notification", "open"].map((name) => events.onEvent(name, () => void this.#ask()));
  }

  async #ask() {
    // Nobody misses the bell of a page whose server cannot be reached: everything else on it says so.
    const answer = await api.get("/notifications?limit=1").catch(() => null);
    if (answer) this.#show(answer.unread);
  }

  #show(/** @type {number} */ unread) {
    this.#count.hidden = unread === 0;
    this.#count.textContent = few(unread);
    this.#link.setAttribute("aria-label", bellLabel(unread));
  }

  async #open() {
    const list = await later("wp-notifications", () => import("./wp-notifications.js"));
    if (!list) return location.assign(this.#link.href);
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(
      h("div", { class: "cluster apart" }, h("h2", { id: "bell-title" }, "Notifications"), close),
      list,
      h("a", { class: "button wide", href: "/notifications" }, "All of them, and what to be told of"),
    );
    this.#dialog.showModal();
  }
}

customElements.define("wp-bell", WpBell);
