// The button that ends this session.

import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";

class WpSignOut extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", this.#signOut);
  }

  async #signOut() {
    try {
      await api.post("/auth/logout");
      location.assign("/login");
    } catch (error) {
      toast(sentence(error));
    }
  }
}

customElements.define("wp-sign-out", WpSignOut);
