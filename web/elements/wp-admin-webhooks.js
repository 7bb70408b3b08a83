// Webhooks: which programs are told of what, what came of it, and the secret that encoders sign their reports with.

import { ask, field } from "../dom/asking.js";
import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { toast, undoable } from "../dom/toast.js";
import { api } from "../lib/api.js";
import { ago } from "../lib/format.js";
import { Rounds } from "../lib/rounds.js";
import { EVENTS, eventWords, standingOf, tryWords } from "../lib/webhooks.js";
import "./wp-copy.js";

/** @typedef {import("../lib/webhooks.js").Webhook} Webhook */
/** @typedef {import("../lib/webhooks.js").Delivery} Delivery */

const DELIVERIES = 20;

class WpAdminWebhooks extends HTMLElement {
  #rounds = new Rounds(() => this.#look(), document, { calm: 10_000 });
  /** @type {Webhook[]} */
  #webhooks = [];
  /** Deleted as the person sees it, which can still be taken back. @type {Set<string>} */
  #gone = new Set();
  /** Whose log is open, and what stands in it. @type {Map<string, Delivery[]>} */
  #logs = new Map();
  #drawn = "";
  #problem = h("p", { class: "notice bad", role: "alert", hidden: true });
  #secret = h("div", { class: "notice stack", role: "status", hidden: true });
  #list = h("ul", { class: "list", role: "list" });
  #none = h("div", { class: "empty", hidden: true }, icon("link"), h("h2", {}, "No webhook yet"), h("p", {}, "A webhook tells another program, such as a bot of your chat, when a film can be watched or a room is made."));
  #reports = h("p", { class: "soft admin-text" });

  connectedCallback() {
    this.replaceChildren(
      h(
        "div",
        { class: "stack" },
        h("h2", { class: "visually-hidden" }, "Webhooks"),
        h("p", { class: "soft admin-text" }, "Other programs are sent what happens here, signed by the rules of Standard Webhooks. What does not arrive is tried ten times more, over two days."),
        h("div", { class: "cluster" }, h("button", { class: "button primary", type: "button", onclick: () => this.#edit(null) }, icon("plus"), "Add a webhook")),
        this.#problem,
        this.#secret,
        this.#list,
        this.#none,
        h("h2", {}, "Reports of encoders"),
        this.#reports,
        h("div", {}, h("button", { class: "button", type: "button", onclick: () => void this.#renewIncoming() }, icon("refresh"), "Make a new secret")),
      ),
    );
    this.#rounds.start();
  }

  disconnectedCallback() {
    this.#rounds.stop();
  }

  async #look() {
    try {
      const [{ items }, incoming] = await Promise.all([api.get("/admin/webhooks?limit=100"), api.get("/admin/incoming-webhooks/secret")]);
      this.#webhooks = items;
      this.#reports.textContent = `A program that encodes films elsewhere may say, signed, that one is ready or failed (POST /api/v1/webhooks/video-processed). ${incoming.created_at ? `The secret it signs with was made ${ago(incoming.created_at, Date.now())}.` : "None is believed until there is a secret to sign with."}`;
      for (const id of this.#logs.keys()) {
        if (items.some((/** @type {Webhook} */ webhook) => webhook.id === id)) await this.#fetchLog(id);
        else this.#logs.delete(id);
      }
      this.#draw();
    } catch (error) {
      this.#wrong(sentence(error));
      throw error;
    }
    return [...this.#logs.values()].flat().some(({ status }) => status === "pending");
  }

  async #fetchLog(/** @type {string} */ id) {
    const { items } = await api.get(`${path(id)}/deliveries?limit=${DELIVERIES}`);
    this.#logs.set(id, items);
  }

  /** Drawn anew only when something is different: the keyboard's focus would be lost. */
  #draw() {
    const shown = this.#webhooks.filter(({ id }) => !this.#gone.has(id));
    const drawn = JSON.stringify([shown, [...this.#logs]]);
    this.#none.hidden = shown.length > 0;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const focused = document.activeElement?.getAttribute("data-key");
    const open = new Set([...this.#list.querySelectorAll("details[open]")].map((details) => details.id));
    this.#list.replaceChildren(...shown.map((webhook) => this.#row(webhook)));
    for (const details of this.#list.querySelectorAll("details")) details.open = open.has(details.id);
    if (focused) /** @type {HTMLElement | null} */ (this.#list.querySelector(`[data-key="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @param {Webhook} webhook */
  #row(webhook) {
    const { words, tone } = standingOf(webhook);
    const log = this.#logs.get(webhook.id);
    const act = (/** @type {string} */ sign, /** @type {string} */ label, /** @type {() => void} */ run, more = {}) =>
      h("button", { class: "button", type: "button", "data-key": `${label} ${webhook.id}`, "aria-label": `${label}: ${webhook.url}`, onclick: run, ...more }, icon(sign), label);
    return h(
      "li",
      { class: "stack tight" },
      h(
        "div",
        { class: "admin-row" },
        h(
          "div",
          { class: "grow" },
          h("h3", {}, webhook.description || webhook.url),
          webhook.description ? h("p", { class: "small" }, webhook.url) : null,
          h("p", { class: "small soft" }, eventWords(webhook.events)),
          h("p", { class: tone === "bad" ? "small error" : "small soft" }, words),
        ),
        h(
          "div",
          { class: "cluster" },
          webhook.enabled ? act("play", "Test", () => void this.#test(webhook)) : null,
          act("work", "Log", () => void this.#toggleLog(webhook.id), { "aria-expanded": String(log !== undefined) }),
          act("settings", "Change", () => this.#edit(webhook)),
          act("refresh", "New secret", () => void this.#rotate(webhook)),
          act(webhook.enabled ? "pause" : "check", webhook.enabled ? "Disable" : "Enable", () => void this.#act(() => api.patch(path(webhook.id), { enabled: !webhook.enabled }))),
          h("button", { class: "button quiet icon-only danger", type: "button", "aria-label": `Delete: ${webhook.url}`, onclick: () => this.#delete(webhook) }, icon("trash")),
        ),
      ),
      log ? this.#log(webhook, log) : null,
    );
  }

  /** @param {Webhook} webhook @param {Delivery[]} log */
  #log(webhook, log) {
    if (log.length === 0) return h("p", { class: "soft small" }, "Nothing has been sent yet.");
    const row = (/** @type {Delivery} */ delivery) =>
      h(
        "li",
        { class: "admin-row" },
        h(
          "details",
          { class: "grow", id: `delivery-${delivery.id}` },
          h("summary", {}, `${delivery.type} · ${delivery.status} · ${ago(delivery.created_at, Date.now())}`),
          h("p", { class: "small soft" }, delivery.body),
          ...delivery.tries.map((made) => h("p", { class: "small" }, tryWords(made))),
        ),
        webhook.enabled && delivery.status !== "pending"
          ? h("button", { class: "button", type: "button", "data-key": delivery.id, "aria-label": `Send ${delivery.type} again`, onclick: () => void this.#act(() => api.post(`${path(webhook.id)}/deliveries/${encodeURIComponent(delivery.id)}/replay`)) }, "Send again")
          : null,
      );
    return h("ul", { class: "list", role: "list", "aria-label": `Sent to ${webhook.url}` }, ...log.map(row));
  }

  async #toggleLog(/** @type {string} */ id) {
    if (this.#logs.delete(id)) return this.#draw();
    await this.#act(() => this.#fetchLog(id));
  }

  async #test(/** @type {Webhook} */ { id }) {
    this.#logs.set(id, this.#logs.get(id) ?? []);
    await this.#act(() => api.post(`${path(id)}/test`));
  }

  /** @param {Webhook | null} webhook null for a new one */
  #edit(webhook) {
    const boxes = EVENTS.map(([name, words]) => {
      const box = h("input", { type: "checkbox", name: `event-${name}`, checked: webhook?.events.includes(name) ?? false });
      return h("label", { class: "cluster" }, box, words);
    });
    ask(
      {
        title: webhook ? "Change the webhook" : "Add a webhook",
        fields: [
          field("url", "Address", { type: "url", value: webhook?.url ?? "", placeholder: "https://" }),
          field("description", "What it is", { value: webhook?.description ?? "", required: false, maxlength: 200 }),
          h("fieldset", { class: "field" }, h("legend", {}, "Sent when (none chosen: always)"), ...boxes),
        ],
        label: webhook ? "Save" : "Add",
      },
      async (values) => {
        const events = EVENTS.map(([name]) => name).filter((name) => values[`event-${name}`]);
        const body = { url: values["url"] ?? "", description: values["description"] ?? "", events };
        if (webhook) await api.patch(path(webhook.id), body);
        else this.#show((await api.post("/admin/webhooks", body)).secret);
        this.#rounds.soon();
      },
    );
  }

  async #rotate(/** @type {Webhook} */ { id }) {
    await this.#act(async () => this.#show((await api.post(`${path(id)}/secret`)).secret, "The one before signs too for a day."));
  }

  async #renewIncoming() {
    await this.#act(async () => this.#show((await api.post("/admin/incoming-webhooks/secret")).secret, "The one before is no longer good."));
  }

  #show(/** @type {string} */ secret, more = "") {
    const copy = h("wp-copy", { text: secret, label: "Secret" });
    this.#secret.replaceChildren(h("p", {}, `This secret is shown this once: keep it where the other program finds it. ${more}`), copy);
    this.#secret.hidden = false;
    this.#secret.scrollIntoView({ block: "nearest" });
  }

  /** @param {Webhook} webhook */
  #delete(webhook) {
    this.#gone.add(webhook.id);
    this.#draw();
    undoable("The webhook is deleted.", {
      undo: () => {
        this.#gone.delete(webhook.id);
        this.#draw();
      },
      commit: () =>
        void api.delete(path(webhook.id), { keepalive: true }).catch((error) => {
          this.#gone.delete(webhook.id);
          toast(sentence(error));
          this.#rounds.soon();
        }),
    });
  }

  /** @param {() => Promise<unknown>} act */
  async #act(act) {
    this.#problem.hidden = true;
    try {
      await act();
    } catch (error) {
      this.#wrong(sentence(error));
    }
    this.#rounds.soon();
  }

  #wrong(/** @type {string} */ words) {
    this.#problem.textContent = words;
    this.#problem.hidden = false;
  }
}

function path(/** @type {string} */ id) {
  return `/admin/webhooks/${encodeURIComponent(id)}`;
}

customElements.define("wp-admin-webhooks", WpAdminWebhooks);
