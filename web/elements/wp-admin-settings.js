// Settings that hold at once, each with where it comes from; below them those that a restart changes.

import { field } from "../dom/asking.js";
import { submits } from "../dom/form.js";
import { h } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast } from "../dom/toast.js";
import { bytesOf, bytesText } from "../lib/administration.js";
import { ApiProblem, api } from "../lib/api.js";

/**
 * @typedef {{sources: Record<string, string>, configured: Record<string, any>, fixed: {name: string, value: unknown, source: string}[]} & Record<string, any>} Settings
 */

/** @type {Record<string, string>} */
const SOURCES = { default: "As delivered", file: "From config.toml", environment: "From the environment", flag: "From the command line", changed: "Changed here" };
/** @type {[string, string, string][]} */
const SIZES = [
  ["quota", "Room for each person’s films", "0 for no bound. As “50 GB” or “1.5 TiB”."],
  ["max_upload", "Largest film that may be uploaded", "As “64 GiB”."],
  ["segment_cache", "Room for made segments", "At least 64 MiB; what is too much goes at once."],
  ["keep_free", "Room to leave free on the disk", "Segments give way to others before it gets smaller."],
];
/** @type {[string, string, string][]} */
const SWITCHES = [
  ["public_to_all", "Public films can be seen without an account", "Everybody who reaches this server can watch them."],
  ["background", "Encode films before anybody watches", "Otherwise a film’s other sizes are made when they are wanted."],
];

class WpAdminSettings extends HTMLElement {
  connectedCallback() {
    void this.#load();
  }

  async #load() {
    try {
      this.#show(await api.get("/admin/settings"));
    } catch (error) {
      this.replaceChildren(h("p", { class: "notice bad", role: "alert" }, sentence(error)));
    }
  }

  /** @param {Settings} settings */
  #show(settings) {
    const registration = h(
      "div",
      { class: "field" },
      h("label", { for: "asked-registration" }, "Who may make an account"),
      h(
        "select",
        { class: "input", id: "asked-registration", name: "registration", "aria-describedby": "registration-hint" },
        ...[["open", "Everybody"], ["invitation", "Whoever is invited"], ["closed", "Nobody"]].map(([value, words]) => h("option", { value, selected: settings.registration === value }, words)),
      ),
      this.#source(settings, "registration", "registration-hint"),
    );
    const sizes = SIZES.map(([name, label, hint]) => {
      const made = field(name, label, { value: bytesText(settings[name]), hint, autocomplete: "off" });
      made.append(this.#source(settings, name));
      return made;
    });
    const switches = SWITCHES.map(([name, label, hint]) =>
      h("div", {}, h("label", { class: "switch" }, h("input", { type: "checkbox", role: "switch", name, checked: settings[name] }), h("span", {}, h("strong", {}, label), h("span", { class: "hint" }, hint))), this.#source(settings, name)),
    );
    const form = h("form", { class: "form card" }, h("h2", {}, "At once"), registration, ...sizes, ...switches, h("div", { class: "notice bad", role: "alert", "data-problem": true, hidden: true }), h("div", {}, h("button", { class: "button primary", type: "submit" }, "Save")));
    submits(form, (values) => this.#save(settings, form, values));
    this.replaceChildren(h("div", { class: "columns even" }, form, this.#fixed(settings)));
  }

  /** @param {Settings} settings @param {string} name @param {string} [id] */
  #source(settings, name, id) {
    const changed = settings.sources[name] === "changed";
    const back = changed
      ? h("button", { class: "button quiet", type: "button", "aria-label": `Take back the change of ${name}`, onclick: () => void this.#change({ [name]: null }, settings) }, "Take back")
      : null;
    return h("p", { class: "small soft cluster", id }, SOURCES[settings.sources[name]] ?? settings.sources[name], back);
  }

  /** @param {Settings} settings */
  #fixed(settings) {
    const rows = settings.fixed.map(({ name, value, source }) => {
      const words = Array.isArray(value) ? value.join(", ") : String(value ?? "");
      return h("div", {}, h("dt", {}, name), h("dd", {}, words || "not set", " ", h("span", { class: "badge" }, SOURCES[source] ?? source)));
    });
    return h("section", { class: "card stack", "aria-labelledby": "fixed" }, h("h2", { id: "fixed" }, "After a restart"), h("p", { class: "soft" }, "These are read when the server starts: from the command line, the environment, or config.toml in the data directory."), h("dl", { class: "pairs" }, ...rows));
  }

  /** @param {Settings} settings @param {HTMLFormElement} form @param {Record<string, string>} values */
  async #save(settings, form, values) {
    /** @type {Record<string, unknown>} */
    const wanted = { registration: values.registration };
    const wrong = [];
    for (const [name] of SIZES) {
      wanted[name] = bytesOf(values[name] ?? "");
      if (wanted[name] === null) wrong.push({ pointer: `/${name}`, detail: "Write a number and a unit, such as 10 GB." });
    }
    if (wrong.length > 0) throw new ApiProblem({ status: 422, detail: "Some sizes cannot be read.", errors: wrong });
    for (const [name] of SWITCHES) wanted[name] = /** @type {HTMLInputElement} */ (form.elements.namedItem(name)).checked;
    const changed = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => value !== settings[name]));
    if (Object.keys(changed).length === 0) return toast("Nothing was changed.");
    this.#show(await api.patch("/admin/settings", changed));
    this.#told(changed, settings);
  }

  /** @param {Record<string, unknown>} changed @param {Settings} before */
  async #change(changed, before) {
    try {
      this.#show(await api.patch("/admin/settings", changed));
      this.#told(changed, before);
    } catch (error) {
      toast(sentence(error));
    }
  }

  /** @param {Record<string, unknown>} changed @param {Settings} before */
  #told(changed, before) {
    const back = Object.fromEntries(Object.keys(changed).map((name) => [name, before.sources[name] === "changed" ? before[name] : null]));
    toast("Saved. It holds from now on.", {
      action: {
        label: "Undo",
        run: () => void api.patch("/admin/settings", back).then((settings) => this.#show(settings), (error) => toast(sentence(error))),
      },
    });
  }
}

customElements.define("wp-admin-settings", WpAdminSettings);
