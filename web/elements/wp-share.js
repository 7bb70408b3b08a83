// Inviting people: a link with its QR code and PIN, words for a mail or a chat, and the invitations there are.

import "./wp-copy.js";
import "./wp-qr.js";

import { copy } from "../dom/copy.js";
import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { mailto, until, words } from "../lib/invitation.js";
import { WpInvitations } from "./wp-invitations.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{id: string, url: string, pin: string | null, role: string, max_uses: number | null, expires_at: string}} Invite */

const HERE_ALONE = /^(localhost|127\.|\[::1\])/;
const HOUR = 3600;
const AS = [["member", "Members (guests where they have no account)"], ["cohost", "Co-hosts"]];
const LIVES = [[HOUR, "an hour"], [24 * HOUR, "a day"], [7 * 24 * HOUR, "a week"], [30 * 24 * HOUR, "a month"]];
const USES = [["", "any number of people"], ["1", "one person"], ["5", "five people"], ["20", "twenty people"]];

class WpShare extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #fresh = h("div", { class: "stack", "aria-live": "polite" });
  #role = choice("share-role", AS);
  #life = choice("share-life", LIVES, String(7 * 24 * HOUR));
  #uses = choice("share-uses", USES);
  #kept = new WpInvitations();
  #dialog = h("dialog", { class: "dialog share", "aria-labelledby": "share-title" });
  /** @type {Invite | null} */
  #invite = null;

  connectedCallback() {
    const close = h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"));
    this.#dialog.replaceChildren(h("div", { class: "cluster apart" }, h("h2", { id: "share-title" }, "Invite people"), close), h("div", { class: "stack" }, this.#fresh, this.#conditions(), this.#kept));
    this.replaceChildren(this.#dialog);
    this.#kept.addEventListener("wp-revoked", (event) => this.#revoked(/** @type {CustomEvent} */ (event).detail));
    for (const event of ["welcome", "members", "room"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  #show() {
    const owner = this.party?.room?.host?.id === this.party?.you?.id;
    for (const option of this.#role.options) if (option.value === "cohost") option.disabled = !owner;
  }

  get #room() {
    return this.party?.room?.id ?? "";
  }

  #conditions() {
    const make = (/** @type {Event} */ event) => (event.preventDefault(), void this.#make());
    return h(
      "details",
      { class: "share-more" },
      h("summary", {}, "On other conditions"),
      h(
        "form",
        { class: "form", onsubmit: make },
        labelled("They come in as", this.#role),
        labelled("It holds for", this.#life),
        labelled("It lets in", this.#uses),
        h("button", { class: "button", type: "submit" }, icon("plus"), "Make this invitation"),
      ),
    );
  }

  async open() {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#kept.setAttribute("room-id", this.#room);
    if (this.#invite) await this.#kept.show();
    else await this.#make();
  }

  async #make() {
    this.#fresh.replaceChildren(h("div", { class: "skeleton line" }), h("div", { class: "skeleton share-blank" }));
    const path = `/rooms/${encodeURIComponent(this.#room)}`;
    const max_uses = this.#uses.value ? Number(this.#uses.value) : null;
    try {
      const [invite, room] = await Promise.all([
        api.post(`${path}/invites`, { role: this.#role.value, expires_in: Number(this.#life.value), max_uses }),
        api.get(path),
      ]);
      this.#invite = invite;
      this.#draw(invite, { room: room.name, film: room.film?.title ?? null });
    } catch (error) {
      this.#fresh.replaceChildren(h("p", { class: "notice bad" }, icon("alert"), h("span", {}, sentence(error))));
    }
    await this.#kept.show();
  }

  #revoked(/** @type {string[]} */ ids) {
    if (!this.#invite || !ids.includes(this.#invite.id)) return;
    this.#invite = null;
    this.#fresh.replaceChildren(h("p", { class: "soft" }, "That invitation is taken back."), h("div", {}, h("button", { class: "button primary", type: "button", onclick: () => void this.#make() }, "Make another")));
  }

  /**
   * @param {Invite} invite
   * @param {{room: string, film: string | null}} about
   */
  #draw(invite, about) {
    const { url, pin, max_uses, expires_at } = invite;
    const link = new URL(url, location.href);
    const pinPage = new URL("/join", link).href;
    const text = words({ ...invite, url: link.href }, { ...about, pinPage });
    const lets = max_uses === null ? "" : max_uses === 1 ? "It lets one person in. " : `It lets ${max_uses} people in. `;
    this.#fresh.replaceChildren(
      h("p", { class: "soft" }, "Whoever opens this link gives a name and is in the room, with or without an account."),
      h("wp-copy", { text: link.href, label: "Link to this room" }),
      h("div", { class: "share-code" }, h("wp-qr", { text: link.href })),
      pin ? h("p", {}, "PIN: ", h("strong", { class: "share-pin" }, pin), h("span", { class: "soft small" }, ` to be typed at ${pinPage}`)) : "",
      h("p", { class: "soft small" }, `${lets}It works until ${until(expires_at)}.`),
      HERE_ALONE.test(link.hostname)
        ? h("p", { class: "notice" }, icon("alert"), h("span", {}, "This address works on this machine alone. Open WatchParty by its network address to get a link for others."))
        : "",
      this.#passOn(text),
    );
  }

  #passOn(/** @type {{subject: string, text: string}} */ text) {
    const address = h("input", { class: "input", id: "share-mail", type: "email", autocomplete: "off", placeholder: "friend@example.org", oninput: () => (mail.href = mailto(address.value, text)) });
    const mail = h("a", { class: "button", href: mailto("", text) }, icon("send"), "Write a mail");
    const said = async () => toast((await copy(text.text)) ? "Copied." : "This browser does not let pages copy.");
    return h(
      "details",
      { class: "share-more" },
      h("summary", {}, "As a message"),
      h("p", { class: "share-words" }, text.text),
      h("div", { class: "field" }, h("label", { for: "share-mail" }, "Mail address, if you like"), address, h("p", { class: "hint" }, "It opens your own mail program. Nothing is sent from here.")),
      h("div", { class: "cluster" }, h("button", { class: "button", type: "button", onclick: () => void said() }, icon("copy"), "Copy the message"), mail),
    );
  }
}

/**
 * @param {string} id
 * @param {(string | number)[][]} options value and words
 */
function choice(id, options, chosen = String(options[0]?.[0])) {
  return h("select", { class: "input", id }, ...options.map(([value = "", words = ""]) => h("option", { value, selected: String(value) === chosen }, String(words))));
}

function labelled(/** @type {string} */ words, /** @type {HTMLSelectElement} */ select) {
  return h("div", { class: "field" }, h("label", { for: select.id }, words), select);
}

customElements.define("wp-share", WpShare);
