// The poster of a film, chosen among moments of it or brought: <wp-poster-picker>. What is chosen holds at once; says
// `wp-film-changed` with the film as the server has it then.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { api } from "../lib/api.js";
import { clock } from "../lib/format.js";

export class WpPosterPicker extends HTMLElement {
  #path = "";
  #position = () => 0;
  #now = h("div", { class: "poster" });
  #offers = h("ul", { class: "poster-offers", role: "list" });
  #problem = h("p", { class: "small bad-words", role: "alert" });
  #file = h("input", { type: "file", accept: "image/jpeg,image/png,image/webp", class: "visually-hidden", id: "poster-file" });

  connectedCallback() {
    if (this.childElementCount > 0) return;
    this.#file.addEventListener("change", () => {
      const file = this.#file.files?.[0];
      this.#file.value = "";
      if (file) void this.#choose(() => api.put(`${this.#path}/poster`, file));
    });
    this.append(
      h("h3", {}, "Poster"),
      this.#now,
      this.#offers,
      h(
        "div",
        { class: "cluster" },
        h("button", { class: "button", type: "button", onclick: () => void this.#choose(() => api.put(`${this.#path}/poster`, { at: this.#position() })) }, "This moment"),
        this.#file,
        h("label", { class: "button", for: "poster-file" }, icon("upload"), "A picture…"),
        h("button", { class: "button", type: "button", onclick: () => void this.#choose(() => api.delete(`${this.#path}/poster`)) }, "Automatic"),
      ),
      this.#problem,
    );
  }

  /** @param {{id: string, poster_url: string | null, width: number | null, status: string}} film @param {() => number} position seconds */
  show(film, position) {
    this.#path = `/videos/${encodeURIComponent(film.id)}`;
    this.#position = position;
    this.hidden = film.status !== "ready";
    this.#problem.textContent = "";
    this.#draw(film.poster_url);
    this.#offers.replaceChildren();
    if (film.width && film.status === "ready") void this.#offer();
  }

  async #offer() {
    // Without them there are two other ways.
    const answer = await api.get(`${this.#path}/posters`).catch(() => ({ items: [] }));
    const offers = answer.items.map((/** @type {{at: number, url: string}} */ { at, url }) =>
      h("li", {}, h("button", { type: "button", "aria-label": `The picture at ${clock(at)}`, onclick: () => void this.#choose(() => api.put(`${this.#path}/poster`, { at })) }, h("img", { src: url, alt: "" }))),
    );
    this.#offers.replaceChildren(...offers);
  }

  /** @param {() => Promise<any>} ask */
  async #choose(ask) {
    this.#problem.textContent = "";
    try {
      const film = await ask();
      this.#draw(film.poster_url);
      this.dispatchEvent(new CustomEvent("wp-film-changed", { bubbles: true, detail: film }));
    } catch (error) {
      this.#problem.textContent = sentence(error);
    }
  }

  /** @param {string | null} url */
  #draw(url) {
    // The address stays while its grant does, and the picture behind it is another one.
    this.#now.replaceChildren(url ? h("img", { src: `${url}?${Date.now()}`, alt: "The poster as it is now" }) : icon("film"));
    this.#now.classList.toggle("blank", !url);
  }
}

customElements.define("wp-poster-picker", WpPosterPicker);
