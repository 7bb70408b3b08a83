// Setting up, signing in, making an account: a form sent to `path`, and on to `next` once the server has opened a session.
// Where the server asks for a code besides, the form's [data-first] gives way to its [data-code].

import { submits } from "../dom/form.js";
import { the } from "../dom/html.js";
import { showProblem } from "../dom/problem.js";
import { ApiProblem, api } from "../lib/api.js";

class WpAccountForm extends HTMLElement {
  connectedCallback() {
    const form = the(this, "form", HTMLFormElement);
    submits(form, async (values) => {
      try {
        await api.post(this.getAttribute("path") ?? "", values);
      } catch (error) {
        if (!this.#asksForACode(error)) throw error;
        return;
      }
      location.replace(this.getAttribute("next") ?? "/");
    });
    this.querySelector("[data-back]")?.addEventListener("click", () => this.#turn(false));
    the(form, "input:not([type=hidden])", HTMLInputElement).focus();
  }

  /** Whether it does for the first time; what is wrong with a code is said beside it. */
  #asksForACode(/** @type {unknown} */ error) {
    const code = this.querySelector("[data-code]");
    if (!(code instanceof HTMLElement) || !code.hidden) return false;
    if (!(error instanceof ApiProblem) || !error.type.endsWith(":totp_required")) return false;
    this.#turn(true);
    return true;
  }

  #turn(/** @type {boolean} */ toCode) {
    the(this, "[data-first]", HTMLElement).hidden = toCode;
    the(this, "[data-code]", HTMLElement).hidden = !toCode;
    const code = the(this, "[name=totp]", HTMLInputElement);
    code.value = "";
    showProblem(this, null);
    if (toCode) code.focus();
    else the(this, "[data-first] input", HTMLInputElement).focus();
  }
}

customElements.define("wp-account-form", WpAccountForm);
