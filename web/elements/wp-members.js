// Who is here, and how well each is in step.

import { h, icon } from "../dom/html.js";
import { WpMemberMenu } from "./wp-member-menu.js";
import { counted } from "../lib/format.js";
import { standing } from "../lib/telling.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {import("../lib/messages.js").Member} Member */

const ROLES = /** @type {Record<string, string>} */ ({ host: "Host", cohost: "Co-host", guest: "Guest" });

class WpMembers extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #title = h("h2", {});
  #list = h("ul", { class: "member-list", role: "list" });

  connectedCallback() {
    this.replaceChildren(this.#title, this.#list);
    for (const event of ["members", "timeline", "connection", "room"]) this.party?.addEventListener(event, () => this.#show());
    this.#show();
  }

  get #room() {
    const timeline = this.party?.timeline;
    return { playing: timeline?.playing, film: timeline ? timeline.video_id !== null : true };
  }

  #show() {
    const members = this.party?.members ?? [];
    this.#title.textContent = members.length ? counted(members.length, "person here", "people here") : "Who is here";
    // Rows are kept while their member stays, so that a pointer or a reader on one is not thrown off every second.
    const rows = new Map([...this.#list.children].map((row) => [/** @type {HTMLElement} */ (row).dataset.id, row]));
    this.#list.replaceChildren(...members.map((member) => this.#row(member, rows.get(member.id))));
  }

  /**
   * @param {Member} member
   * @param {Element} [row]
   */
  #row(member, row = h("li", { class: "member", "data-id": member.id })) {
    const menu = row.querySelector("wp-member-menu") ?? row.appendChild(new WpMemberMenu());
    if (menu instanceof WpMemberMenu) {
      menu.party = this.party;
      menu.member = member;
      menu.show();
    }
    const { word, tone, drift } = standing(member, this.#room);
    const key = [member.name, member.role, member.muted, word, tone, drift].join("\n");
    if (row.getAttribute("data-key") === key) return row;
    row.setAttribute("data-key", key);
    const avatar = h("span", { class: "avatar", "aria-hidden": "true" }, member.name.slice(0, 1));
    avatar.style.setProperty("--hue", String(hueOf(member.id)));
    const role = ROLES[member.role];
    for (const old of [...row.children]) if (old !== menu) old.remove();
    menu.before(
      avatar,
      h(
        "span",
        { class: "grow member-words" },
        h("span", { class: "member-name" }, member.name, member.id === this.party?.you?.id ? " (you)" : ""),
        role ? h("span", { class: "member-role" }, member.role === "host" ? icon("crown") : null, role) : null,
        member.muted ? h("span", { class: "member-role" }, "Muted") : null,
      ),
      h("span", { class: `member-state ${tone}` }, h("span", {}, word), drift ? h("span", { class: "member-drift" }, drift) : null),
    );
    return row;
  }
}

/** The colour of somebody, the same wherever they are met. */
function hueOf(/** @type {string} */ id) {
  let sum = 0;
  for (const character of id) sum = (sum * 31 + character.charCodeAt(0)) % 360;
  return sum;
}

customElements.define("wp-members", WpMembers);
