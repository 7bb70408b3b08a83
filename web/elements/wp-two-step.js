// Two-step sign-in: set up in three steps (password, app, recovery codes), and switched off again.

import "./wp-copy.js";
import "./wp-password.js";

import { submits } from "../dom/form.js";
import { h, the } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { counted } from "../lib/format.js";

const TOTP = "/users/me/totp";

class WpTwoStep extends HTMLElement {
  connectedCallback() {
    void this.#load();
  }

  async #load() {
    try {
      const { enabled, recovery_codes } = await api.get(TOTP);
      if (enabled) this.#drawOn(recovery_codes);
      else this.#drawOff();
    } catch (error) {
      this.replaceChildren(h("p", { class: "soft" }, sentence(error)));
    }
  }

  #drawOff() {
    const form = this.#form("Set it up", passwordField("two-step-password"));
    this.replaceChildren(h("p", { class: "soft" }, "Besides your password, signing in then asks for a code that an app on your phone shows: whoever learns your password alone stays outside."), form);
    submits(form, async ({ password }) => this.#drawApp(await api.post(TOTP, { password })));
  }

  /** @param {{secret: string, qr_svg: string}} begun */
  #drawApp({ secret, qr_svg }) {
    const qr = h("img", { class: "qr", src: `data:image/svg+xml,${encodeURIComponent(qr_svg)}`, alt: "QR code for the app", width: 200, height: 200 });
    const form = this.#form("Switch it on", codeField("code", "The code it shows now"));
    this.replaceChildren(
      h("p", {}, "Scan this with an authenticator app (Aegis, 2FAS, Google Authenticator and the like), or type the key into it."),
      qr,
      h("wp-copy", { text: secret, label: "Key for the app" }),
      form,
    );
    submits(form, async ({ code }) => this.#drawCodes((await api.post(`${TOTP}/confirm`, { code })).recovery_codes));
    the(form, "[name=code]", HTMLInputElement).focus();
  }

  /** @param {string[]} codes */
  #drawCodes(codes) {
    const done = h("button", { class: "button primary", type: "button", onclick: () => void this.#load() }, "I have kept them");
    const heading = h("h3", { tabindex: -1 }, "It is on. Keep these codes.");
    this.replaceChildren(
      heading,
      h("p", { class: "soft" }, "Each signs you in once when your phone is lost. They are shown this once: print them, or put them with your passwords."),
      h("ul", { class: "codes", role: "list" }, ...codes.map((code) => h("li", {}, h("code", {}, code)))),
      h("wp-copy", { text: codes.join(" "), label: "All recovery codes" }),
      h("div", {}, done),
    );
    heading.focus();
  }

  #drawOn(/** @type {number} */ left) {
    const form = this.#form("Switch it off", passwordField("two-step-password"), codeField("code", "A code of the app, or a recovery code"));
    const few = left < 4 ? " Switch it off and on again for new ones." : "";
    this.replaceChildren(
      h("p", {}, h("span", { class: "badge good" }, "On"), ` ${counted(left, "recovery code", "recovery codes")} left.${few}`),
      h("details", {}, h("summary", { class: "button" }, "Switch it off…"), form),
    );
    submits(form, async ({ password, code }) => {
      await api.delete(TOTP, { body: { password, code } });
      toast("Signing in asks for your password alone again.");
      await this.#load();
    });
  }

  #form(/** @type {string} */ label, /** @type {Node[]} */ ...fields) {
    const problem = h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true });
    const button = h("button", { class: "button", type: "submit" }, label);
    return h("form", { class: "form", method: "post" }, ...fields, problem, h("div", {}, button));
  }
}

function passwordField(/** @type {string} */ id) {
  const input = h("input", { class: "input", id, name: "password", type: "password", autocomplete: "current-password", required: true, maxlength: 1024, "aria-describedby": `${id}-error` });
  return h("div", { class: "field" }, h("label", { for: id }, "Your password"), h("wp-password", { class: "input-with" }, input), h("p", { class: "error", id: `${id}-error`, "aria-live": "polite" }));
}

function codeField(/** @type {string} */ name, /** @type {string} */ label) {
  const id = `two-step-${name}`;
  const input = h("input", { class: "input code", id, name, inputmode: "numeric", autocomplete: "one-time-code", autocapitalize: "off", spellcheck: "false", required: true, maxlength: 20, "aria-describedby": `${id}-error` });
  return h("div", { class: "field" }, h("label", { for: id }, label), input, h("p", { class: "error", id: `${id}-error`, "aria-live": "polite" }));
}

customElements.define("wp-two-step", WpTwoStep);
