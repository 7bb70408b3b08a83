// Backups: made, taken away, brought, deleted, and put back.

import { askTyped } from "../dom/asking.js";
import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { rows } from "../dom/rows.js";
import { toast, undoable } from "../dom/toast.js";
import { backupKind } from "../lib/administration.js";
import { api } from "../lib/api.js";
import { size } from "../lib/format.js";
import { Rounds } from "../lib/rounds.js";

/** @typedef {{name: string, kind: string, made_at: string, size: number, schema: number}} Backup */

class WpAdminBackups extends HTMLElement {
  #rounds = new Rounds(() => this.#look(), document);
  /** Deleted as the person sees it, which can still be taken back. @type {Set<string>} */
  #gone = new Set();
  /** @type {Backup[]} */
  #backups = [];
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #list = h("ul", { class: "list", role: "list" });
  #progress = h("progress", { max: 1, "aria-label": "How far the backup is", hidden: true });
  #none = h("div", { class: "empty", hidden: true }, icon("download"), h("h2", {}, "No backup yet"), h("p", {}, "One is made by itself every day while the server runs. Make one now before you change much."));
  #make = h("button", { class: "button primary", type: "button", onclick: () => void this.#act(() => api.post("/admin/backups")) }, icon("plus"), "Make a backup");
  #file = h("input", { type: "file", class: "visually-hidden", id: "backup-file", accept: ".db", onchange: () => void this.#bring() });

  connectedCallback() {
    this.replaceChildren(
      h(
        "div",
        { class: "stack" },
        h("h2", { class: "visually-hidden" }, "Backups"),
        h("p", { class: "soft admin-text" }, "A backup holds accounts, rooms and all that is known of films, as it is at that moment. The films’ own files are not in it: keep the data directory’s folder objects yourself."),
        h("div", { class: "cluster" }, this.#make, h("label", { class: "button", for: "backup-file" }, icon("upload"), "Bring one"), this.#file),
        this.#problem,
        this.#progress,
        this.#list,
        this.#none,
      ),
    );
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  async #look() {
    const page = await api.get("/admin/backups");
    this.#backups = page.items;
    this.#progress.hidden = page.progress === null;
    if (page.progress !== null) this.#progress.value = page.progress;
    this.#make.setAttribute("aria-busy", String(page.progress !== null));
    if (page.failure) this.#wrong(page.failure);
    this.#draw();
    return page.progress !== null;
  }

  #draw() {
    const shown = this.#backups.filter(({ name }) => !this.#gone.has(name)).map((backup) => ({ ...backup, id: backup.name }));
    rows(this.#list, shown, (backup) => this.#row(backup), () => {});
    this.#none.hidden = shown.length > 0 || !this.#progress.hidden;
  }

  /** @param {string} words */
  #wrong(words) {
    this.#problem.textContent = words;
    this.#problem.hidden = false;
  }

  /** @param {Backup} backup */
  #row(backup) {
    const at = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" }).format(Date.parse(backup.made_at));
    const path = `/api/v1/admin/backups/${encodeURIComponent(backup.name)}`;
    return h(
      "li",
      { class: "admin-row" },
      h("div", { class: "grow" }, h("h3", {}, at), h("p", { class: "small soft" }, `${backupKind(backup.kind)} · ${size(backup.size)} · ${backup.name}`)),
      h(
        "div",
        { class: "cluster" },
        h("a", { class: "button", href: path, download: backup.name, "aria-label": `Download ${backup.name}` }, icon("download"), "Download"),
        h("button", { class: "button", type: "button", "aria-label": `Restore ${backup.name}`, onclick: () => this.#restore(backup, at) }, icon("refresh"), "Restore…"),
        h("button", { class: "button quiet icon-only danger", type: "button", "aria-label": `Delete ${backup.name}`, onclick: () => this.#delete(backup) }, icon("trash")),
      ),
    );
  }

  /** @param {() => Promise<unknown>} act */
  async #act(act) {
    this.#problem.hidden = true;
    try {
      await act();
    } catch (error) {
      this.#wrong(sentence(error));
    }
    this.#rounds.start();
  }

  async #bring() {
    const file = this.#file.files?.[0];
    this.#file.value = "";
    if (file) await this.#act(() => api.send("/admin/backups/uploaded", file));
  }

  /** @param {Backup} backup */
  #delete(backup) {
    this.#gone.add(backup.name);
    this.#draw();
    undoable("The backup is deleted.", {
      undo: () => {
        this.#gone.delete(backup.name);
        this.#draw();
      },
      commit: () => void this.#act(() => api.delete(`/admin/backups/${encodeURIComponent(backup.name)}`, { keepalive: true })),
    });
  }

  /** @param {Backup} backup @param {string} at */
  #restore(backup, at) {
    const text = `Accounts, rooms and all that is known of films become what they were on ${at}. What they are now is made a backup first. The server starts anew, and parties under way end.`;
    askTyped({ title: "Restore this backup", text, word: backup.name, label: "Restore and start anew" }, async ({ typed }) => {
      await api.post(`/admin/backups/${encodeURIComponent(backup.name)}/restore`, { name: typed });
      toast("The server starts anew. Load the page again in a moment.", { action: { label: "Load again", run: () => location.reload() }, seconds: 30 });
    });
  }
}

customElements.define("wp-admin-backups", WpAdminBackups);
