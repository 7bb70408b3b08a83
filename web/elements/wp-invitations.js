// The invitations to a room that still open its door, each to be taken back: <wp-invitations room-id="…">.

import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { counted } from "../lib/format.js";
import { holds, until } from "../lib/invitation.js";

/** @typedef {{id: string, role: string, uses: number, max_uses: number | null, expires_at: string}} Invite */

const AS = /** @type {Record<string, string>} */ ({ cohost: "Co-hosts", member: "Members", guest: "Guests" });

export class WpInvitations extends HTMLElement {
  /** Taken back, though the server does not know yet. @type {Set<string>} */
  #going = new Set();

  async show() {
    try {
      const { items } = await api.get(this.#path);
      this.#draw(items.filter((/** @type {Invite} */ invite) => holds(invite, Date.now()) && !this.#going.has(invite.id)));
    } catch (error) {
      this.replaceChildren(h("p", { class: "soft" }, sentence(error)));
    }
  }

  get #path() {
    return `/rooms/${encodeURIComponent(this.getAttribute("room-id") ?? "")}/invites`;
  }

  #draw(/** @type {Invite[]} */ invites) {
    const all = h("button", { class: "button", type: "button", onclick: () => this.#revoke(invites, "All invitations are taken back.") }, "Take all back");
    this.replaceChildren(
      h("h3", {}, "In force"),
      invites.length ? h("ul", { class: "list", role: "list" }, ...invites.map((invite) => this.#row(invite))) : h("p", { class: "soft" }, "No invitation opens this room."),
      invites.length > 1 ? all : "",
    );
  }

  #row(/** @type {Invite} */ invite) {
    const uses = invite.max_uses === null ? `used ${counted(invite.uses, "time", "times")}` : `used ${invite.uses} of ${counted(invite.max_uses, "time", "times")}`;
    const end = until(invite.expires_at);
    const back = () => this.#revoke([invite], "The invitation is taken back.");
    return h(
      "li",
      { class: "cluster apart" },
      h("span", { class: "grow" }, h("strong", {}, AS[invite.role] ?? invite.role), h("span", { class: "soft small" }, ` ${uses} · until ${end}`)),
      h("button", { class: "button", type: "button", "aria-label": `Take back the invitation until ${end}`, onclick: back }, "Take back"),
    );
  }

  #revoke(/** @type {Invite[]} */ invites, /** @type {string} */ words) {
    const settle = () => {
      for (const { id } of invites) this.#going.delete(id);
      void this.show();
    };
    const commit = () => {
      const gone = invites.map(({ id }) => api.delete(`${this.#path}/${encodeURIComponent(id)}`, { keepalive: true }));
      void Promise.all(gone).catch((error) => toast(sentence(error))).then(settle);
    };
    for (const { id } of invites) this.#going.add(id);
    this.dispatchEvent(new CustomEvent("wp-revoked", { detail: invites.map(({ id }) => id) }));
    void this.show();
    undoable(words, { undo: settle, commit });
  }
}

customElements.define("wp-invitations", WpInvitations);
