// Adding films: dropped or chosen, sent one after the other, each followed until it can be watched.

import { h, the } from "../dom/html.js";
import { WpUploadItem } from "./wp-upload-item.js";

/** What is worth saying aloud; progress is read from the bars. */
const SAID = { sending: "is being sent", preparing: "has arrived and is being prepared", ready: "is ready to watch", failed: "failed", cancelled: "is cancelled" };

class WpUpload extends HTMLElement {
  #busy = false;
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
    zone.addEventListener("drop", (event) => this.#add(event.dataTransfer?.files));
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

  /** @param {FileList | null | undefined} files */
  #add(files) {
    for (const file of files ?? []) this.#list.append(h("li", {}, new WpUploadItem(file)));
    the(this, "[data-queue]", HTMLElement).hidden = this.#list.childElementCount === 0;
    void this.#work();
  }

  /** One at a time: the first film is there the sooner. */
  async #work() {
    if (this.#busy) return;
    this.#busy = true;
    for (let next = this.#next; next; next = this.#next) await next.start();
    this.#busy = false;
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
