// Who may do what in a room, as a table: <wp-rights>. A press goes up as "wp-right" with {action, least}.

import { h } from "../dom/html.js";
import { ACTIONS, allows, ROLES } from "../lib/rights.js";

/** @typedef {import("../lib/rights.js").Rights} Rights */
/** @typedef {import("../lib/rights.js").Action} Action */
/** @typedef {import("../lib/rights.js").Role} Role */

const WHO = /** @type {[Role, string][]} */ ([["guest", "Guests"], ["member", "Members"], ["cohost", "Co-hosts"]]);

export class WpRights extends HTMLElement {
  /** @type {Map<string, HTMLInputElement>} */
  #boxes = new Map();

  connectedCallback() {
    if (this.#boxes.size > 0) return;
    const heads = WHO.map(([, words]) => h("th", { scope: "col" }, words));
    const rows = Object.entries(ACTIONS).map(([action, words]) => this.#row(/** @type {Action} */ (action), words));
    this.replaceChildren(
      h(
        "table",
        { class: "rights" },
        h("caption", { class: "visually-hidden" }, "What people may do"),
        h("thead", {}, h("tr", {}, h("td", {}), ...heads)),
        h("tbody", {}, ...rows),
      ),
    );
  }

  /**
   * @param {Rights} rights
   * @param {boolean} editable
   */
  show(rights, editable) {
    for (const action of /** @type {Action[]} */ (Object.keys(ACTIONS))) {
      for (const [role] of WHO) {
        const box = this.#boxes.get(`${action} ${role}`);
        if (!box) continue;
        box.checked = allows(rights, role, action);
        box.disabled = !editable;
      }
    }
  }

  /**
   * @param {Action} action
   * @param {string} words
   */
  #row(action, words) {
    const cells = WHO.map(([role, who]) => {
      const box = h("input", { type: "checkbox", disabled: true, "aria-label": `${who} may ${words}`, onchange: () => this.#ask(action, role, box.checked) });
      this.#boxes.set(`${action} ${role}`, box);
      return h("td", {}, h("label", { class: "rights-cell" }, box));
    });
    return h("tr", {}, h("th", { scope: "row" }, words[0]?.toUpperCase() + words.slice(1)), ...cells);
  }

  /** Given to a role, it is given to those above it; taken from one, it is taken from those below it. */
  #ask(/** @type {Action} */ action, /** @type {Role} */ role, /** @type {boolean} */ given) {
    const least = given ? role : ROLES[ROLES.indexOf(role) + 1];
    this.dispatchEvent(new CustomEvent("wp-right", { detail: { action, least } }));
  }
}

customElements.define("wp-rights", WpRights);
