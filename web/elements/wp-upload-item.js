// One file on its way: waiting, sent, prepared, watchable. It can be cancelled, and tried again.

import { h, icon } from "../dom/html.js";
import { sentence } from "../dom/problem.js";
import { transport } from "../dom/transport.js";
import { ApiProblem, api } from "../lib/api.js";
import { percent, size, speed, timeLeft } from "../lib/format.js";
import { saying, statuses } from "../lib/preparing.js";
import { send } from "../lib/upload.js";

/** @typedef {"waiting" | "sending" | "preparing" | "ready" | "failed" | "cancelled"} Stage */

export class WpUploadItem extends HTMLElement {
  /** @type {Stage} */
  stage = "waiting";
  #ending = new AbortController();
  /** @type {string | null} */
  #videoId = null;

  #words = h("p", { class: "small soft" });
  #bar = h("progress", { max: 1 });
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

  /** Sends the file; returns once its bytes have arrived or never will. Preparing goes on by itself. */
  async start() {
    const ending = (this.#ending = new AbortController());
    try {
      await this.#send(ending.signal);
    } catch (error) {
      if (ending.signal.aborted) return this.#cancelled();
      return this.#failed(sentence(error), mayPass(error));
    }
    void this.#prepare(ending.signal);
  }

  /** @param {AbortSignal} signal */
  async #send(signal) {
    this.#enter("sending", this.#cancelButton());
    this.#words.textContent = `Starting · ${size(this.file.size)}`;
    await this.#forget();
    const { video, upload } = await api.post("/videos", { filename: this.file.name, size: this.file.size }, { signal });
    this.#videoId = video.id;
    await send(transport, upload, this.file, {
      signal,
      onProgress: ({ sent, total, speed: pace, secondsLeft }) => {
        this.#bar.value = total ? sent / total : 0;
        const parts = [`${size(sent)} of ${size(total)}`];
        if (pace !== null) parts.push(speed(pace));
        if (secondsLeft !== null) parts.push(timeLeft(secondsLeft));
        this.#words.textContent = parts.join(" · ");
      },
    });
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
    this.#bar.value = 0;
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
    void this.#forget();
    const retry = h("button", { class: "button", type: "button", onclick: () => this.#retry() }, icon("refresh"), "Try again");
    this.#enter("failed", again ? retry : null, this.#removeButton());
    this.#bar.hidden = true;
    this.#words.className = "small bad-words";
    this.#words.textContent = why;
  }

  #cancel() {
    if (this.stage === "waiting") this.#cancelled();
    else this.#ending.abort(new DOMException("Cancelled by the person.", "AbortError"));
  }

  #cancelled() {
    void this.#forget();
    const again = h("button", { class: "button", type: "button", onclick: () => this.#retry() }, icon("refresh"), "Upload after all");
    this.#enter("cancelled", again, this.#removeButton());
    this.#bar.hidden = true;
    this.#words.textContent = "Cancelled. Nothing of it was kept.";
  }

  #retry() {
    this.#bar.hidden = false;
    this.#words.className = "small soft";
    this.#wait();
    this.dispatchEvent(new CustomEvent("wp-upload-again", { bubbles: true }));
  }

  /** What was begun on the server and came to nothing leaves no trace in the library. */
  async #forget() {
    if (this.#videoId === null) return;
    try {
      await api.delete(`/videos/${this.#videoId}`, { keepalive: true });
    } catch (error) {
      // Out of reach: the next try begins with this. Gone already, or expired as an unfinished upload: all the better.
      if (!(error instanceof ApiProblem) || error.status === 0) return;
    }
    this.#videoId = null;
  }

  #cancelButton() {
    return h("button", { class: "button", type: "button", "aria-label": `Cancel ${this.file.name}`, onclick: () => this.#cancel() }, "Cancel");
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
