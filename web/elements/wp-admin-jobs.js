// The brake on background work, and the way to everybody's jobs.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";

class WpAdminJobs extends HTMLElement {
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #input = h("input", { type: "checkbox", role: "switch", "aria-describedby": "pause-hint", onchange: () => void this.#set(this.#input.checked) });

  connectedCallback() {
    const words = h("span", {}, h("strong", {}, "Pause background work"), h("span", { class: "hint", id: "pause-hint" }, "What runs goes on, and new films are still looked at, but nothing else begins until this is switched off or the server starts anew."));
    this.replaceChildren(
      h(
        "div",
        { class: "card stack" },
        h("h2", {}, "Jobs and their queue"),
        this.#problem,
        h("label", { class: "switch" }, this.#input, words),
        h("div", {}, h("a", { class: "button", href: "/jobs" }, icon("work"), "See everybody’s jobs")),
      ),
    );
    void this.#ask(() => api.get("/admin/queue"));
  }

  /** @param {boolean} paused */
  #set(paused) {
    return this.#ask(() => api.put("/admin/queue", { paused }));
  }

  /** @param {() => Promise<{paused: boolean}>} act */
  async #ask(act) {
    this.#problem.hidden = true;
    try {
      this.#input.checked = (await act()).paused;
    } catch (error) {
      this.#problem.textContent = sentence(error);
      this.#problem.hidden = false;
    }
  }
}

customElements.define("wp-admin-jobs", WpAdminJobs);
