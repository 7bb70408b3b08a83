// Deleting one's account, which signing in within seven days takes back.

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { api } from "../lib/api.js";

class WpLeaveForm extends HTMLElement {
  connectedCallback() {
    submits(the(this, "form", HTMLFormElement), async ({ password, videos }) => {
      await api.delete("/users/me", { body: { password, videos } });
      location.replace("/login?left=1");
    });
  }
}

customElements.define("wp-leave-form", WpLeaveForm);
