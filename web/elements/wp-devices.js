// Where one is signed in, this device first; each of the others can be signed out from here.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/format.js";

/** @typedef {{id: string, device: string, address: string | null, created_at: string, last_seen: string, current: boolean}} Device */

const SESSIONS = "/users/me/sessions";

class WpDevices extends HTMLElement {
  connectedCallback() {
    void this.#load();
  }

  async #load() {
    try {
      const { items } = await api.get(SESSIONS);
      this.#draw(items);
    } catch (error) {
      this.replaceChildren(h("p", { class: "soft" }, sentence(error)));
    }
  }

  #draw(/** @type {Device[]} */ devices) {
    const all = h("button", { class: "button", type: "button", onclick: () => this.#signOut(SESSIONS, "Your other devices are signed out.") }, "Sign out all others");
    this.replaceChildren(
      h("ul", { class: "list", role: "list" }, ...devices.map((device) => this.#row(device))),
      devices.length > 2 ? h("div", {}, all) : "",
    );
  }

  #row(/** @type {Device} */ { id, device, address, created_at, last_seen, current }) {
    const now = Date.now();
    const seen = current ? `signed in ${ago(created_at, now)}` : `last used ${ago(last_seen, now)}`;
    const path = `${SESSIONS}/${encodeURIComponent(id)}`;
    const signOut = () => this.#signOut(path, `${device} is signed out.`);
    return h(
      "li",
      { class: "cluster apart" },
      h("span", { class: "grow" }, h("strong", {}, device), h("span", { class: "soft small device-facts" }, [seen, address].filter(Boolean).join(" · "))),
      current
        ? h("span", { class: "badge accent" }, "This device")
        : h("button", { class: "button", type: "button", "aria-label": `Sign out ${device}, ${seen}`, onclick: signOut }, "Sign out"),
    );
  }

  async #signOut(/** @type {string} */ path, /** @type {string} */ words) {
    try {
      await api.delete(path);
      toast(words);
    } catch (error) {
      toast(sentence(error));
    }
    await this.#load();
    // The button that was pressed has gone.
    this.focus();
  }
}

customElements.define("wp-devices", WpDevices);
