// One's own picture: shown, chosen, taken away. What is chosen is seen at once as it will be, its middle in a circle.

import { avatar } from "../dom/avatar.js";
import { the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { ApiProblem, api } from "../lib/api.js";

/** @typedef {import("../dom/avatar.js").Person} Person */

/** Bytes that the server takes. */
const LARGEST = 5 * 1024 * 1024;

class WpAvatarForm extends HTMLElement {
  /** @type {Person | null} */
  #person = null;

  connectedCallback() {
    const input = the(this, "input[type=file]", HTMLInputElement);
    input.addEventListener("change", () => void this.#choose(input));
    the(this, "[data-take-away]", HTMLButtonElement).addEventListener("click", () => void this.#takeAway());
    api.get("/users/me").then((person) => this.#show(person), (error) => showProblem(this, error));
  }

  async #choose(/** @type {HTMLInputElement} */ input) {
    const file = input.files?.[0];
    input.value = "";
    if (!file || !this.#person) return;
    showProblem(this, null);
    const url = URL.createObjectURL(file);
    this.#draw({ ...this.#person, avatar_url: url });
    this.setAttribute("aria-busy", "true");
    try {
      if (file.size > LARGEST) throw new ApiProblem({ status: 413, detail: "A picture may have at most 5 MB." });
      const { avatar_url } = await api.put("/users/me/avatar", file);
      this.#show({ ...this.#person, avatar_url });
      toast("This is your picture now.");
    } catch (error) {
      this.#show(this.#person);
      showProblem(this, error);
    } finally {
      this.removeAttribute("aria-busy");
      URL.revokeObjectURL(url);
    }
  }

  async #takeAway() {
    if (!this.#person) return;
    try {
      await api.delete("/users/me/avatar");
      this.#show({ ...this.#person, avatar_url: null });
      the(this, "input[type=file]", HTMLInputElement).focus();
    } catch (error) {
      showProblem(this, error);
    }
  }

  #show(/** @type {Person} */ person) {
    this.#person = person;
    this.#draw(person);
    the(this, "[data-take-away]", HTMLButtonElement).hidden = !person.avatar_url;
  }

  #draw(/** @type {Person} */ person) {
    the(this, "[data-avatar]", HTMLElement).replaceChildren(avatar(person));
  }
}

customElements.define("wp-avatar-form", WpAvatarForm);
