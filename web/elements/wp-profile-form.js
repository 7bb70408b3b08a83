// One's own name, words about oneself, and e-mail address.

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";

/** @typedef {{display_name: string, email: string | null, bio: string}} Profile */

class WpProfileForm extends HTMLElement {
  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async ({ display_name, email = "", bio = "" }) => {
      this.#show(await api.patch("/users/me", { display_name, email, bio }));
      toast("Saved.");
    });
    api.get("/users/me").then((profile) => this.#show(profile), (error) => showProblem(form, error));
  }

  /** @param {Profile} profile */
  #show({ display_name, email, bio }) {
    the(this, "[name=display_name]", HTMLInputElement).value = display_name;
    the(this, "[name=email]", HTMLInputElement).value = email ?? "";
    the(this, "[name=bio]", HTMLTextAreaElement).value = bio;
  }
}

customElements.define("wp-profile-form", WpProfileForm);
