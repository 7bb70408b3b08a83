// Inviting people: a link made for this room, its QR code and its PIN.

import "./wp-copy.js";
import "./wp-qr.js";

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{url: string, pin?: string | null, expires_at: string | null}} Invite */

const HERE_ALONE = /^(localhost|127\.|\[::1\])/;

class WpShare extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #body = h("div", { class: "stack" });
  #dialog = h("dialog", { class: "dialog share", "aria-labelledby": "share-title" });
  #button = h("button", { class: "button", type: "button", onclick: () => void this.#open() }, icon("share"), h("span", {}, "Invite"));
  /** @type {Invite | null} */
  #invite = null;

  connectedCallback() {
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(h("div", { class: "cluster apart" }, h("h2", { id: "share-title" }, "Invite people"), close), this.#body);
    this.replaceChildren(this.#button, this.#dialog);
    for (const event of ["welcome", "members"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    const you = this.party?.you;
    this.hidden = !you || you.role === "guest";
  }

  async #open() {
    this.#dialog.showModal();
    if (this.#invite) return;
    this.#body.replaceChildren(h("div", { class: "skeleton line" }), h("div", { class: "skeleton share-blank" }));
    try {
      this.#invite = await api.post(`/rooms/${encodeURIComponent(this.party?.room?.id ?? "")}/invites`, {});
      this.#draw(/** @type {Invite} */ (this.#invite));
    } catch (error) {
      this.#body.replaceChildren(h("p", { class: "notice bad" }, icon("alert"), h("span", {}, sentence(error))));
    }
  }

  #draw(/** @type {Invite} */ { url, pin, expires_at }) {
    const link = new URL(url, location.href).href;
    const until = expires_at ? `It works until ${new Date(expires_at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" })}.` : "";
    this.#body.replaceChildren(
      h("p", { class: "soft" }, "Whoever opens this link gives a name and is in the room, with or without an account."),
      h("wp-copy", { text: link, label: "Link to this room" }),
      h("div", { class: "share-code" }, h("wp-qr", { text: link })),
      pin ? h("p", {}, "PIN: ", h("strong", { class: "share-pin" }, pin)) : "",
      h("p", { class: "soft small" }, until),
      HERE_ALONE.test(new URL(link).hostname)
        ? h("p", { class: "notice" }, icon("alert"), h("span", {}, "This address works on this machine alone. Open WatchParty by its network address to get a link for others."))
        : "",
    );
  }
}

customElements.define("wp-share", WpShare);
