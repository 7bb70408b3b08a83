// Setting up, signing in, making an account: a form sent to `path`, and on to `next` once the server has opened a session.

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { api } from "../lib/api.js";

class WpAccountForm extends HTMLElement {
  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async (values) => {
      await api.post(this.getAttribute("path") ?? "", values);
      location.replace(this.getAttribute("next") ?? "/");
    });
    the(form, "input:not([type=hidden])", HTMLInputElement).focus();
  }
}

customElements.define("wp-account-form", WpAccountForm);
