// Somebody as others see them: picture, name, words about themselves, and those of their films that one may see.

import { avatar } from "../dom/avatar.js";
import { h, the } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { WpVideoCard } from "./wp-video-card.js";

/** @typedef {import("../dom/avatar.js").Person & {username: string, role: string, bio: string}} Profile */

class WpProfile extends HTMLElement {
  #next = "";

  connectedCallback() {
    the(this, "[data-more]", HTMLButtonElement).addEventListener("click", () => void this.#more());
    void this.#load();
  }

  get #id() {
    return encodeURIComponent(this.getAttribute("person-id") ?? "");
  }

  async #load() {
    try {
      this.#show(await api.get(`/users/${this.#id}`));
      await this.#more();
    } catch (error) {
      the(this, "[data-person]", HTMLElement).replaceChildren(h("h1", {}, "Nobody is here"), h("p", { class: "soft" }, sentence(error)));
      the(this, "[data-films]", HTMLElement).hidden = true;
    }
  }

  /** @param {Profile} person */
  #show(person) {
    document.title = `${person.display_name} · WatchParty`;
    const mine = document.body.dataset.person === person.id;
    the(this, "[data-person]", HTMLElement).replaceChildren(
      avatar(person),
      h(
        "div",
        { class: "stack tight grow" },
        h("h1", {}, person.display_name),
        h("p", { class: "soft" }, `@${person.username}${person.role === "admin" ? " · administrator" : ""}`),
        person.bio ? h("p", { class: "bio" }, person.bio) : null,
      ),
      mine ? h("a", { class: "button", href: "/settings" }, "Edit") : "",
    );
  }

  async #more() {
    const list = the(this, "[data-list]", HTMLElement);
    const { items, next_cursor } = await api.get(`/videos?owner=${this.#id}${this.#next}`);
    const cards = items.map((/** @type {import("./wp-video-card.js").Video} */ video) => h("li", {}, new WpVideoCard({ ...video, mine: false })));
    if (!this.#next) list.replaceChildren();
    list.append(...cards);
    list.removeAttribute("aria-busy");
    the(this, "[data-empty]", HTMLElement).hidden = list.childElementCount > 0;
    the(this, "[data-more]", HTMLButtonElement).hidden = next_cursor === null;
    this.#next = next_cursor === null ? "" : `&cursor=${encodeURIComponent(next_cursor)}`;
  }
}

customElements.define("wp-profile", WpProfile);
