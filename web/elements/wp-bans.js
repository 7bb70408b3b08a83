// Who is to stay out of a room, each with a way back: <wp-bans room-id="…">.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/format.js";

/** @typedef {{id: string, name: string, is_guest: boolean, banned_at: string}} Ban */

export class WpBans extends HTMLElement {
  async show() {
    try {
      const { items } = await api.get(this.#path);
      const rows = items.map((/** @type {Ban} */ ban) => this.#row(ban));
      this.replaceChildren(rows.length ? h("ul", { class: "list", role: "list" }, ...rows) : h("p", { class: "soft" }, "Nobody is banned."));
    } catch (error) {
      this.replaceChildren(h("p", { class: "soft" }, sentence(error)));
    }
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.getAttribute("room-id") ?? "")}/bans`;
  }

  #row(/** @type {Ban} */ ban) {
    const words = `${ban.is_guest ? "Guest" : "Member"} · ${ago(ban.banned_at, Date.now())}`;
    const back = h("button", { class: "button", type: "button", "aria-label": `Let ${ban.name} back in`, onclick: () => void this.#letBack(ban) }, "Let back in");
    return h("li", { class: "cluster apart" }, h("span", { class: "grow" }, h("strong", {}, ban.name), h("span", { class: "soft small" }, ` ${words}`)), back);
  }

  async #letBack(/** @type {Ban} */ { id, name }) {
    const path = `${this.#path}/${encodeURIComponent(id)}`;
    try {
      await api.delete(path);
      const again = () => void api.put(path).then(() => this.show(), (error) => toast(sentence(error)));
      toast(`${name} may come in again.`, { action: { label: "Undo", run: again } });
    } catch (error) {
      toast(sentence(error));
    }
    await this.show();
  }
}

customElements.define("wp-bans", WpBans);
