// What one wants to be told of: a switch for each kind, kept as soon as it is pressed.

import { h } from "../dom/html.js";
import { sentence, showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { KINDS } from "../lib/notifications.js";

const PATH = "/notifications/preferences";

class WpNotificationPreferences extends HTMLElement {
  async connectedCallback() {
    this.append(h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true }));
    try {
      const wanted = await api.get(PATH);
      this.append(...KINDS.map(([kind, label, hint]) => this.#choice(wanted, kind, label, hint)));
    } catch (error) {
      showProblem(this, error);
    }
  }

  /**
   * @param {Record<string, boolean>} wanted
   * @param {string} kind
   * @param {string} label
   * @param {string} hint
   */
  #choice(wanted, kind, label, hint) {
    const box = h("input", { type: "checkbox", checked: wanted[kind] === true, onchange: () => void keep() });
    const keep = async () => {
      try {
        Object.assign(wanted, await api.put(PATH, { ...wanted, [kind]: box.checked }));
      } catch (error) {
        toast(sentence(error));
      }
      box.checked = wanted[kind] === true;
    };
    return h("label", { class: "choice" }, box, h("span", {}, h("strong", {}, label), h("span", { class: "hint" }, hint)));
  }
}

customElements.define("wp-notification-preferences", WpNotificationPreferences);
