// The rooms one can go to: one's own and those that are open. <wp-rooms person="id">

import { h, icon, the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { ago, counted } from "../lib/format.js";

/**
 * @typedef {{id: string, name: string, admission: string, control: string, has_password: boolean, video_id: string | null,
 *   host: {id: string, display_name: string}, members: number, present: number, created_at: string, updated_at: string}} Room
 */

const ADMISSION = /** @type {Record<string, [string, string]>} */ ({
  open: ["globe", "Open"],
  approval: ["people", "By approval"],
  invite: ["lock", "By invitation"],
});

class WpRooms extends HTMLElement {
  async connectedCallback() {
    const list = the(this, "[data-list]", HTMLUListElement);
    try {
      const { items } = await api.get("/rooms?limit=100");
      list.replaceChildren(...items.map((/** @type {Room} */ room) => this.#card(room)));
      the(this, "[data-empty]", HTMLElement).hidden = items.length > 0;
    } catch (error) {
      list.replaceChildren();
      showProblem(this, error);
    }
    list.setAttribute("aria-busy", "false");
  }

  /** @param {Room} room */
  #card({ id, name, admission, has_password, host, present, updated_at }) {
    const mine = host.id === this.getAttribute("person");
    const [sign, words] = ADMISSION[admission] ?? ["lock", admission];
    const facts = [mine ? "Yours" : host.display_name, ago(updated_at, Date.now()), has_password ? "with a password" : null];
    return h(
      "li",
      { class: "card room-card" },
      h("div", { class: "grow" }, h("h2", {}, h("a", { href: `/rooms/${id}` }, name)), h("p", { class: "soft small" }, facts.filter(Boolean).join(" · "))),
      present > 0 ? h("span", { class: "badge accent" }, icon("people"), counted(present, "person here", "people here")) : null,
      h("span", { class: "badge" }, icon(sign), words),
    );
  }
}

customElements.define("wp-rooms", WpRooms);
