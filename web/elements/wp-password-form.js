// Changing one's password.

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";

class WpPasswordForm extends HTMLElement {
  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async (values) => {
      await api.put("/users/me/password", values);
      form.reset();
      toast("Your password is changed. Your other devices are signed out.");
    });
  }
}

customElements.define("wp-password-form", WpPasswordForm);
