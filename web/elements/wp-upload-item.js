// One file on its way: waiting, sent, prepared, watchable. It can rest, be cancelled, and tried again.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { tusClient } from "../dom/tus.js";
import { ApiProblem, api } from "../lib/api.js";
import { percent, size, speed, timeLeft } from "../lib/format.js";
import { saying, statuses } from "../lib/preparing.js";
import { Sending } from "../lib/upload.js";

/** @typedef {"waiting" | "sending" | "resting" | "preparing" | "ready" | "failed" | "cancelled"} Stage */

export class WpUploadItem extends HTMLElement {
  /** @type {Stage} */
  stage = "waiting";
  #ending = new AbortController();
  /** @type {Sending | null} */
  #sending = null;

  #words = h("p", { class: "small soft" });
  #bar = h("progress", { max: 1, value: 0 });
  #actions = h("div", { class: "cluster" });

  /** @param {File} file */
  constructor(file) {
    super();
    this.file = file;
    this.#bar.setAttribute("aria-label", `Progress of ${file.name}`);
  }

  connectedCallback() {
    if (this.childElementCount > 0) return;
    const head = h("div", { class: "cluster apart" }, h("div", { class: "grow" }, h("h3", {}, this.file.name), this.#words), this.#actions);
    this.append(h("div", { class: "upload-item stack tight" }, head, this.#bar));
    this.#wait();
  }

  disconnectedCallback() {
    this.#ending.abort();
  }

  /** Sends the file; returns once its bytes have arrived, rest, or never will. Preparing goes on by itself. */
  async start() {
    const ending = (this.#ending = new AbortController());
    try {
      if ((await this.#send()) === "resting") return;
    } catch (error) {
      if (ending.signal.aborted) return;
      return this.#failed(sentence(error), mayPass(error));
    }
    void this.#prepare(ending.signal);
    void this.#tellDuplicates();
  }

  async #send() {
    this.#enter("sending", this.#pauseButton(), this.#cancelButton());
    this.#words.textContent = `Starting · ${size(this.file.size)}`;
    // Renews the session where that has run out: what carries the bytes cannot.
    await api.get("/users/me/storage");
    if (!this.#sending) {
      const tus = await tusClient();
      this.#sending = new Sending(tus, this.file, { owner: document.body.dataset.person ?? "", onProgress: (progress) => this.#tell(progress) });
      if (await this.#sending.remember()) this.#words.textContent = "Going on where it came to…";
    }
    if (this.stage !== "sending") return "resting";
    return this.#sending.run();
  }

  /** @param {import("../lib/upload.js").UploadProgress} progress */
  #tell({ sent, total, speed: pace, secondsLeft }) {
    if (this.stage !== "sending") return;
    this.#bar.value = total ? sent / total : 0;
    const parts = [`${size(sent)} of ${size(total)}`];
    if (pace !== null) parts.push(speed(pace));
    if (secondsLeft !== null) parts.push(timeLeft(secondsLeft));
    this.#words.textContent = parts.join(" · ");
  }

  async #pause() {
    this.#enter("resting", this.#resumeButton(), this.#cancelButton());
    this.#words.textContent = `Paused · ${percent(this.#bar.value)} is there and stays for a day`;
    await this.#sending?.rest();
  }

  get #videoId() {
    return this.#sending?.videoId ?? null;
  }

  /** The same file may be there already: which of them to keep is for its owner to say. */
  async #tellDuplicates() {
    const id = this.#videoId;
    const { items } = await api.get(`/videos/${id}/duplicates`).catch(() => ({ items: [] }));
    if (items.length === 0) return;
    const note = h("div", { class: "cluster small", role: "status" });
    const keep = () => note.remove();
    const drop = async () => {
      await api.delete(`/videos/${id}`);
      this.#remove();
    };
    note.append(
      h("span", {}, "This is the same file as ", h("a", { href: `/videos/${items[0].id}` }, items[0].title), "."),
      h("button", { class: "button", type: "button", onclick: keep }, "Keep both"),
      h("button", { class: "button", type: "button", onclick: drop }, "Drop this one"),
    );
    this.append(note);
  }

  /** @param {AbortSignal} signal */
  async #prepare(signal) {
    this.#enter("preparing");
    this.#words.textContent = "It has arrived. Looking at it…";
    this.#bar.removeAttribute("value");
    try {
      for await (const status of statuses(api, this.#videoId ?? "", { signal })) this.#show(status);
    } catch (error) {
      if (!signal.aborted) this.#failed(sentence(error), false);
    }
  }

  /** @param {import("../lib/preparing.js").VideoStatus} status */
  #show(status) {
    if (status.status === "ready") return this.#ready();
    if (status.status === "failed") return this.#failed(saying(status), false);
    this.#words.textContent = saying(status) + (status.progress ? ` · ${percent(status.progress)}` : "");
    if (status.progress) this.#bar.value = status.progress;
    else this.#bar.removeAttribute("value");
  }

  #wait() {
    this.#enter("waiting", this.#cancelButton());
    this.#words.textContent = `Waiting its turn · ${size(this.file.size)}`;
  }

  #ready() {
    this.#enter("ready", h("a", { class: "button primary", href: `/videos/${this.#videoId}` }, icon("play"), "Watch"));
    this.#bar.hidden = true;
    this.#words.replaceChildren(h("span", { class: "badge good" }, icon("check"), "Ready to watch"));
  }

  /**
   * @param {string} why
   * @param {boolean} again whether sending the same file once more may help
   */
  #failed(why, again) {
    const retry = h("button", { class: "button", type: "button", onclick: () => this.#retry() }, icon("refresh"), "Try again");
    this.#enter("failed", again ? retry : null, this.#removeButton());
    this.#bar.hidden = true;
    this.#words.className = "small bad-words";
    this.#words.textContent = why;
  }

  async #cancel() {
    this.#ending.abort();
    const again = h("button", { class: "button", type: "button", onclick: () => this.#retry() }, icon("refresh"), "Upload after all");
    this.#enter("cancelled", again, this.#removeButton());
    this.#bar.hidden = true;
    try {
      await this.#sending?.giveUp();
      this.#words.textContent = "Cancelled. Nothing of it was kept.";
    } catch {
      this.#words.textContent = "Cancelled. The server is out of reach; what it has of the file goes within a day.";
    }
    this.#sending = null;
  }

  #retry() {
    this.#bar.hidden = false;
    this.#words.className = "small soft";
    this.#wait();
    this.dispatchEvent(new CustomEvent("wp-upload-again", { bubbles: true }));
  }

  #pauseButton() {
    return h("button", { class: "button", type: "button", "aria-label": `Pause ${this.file.name}`, onclick: () => this.#pause() }, icon("pause"), "Pause");
  }

  #resumeButton() {
    return h("button", { class: "button", type: "button", "aria-label": `Go on with ${this.file.name}`, onclick: () => this.#retry() }, icon("play"), "Go on");
  }

  #cancelButton() {
    return h("button", { class: "button", type: "button", "aria-label": `Cancel ${this.file.name}`, onclick: () => void this.#cancel() }, "Cancel");
  }

  #removeButton() {
    return h("button", { class: "button quiet icon-only", type: "button", "aria-label": `Take ${this.file.name} off this list`, onclick: () => this.#remove() }, icon("close"));
  }

  #remove() {
    const list = this.closest("wp-upload");
    this.closest("li")?.remove();
    list?.querySelector("input")?.focus();
  }

  /**
   * @param {Stage} stage
   * @param {...(HTMLElement | null)} actions
   */
  #enter(stage, ...actions) {
    const focused = this.#actions.contains(document.activeElement);
    this.stage = stage;
    this.#actions.replaceChildren(...actions.filter((action) => action !== null));
    if (focused) /** @type {HTMLElement | null} */ (this.#actions.querySelector("button, a"))?.focus();
    this.dispatchEvent(new CustomEvent("wp-upload-stage", { bubbles: true, detail: { stage, name: this.file.name } }));
  }
}

/**
 * Whether the same file may be taken another time: the line was cut, or the server is full or busy. What it read and refused stays refused.
 *
 * @param {unknown} error
 */
function mayPass(error) {
  return error instanceof ApiProblem && (error.status === 0 || [400, 408, 429].includes(error.status) || error.status >= 500);
}

customElements.define("wp-upload-item", WpUploadItem);
