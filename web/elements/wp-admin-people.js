// Accounts: found, made, changed, shut out and deleted.

import "./wp-copy.js";
import "./wp-menu.js";

import { ask, askTyped, field, select } from "../dom/asking.js";
import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { rows } from "../dom/rows.js";
import { toast } from "../dom/toast.js";
import { bytesOf, bytesText } from "../lib/administration.js";
import { ApiProblem, api } from "../lib/api.js";
import { ago, counted, size } from "../lib/format.js";

/**
 * @typedef {{id: string, username: string, display_name: string, email: string | null, role: string, disabled: boolean, created_at: string,
 *   last_seen: string | null, sessions: number, videos: number, stored_bytes: number, quota: number | null, two_step: boolean,
 *   leaves_at: string | null}} Account
 */

class WpAdminPeople extends HTMLElement {
  /** @type {Account[]} */
  #accounts = [];
  /** @type {string | null} */
  #cursor = null;
  #turn = 0;
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #list = h("ul", { class: "list", role: "list" });
  #none = h("div", { class: "empty small-one", hidden: true }, icon("people"), h("h2", {}, "Nobody"), h("p", {}, "No account has such a name, role or standing."));
  #more = h("button", { class: "button", type: "button", hidden: true, onclick: () => void this.#load(true) }, "Show more");

  connectedCallback() {
    const filters = h(
      "form",
      { class: "admin-filters", role: "search", oninput: () => void this.#load(false), onsubmit: (/** @type {Event} */ event) => event.preventDefault() },
      h("div", { class: "input-with grow" }, icon("search"), h("input", { class: "input", type: "search", name: "q", "aria-label": "Find people by name", placeholder: "Find people" })),
      this.#choice("role", "Role", [["", "Every role"], ["admin", "Administrators"], ["user", "Users"]]),
      this.#choice("disabled", "Standing", [["", "Open and shut"], ["false", "Open"], ["true", "Shut"]]),
      h("button", { class: "button primary", type: "button", onclick: () => this.#add() }, icon("plus"), "Add a person"),
    );
    this.replaceChildren(h("div", { class: "stack" }, h("h2", { class: "visually-hidden" }, "People"), filters, this.#problem, this.#list, this.#none, h("div", {}, this.#more)));
    void this.#load(false);
  }

  /** @param {string} name @param {string} label @param {[string, string][]} options */
  #choice(name, label, options) {
    return h("select", { class: "input", name, "aria-label": label }, ...options.map(([value, words]) => h("option", { value }, words)));
  }

  /** @param {boolean} on whether to go on where the list ends */
  async #load(on) {
    const turn = ++this.#turn;
    const form = this.querySelector("form");
    const query = new URLSearchParams({ limit: "50" });
    if (form) for (const [name, value] of new FormData(form)) if (value) query.set(name, String(value));
    if (on && this.#cursor) query.set("cursor", this.#cursor);
    try {
      const page = await api.get(`/admin/users?${query}`);
      if (turn !== this.#turn) return;
      this.#accounts = on ? [...this.#accounts, ...page.items] : page.items;
      this.#cursor = page.next_cursor;
      this.#problem.hidden = true;
    } catch (error) {
      this.#wrong(error);
    }
    this.#draw();
  }

  /** @param {unknown} error */
  #wrong(error) {
    this.#problem.textContent = sentence(error);
    this.#problem.hidden = false;
  }

  #draw() {
    rows(this.#list, this.#accounts, () => h("li", { class: "admin-row" }), (row, account) => this.#show(row, account));
    this.#none.hidden = this.#accounts.length > 0 || !this.#problem.hidden;
    this.#more.hidden = this.#cursor === null;
  }

  /** @param {HTMLElement} row @param {Account} account */
  #show(row, account) {
    const key = JSON.stringify(account);
    if (row.dataset.drawn === key) return;
    row.dataset.drawn = key;
    const seen = account.last_seen ? `seen ${ago(account.last_seen, Date.now())}` : "never signed in";
    row.replaceChildren(
      h("span", { class: "avatar", "aria-hidden": "true" }, account.display_name.slice(0, 1)),
      h(
        "div",
        { class: "grow" },
        h("h3", {}, account.display_name, " ", account.role === "admin" ? h("span", { class: "badge accent" }, "Administrator") : null, this.#standing(account)),
        h("p", { class: "small soft" }, `${account.username} · ${seen} · ${counted(account.videos, "film", "films")}, ${stored(account)}`),
      ),
      this.#menu(account),
    );
  }

  /** @param {Account} account */
  #standing({ disabled, leaves_at }) {
    if (!disabled) return null;
    const gone = leaves_at && new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(Date.parse(leaves_at));
    return h("span", { class: "badge bad" }, gone ? `Deleted, gone on ${gone}` : "Shut");
  }

  /** @param {Account} account */
  #menu(account) {
    const item = (/** @type {string} */ sign, /** @type {string} */ words, /** @type {() => void} */ act, danger = false) =>
      h("button", { class: `menu-item${danger ? " danger" : ""}`, type: "button", onclick: act }, icon(sign), words);
    const admin = account.role === "admin";
    return h(
      "wp-menu",
      {},
      h(
        "details",
        { class: "menu" },
        h("summary", { class: "button quiet icon-only", "aria-label": `What can be done with ${account.display_name}` }, icon("more")),
        h(
          "div",
          { class: "menu-panel" },
          item("edit", "Change the name…", () => this.#rename(account)),
          item("film", "Room for films…", () => this.#allow(account)),
          item("crown", admin ? "Make a user" : "Make an administrator", () => void this.#change(account, { role: admin ? "user" : "admin" }, { role: account.role })),
          item("link", "Password link…", () => void this.#link(account)),
          account.two_step ? item("lock", "End the second step", () => void this.#act(() => api.delete(`/admin/users/${account.id}/totp`), `${account.display_name} signs in by password alone.`)) : null,
          item("sign-out", "Sign out everywhere", () => void this.#act(() => api.post(`/admin/users/${account.id}/sign-out`), `${account.display_name} is signed out everywhere.`)),
          h("hr"),
          item("lock", account.disabled ? "Let in again" : "Shut out", () => void this.#change(account, { disabled: !account.disabled }, { disabled: account.disabled }), !account.disabled),
          item("trash", "Delete…", () => this.#delete(account), true),
        ),
      ),
    );
  }

  /**
   * Done at once, and taken back by one press.
   *
   * @param {Account} account @param {Record<string, unknown>} change @param {Record<string, unknown>} back
   */
  async #change(account, change, back) {
    await this.#act(() => api.patch(`/admin/users/${account.id}`, change), null);
    if (!this.#problem.hidden) return;
    toast(`${account.display_name} was changed.`, { action: { label: "Undo", run: () => void this.#act(() => api.patch(`/admin/users/${account.id}`, back), null) } });
  }

  /** @param {() => Promise<unknown>} act @param {string | null} words */
  async #act(act, words) {
    this.#problem.hidden = true;
    try {
      await act();
      if (words) toast(words);
    } catch (error) {
      return this.#wrong(error);
    }
    await this.#load(false);
  }

  #add() {
    const fields = [
      field("username", "Username", { hint: "3 to 32 characters: a-z, digits, dot, underscore, hyphen.", minlength: 3, maxlength: 32, autocapitalize: "off", spellcheck: false }),
      field("display_name", "Name, as others see it", { required: false, maxlength: 40 }),
      select("role", "Role", [["user", "User"], ["admin", "Administrator"]]),
    ];
    ask({ title: "Add a person", text: "They get a link by which they choose their password.", fields, label: "Add" }, async (values) => {
      const made = await api.post("/admin/users", values);
      await this.#load(false);
      this.#tellLink(made.user, made.link);
    });
  }

  /** @param {Account} account */
  #rename(account) {
    const name = field("display_name", "Name, as others see it", { value: account.display_name, maxlength: 40 });
    ask({ title: `Change the name of ${account.username}`, fields: [name], label: "Save" }, async (values) => {
      await api.patch(`/admin/users/${account.id}`, values);
      await this.#load(false);
    });
  }

  /** Empty is the server's own setting, which may change. @param {Account} account */
  #allow(account) {
    const { id, display_name, quota } = account;
    const hint = `As “50 GB” or “1.5 TiB”; 0 for no bound. Left empty, what holds for everybody. ${size(account.stored_bytes)} are taken.`;
    const room = field("quota", "Room", { value: quota === null ? "" : bytesText(quota), hint, required: false, autocomplete: "off" });
    ask({ title: `Room for the films of ${display_name}`, fields: [room], label: "Save" }, async (values) => {
      const written = (values.quota ?? "").trim();
      const wanted = written === "" ? null : bytesOf(written);
      if (written !== "" && wanted === null) throw new ApiProblem({ status: 422, detail: "This size cannot be read.", errors: [{ pointer: "/quota", detail: "Write a number and a unit, such as 10 GB." }] });
      await api.patch(`/admin/users/${id}`, { quota: wanted });
      await this.#load(false);
    });
  }

  /** @param {Account} account */
  async #link(account) {
    await this.#act(async () => this.#tellLink(account, await api.post(`/admin/users/${account.id}/password-link`)), null);
  }

  /** @param {Account} account @param {{url: string, expires_at: string}} link */
  #tellLink(account, link) {
    const copy = h("wp-copy", { text: link.url, label: `Password link for ${account.display_name}` });
    const until = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(Date.parse(link.expires_at));
    // After the dialog that asked has closed.
    setTimeout(() => ask({ title: `A link for ${account.display_name}`, text: `Whoever opens it chooses a password and is signed in. It works once, until ${until}, and is shown only now.`, fields: [copy], label: "Done" }, async () => {}));
  }

  /** @param {Account} account */
  #delete(account) {
    const text = `${account.display_name} is signed out at once and shut out. After a week the account is gone for good, with everything that is theirs.`;
    const fields = [select("videos", counted(account.videos, "film of theirs", "films of theirs"), [["keep", "Keep: they become an administrator’s"], ["delete", "Delete them, too"]])];
    askTyped({ title: `Delete ${account.display_name}`, text, fields, word: account.username, label: "Delete" }, async ({ videos }) => {
      await api.delete(`/admin/users/${account.id}?videos=${videos}`);
      toast(`${account.display_name} is deleted.`);
      await this.#load(false);
    });
  }
}

/** What somebody's films take, and of how much where that was set for them. @param {Account} account */
function stored({ stored_bytes, quota }) {
  if (quota === null) return size(stored_bytes);
  return quota === 0 ? `${size(stored_bytes)}, no bound` : `${size(stored_bytes)} of ${size(quota)}`;
}

customElements.define("wp-admin-people", WpAdminPeople);
