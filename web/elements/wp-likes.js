// Whether one likes a film, and how many do: a button each. What they show is what the server answered.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { counted } from "../lib/format.js";

/** @typedef {{likes: number, dislikes: number, mine: "like" | "dislike" | null}} Tally */

export class WpLikes extends HTMLElement {
  #path = "";
  #like = h("button", { class: "button quiet", type: "button", onclick: () => void this.#press("like") });
  #dislike = h("button", { class: "button quiet", type: "button", onclick: () => void this.#press("dislike") });

  /** @param {any} film as the server writes it */
  show({ id, likes, dislikes, my_reaction }) {
    this.#path = `/videos/${encodeURIComponent(id)}`;
    if (!this.#like.isConnected) this.append(this.#like, this.#dislike);
    this.#tell({ likes, dislikes, mine: my_reaction });
    this.hidden = false;
  }

  #tell(/** @type {Tally} */ { likes, dislikes, mine }) {
    const number = new Intl.NumberFormat(undefined, { notation: "compact" });
    const draw = (/** @type {HTMLButtonElement} */ button, /** @type {"like" | "dislike"} */ word, /** @type {string} */ label, /** @type {number} */ count) => {
      button.setAttribute("aria-pressed", String(mine === word));
      button.setAttribute("aria-label", label);
      button.title = label;
      button.replaceChildren(icon(word), h("span", { "aria-hidden": "true" }, number.format(count)));
    };
    draw(this.#like, "like", `Like it: ${counted(likes, "person does", "people do")}`, likes);
    draw(this.#dislike, "dislike", `Dislike it: ${counted(dislikes, "person does", "people do")}`, dislikes);
  }

  async #press(/** @type {"like" | "dislike"} */ word) {
    const button = word === "like" ? this.#like : this.#dislike;
    try {
      // How it shall stand, so that a press that is sent twice counts once.
      this.#tell(await api.post(`${this.#path}/${word}`, { on: button.getAttribute("aria-pressed") !== "true" }));
    } catch (error) {
      toast(sentence(error));
    }
  }
}

customElements.define("wp-likes", WpLikes);
