// Who asks to be let in; hosts answer with one press. Shown over the list of people while somebody waits.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{request_id: string, name: string, message: string, status: string}} Asking */

class WpDoor extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  /** @type {Asking[]} */
  #asking = [];
  #list = h("ul", { class: "door-list", role: "list" });

  connectedCallback() {
    this.hidden = true;
    this.replaceChildren(h("h2", {}, "At the door"), this.#list);
    for (const event of ["welcome", "room"]) this.party?.addEventListener(event, () => void this.#look());
    this.party?.addEventListener("notice", (event) => {
      const { code, text } = /** @type {CustomEvent} */ (event).detail;
      if (/^access_/.test(code)) void this.#look().then(() => code === "access_requested" && this.#call(text));
    });
    void this.#look();
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}/access-requests`;
  }

  async #look() {
    if (!this.party?.isHost || this.party.room?.admission === "open") return this.#show([]);
    // Whoever is not told now is told with the next one who asks.
    const { items } = await api.get(`${this.#path}?limit=100`).catch(() => ({ items: [] }));
    this.#show(items.filter((/** @type {Asking} */ { status }) => status === "pending"));
  }

  #show(/** @type {Asking[]} */ asking) {
    this.#asking = asking;
    this.#list.replaceChildren(...asking.map((one) => this.#row(one)));
    this.hidden = asking.length === 0;
    const detail = { count: asking.length, words: `${asking.length} at the door`, calls: true };
    this.dispatchEvent(new CustomEvent("wp-badge", { bubbles: true, detail }));
  }

  /** Somebody knocks while another panel or the whole picture is in front of the list. */
  #call(/** @type {string} */ text) {
    const last = this.#asking.at(-1);
    if (!last || (this.checkVisibility() && !document.fullscreenElement)) return;
    toast(text, { action: { label: "Let in", run: () => void this.#answer(last.request_id, "approve") }, seconds: 20 });
  }

  #row(/** @type {Asking} */ { request_id, name, message }) {
    const answer = (/** @type {"approve" | "deny"} */ how) => () => void this.#answer(request_id, how);
    return h(
      "li",
      {},
      h("span", { class: "grow" }, h("span", { class: "member-name" }, name), message ? h("span", { class: "soft small" }, ` ${message}`) : ""),
      h("button", { class: "button primary", type: "button", "aria-label": `Let ${name} in`, onclick: answer("approve") }, "Let in"),
      h("button", { class: "button quiet", type: "button", "aria-label": `Turn ${name} away`, onclick: answer("deny") }, "No"),
    );
  }

  /**
   * @param {string} requestId
   * @param {"approve" | "deny"} how
   */
  async #answer(requestId, how) {
    try {
      await api.post(`${this.#path}/${encodeURIComponent(requestId)}/${how}`);
    } catch (error) {
      toast(sentence(error));
    }
    await this.#look();
  }
}

customElements.define("wp-door", WpDoor);
