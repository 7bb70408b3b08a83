// What is said about a film, and its poster, in a dialog: <wp-film-form>. Opened by its owner from the film's page; says
// `wp-film-changed` with the film as the server has it then.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { ApiProblem, api } from "../lib/api.js";
import { WpPosterPicker } from "./wp-poster-picker.js";
import { WpTags } from "./wp-tags.js";

const SEEN_BY = [["private", "Private", "You and whoever is in a room with it."], ["unlisted", "Unlisted", "Whoever has its address, too."], ["public", "Public", "Everybody finds it in the library."]];

export class WpFilmForm extends HTMLElement {
  #film = /** @type {any} */ (null);
  #tag = "";
  #title = h("input", { class: "input", id: "film-title", name: "title", required: true, maxlength: 200, autocomplete: "off", "aria-describedby": "film-title-error" });
  #titleError = h("p", { class: "error", id: "film-title-error", "aria-live": "polite" });
  #description = h("textarea", { class: "input", id: "film-description", name: "description", rows: 5, maxlength: 5000 });
  #tags = new WpTags();
  #poster = new WpPosterPicker();
  #problem = h("div", { class: "notice bad", role: "alert", hidden: true });
  #dialog = h("dialog", { class: "dialog film-form", "aria-labelledby": "film-form-title" });
  #save = h("button", { class: "button primary", type: "submit" }, "Save");

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const seen = SEEN_BY.map(([value, words, hint]) => h("label", { class: "choice" }, h("input", { type: "radio", name: "visibility", value }), h("span", {}, h("strong", {}, words), h("span", { class: "hint" }, hint))));
    const form = h(
      "form",
      { class: "form" },
      h("h2", { id: "film-form-title" }, "Edit this film"),
      this.#problem,
      h("div", { class: "field" }, h("label", { for: "film-title" }, "Title"), this.#title, this.#titleError),
      h("div", { class: "field" }, h("label", { for: "film-description" }, "Description"), this.#description),
      this.#tags,
      h("fieldset", { class: "film-form-seen" }, h("legend", {}, "Who sees it"), ...seen),
      h("div", { class: "cluster apart" }, h("button", { class: "button", type: "button", onclick: () => this.#dialog.close() }, "Cancel"), this.#save),
    );
    form.noValidate = true;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#keep(form);
    });
    this.#dialog.append(form, this.#poster);
    this.append(this.#dialog);
  }

  /** @param {string} videoId @param {() => number} position where the film stands now, seconds */
  async open(videoId, position) {
    this.#say(null);
    if (!this.#dialog.open) this.#dialog.showModal();
    await this.#load(videoId);
    if (this.#film) this.#poster.show(this.#film, position);
    this.#title.focus();
  }

  /** @param {string} videoId */
  async #load(videoId) {
    try {
      this.#film = await api.get(`/videos/${encodeURIComponent(videoId)}`, { seen: (headers) => (this.#tag = headers.get("ETag") ?? "") });
    } catch (error) {
      return this.#say(sentence(error));
    }
    const { title, description, tags, visibility } = this.#film;
    this.#title.value = title;
    this.#description.value = description;
    this.#tags.value = tags;
    for (const radio of this.querySelectorAll("[name=visibility]")) if (radio instanceof HTMLInputElement) radio.checked = radio.value === visibility;
    this.#titleError.textContent = "";
  }

  /** @param {HTMLFormElement} form */
  async #keep(form) {
    this.#say(null);
    this.#titleError.textContent = this.#title.value.trim() ? "" : "Give it a title.";
    if (this.#titleError.textContent) return this.#title.focus();
    this.#save.setAttribute("aria-busy", "true");
    const change = { title: this.#title.value, description: this.#description.value, tags: this.#tags.value, visibility: new FormData(form).get("visibility") };
    try {
      const film = await api.patch(`/videos/${encodeURIComponent(this.#film.id)}`, change, { headers: { "If-Match": this.#tag } });
      this.#dialog.close();
      this.dispatchEvent(new CustomEvent("wp-film-changed", { bubbles: true, detail: film }));
    } catch (error) {
      this.#explain(error);
    } finally {
      this.#save.removeAttribute("aria-busy");
    }
  }

  #explain(/** @type {unknown} */ error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (error.status === 412) {
      const again = h("button", { class: "button", type: "button", onclick: () => void this.#load(this.#film.id).then(() => this.#say(null)) }, "Show what they wrote");
      return this.#say("Somebody changed this film while you were writing.", again);
    }
    const title = error.field("title");
    if (title) {
      this.#titleError.textContent = title;
      return this.#title.focus();
    }
    this.#say(error.field("tags") ?? sentence(error));
  }

  /** @param {string | null} words @param {HTMLElement} [action] */
  #say(words, action) {
    this.#problem.hidden = words === null;
    this.#problem.replaceChildren(...(words === null ? [] : [icon("alert"), h("p", { class: "grow" }, words), ...(action ? [action] : [])]));
  }
}

customElements.define("wp-film-form", WpFilmForm);
