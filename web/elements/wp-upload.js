// Adding films: dropped, with their folders, or chosen; sent two at a time, each followed until it can be watched.

import { droppedFiles } from "../dom/dropped.js";
import { h, the } from "../dom/html.js";
import { api } from "../lib/api.js";
import { size } from "../lib/format.js";
import { WpUploadItem } from "./wp-upload-item.js";

/** What is worth saying aloud; progress is read from the bars. */
const SAID = { sending: "is being sent", resting: "is paused", preparing: "has arrived and is being prepared", ready: "is ready to watch", failed: "failed", cancelled: "is cancelled" };

const AT_ONCE = 2;

class WpUpload extends HTMLElement {
  #sending = 0;
  #status = h("p", { class: "visually-hidden", role: "status" });
  // A file dropped beside the zone would otherwise replace the page, and end what is being sent.
  #swallow = (/** @type {DragEvent} */ event) => event.preventDefault();
  #warn = (/** @type {BeforeUnloadEvent} */ event) => {
    if (this.#items.some(({ stage }) => stage === "sending" || stage === "waiting")) event.preventDefault();
  };

  connectedCallback() {
    this.append(this.#status);
    const zone = the(this, ".drop", HTMLElement);
    const input = the(this, "input[type=file]", HTMLInputElement);
    input.addEventListener("change", () => {
      this.#add(input.files);
      input.value = "";
    });
    zone.addEventListener("dragover", () => zone.classList.add("over"));
    for (const end of ["dragleave", "drop"]) zone.addEventListener(end, () => zone.classList.remove("over"));
    zone.addEventListener("drop", async (event) => this.#add(event.dataTransfer && (await droppedFiles(event.dataTransfer))));
    void this.#tellStorage();
    this.addEventListener("wp-upload-again", () => this.#work());
    this.addEventListener("wp-upload-stage", (event) => this.#say(/** @type {CustomEvent} */ (event).detail));
    addEventListener("dragover", this.#swallow);
    addEventListener("drop", this.#swallow);
    addEventListener("beforeunload", this.#warn);
  }

  disconnectedCallback() {
    removeEventListener("dragover", this.#swallow);
    removeEventListener("drop", this.#swallow);
    removeEventListener("beforeunload", this.#warn);
  }

  /** @param {Iterable<File> | null | undefined} files */
  #add(files) {
    for (const file of files ?? []) this.#list.append(h("li", {}, new WpUploadItem(file)));
    the(this, "[data-queue]", HTMLElement).hidden = this.#list.childElementCount === 0;
    this.#work();
  }

  /** Two at a time: one alone seldom fills the line, and of many none would be there soon. */
  #work() {
    for (let next = this.#next; next && this.#sending < AT_ONCE; next = this.#next) {
      this.#sending += 1;
      void next.start().finally(() => {
        this.#sending -= 1;
        this.#work();
        void this.#tellStorage();
      });
    }
  }

  async #tellStorage() {
    const place = this.querySelector("[data-storage]");
    const { used, quota } = await api.get("/users/me/storage").catch(() => ({ used: 0, quota: 0 }));
    if (place instanceof HTMLElement && quota) {
      place.hidden = false;
      place.textContent = `Your films take ${size(used)} of ${size(quota)}.`;
    }
  }

  /** @param {{stage: keyof typeof SAID, name: string}} change */
  #say({ stage, name }) {
    if (stage in SAID) this.#status.textContent = `${name} ${SAID[stage]}.`;
  }

  get #next() {
    return this.#items.find(({ stage }) => stage === "waiting");
  }

  get #items() {
    return [...this.querySelectorAll("wp-upload-item")].filter((item) => item instanceof WpUploadItem);
  }

  get #list() {
    return the(this, "[data-list]", HTMLUListElement);
  }
}

customElements.define("wp-upload", WpUpload);
