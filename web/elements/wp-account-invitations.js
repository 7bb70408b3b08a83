// Inviting people to make an account: a link for somebody, shown once, and those in force, each to be taken back.

import "./wp-copy.js";

import { submits } from "../dom/form.js";
import { h, the } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { until } from "../lib/invitation.js";

/** @typedef {{id: string, note: string, expires_at: string, max_uses: number, uses: number}} Invitation */

const INVITATIONS = "/invitations";

class WpAccountInvitations extends HTMLElement {
  /** Taken back, though the server does not know yet. @type {Set<string>} */
  #going = new Set();

  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async ({ note = "", max_uses, expires_in }) => {
      const made = await api.post(INVITATIONS, { note, max_uses: Number(max_uses), expires_in: Number(expires_in) });
      form.reset();
      const words = h("p", {}, "Send this link. It is shown this once.");
      the(this, "[data-made]", HTMLElement).replaceChildren(h("div", { class: "notice accent stack tight" }, words, h("wp-copy", { text: made.url, label: "Invitation" })));
      the(this, "[data-made] input", HTMLInputElement).focus();
      await this.#load();
    });
    void this.#load();
  }

  async #load() {
    const list = the(this, "[data-list]", HTMLElement);
    try {
      const { items } = await api.get(INVITATIONS);
      list.replaceChildren(...items.filter((/** @type {Invitation} */ { id }) => !this.#going.has(id)).map((/** @type {Invitation} */ each) => this.#row(each)));
    } catch (error) {
      list.replaceChildren(h("li", { class: "soft" }, sentence(error)));
    }
  }

  #row(/** @type {Invitation} */ invitation) {
    const { note, uses, max_uses, expires_at } = invitation;
    const name = note || "An invitation";
    return h(
      "li",
      { class: "cluster apart" },
      h("span", { class: "grow" }, h("strong", {}, name), h("span", { class: "soft small device-facts" }, `used ${uses} of ${max_uses} · until ${until(expires_at)}`)),
      h("button", { class: "button", type: "button", "aria-label": `Take back: ${name}`, onclick: () => this.#revoke(invitation) }, "Take back"),
    );
  }

  #revoke(/** @type {Invitation} */ { id }) {
    const settle = () => {
      this.#going.delete(id);
      void this.#load();
    };
    const commit = () => {
      void api.delete(`${INVITATIONS}/${encodeURIComponent(id)}`, { keepalive: true }).catch((error) => toast(sentence(error))).then(settle);
    };
    this.#going.add(id);
    void this.#load();
    undoable("The invitation is taken back.", { undo: settle, commit });
  }
}

customElements.define("wp-account-invitations", WpAccountInvitations);
