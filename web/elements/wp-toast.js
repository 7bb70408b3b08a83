// Short messages at the bottom of the page, one under the other, some with one thing to do.

import { h, icon } from "../dom/html.js";

/** @typedef {import("../dom/toast.js").Toast} Toast */

const SECONDS = 5;

class WpToast extends HTMLElement {
  /** @type {Element | null} */
  #home = null;
  #hear = (/** @type {Event} */ event) => this.#show(/** @type {CustomEvent<Toast>} */ (event).detail);

  connectedCallback() {
    this.#home ??= this.parentElement;
    document.addEventListener("wp-toast", this.#hear);
    document.addEventListener("fullscreenchange", this.#move);
  }

  disconnectedCallback() {
    document.removeEventListener("wp-toast", this.#hear);
    document.removeEventListener("fullscreenchange", this.#move);
  }

  /** @param {Toast} toast */
  #show({ text, action, gone, seconds = SECONDS }) {
    const close = () => {
      clearTimeout(timer);
      box.remove();
      gone?.();
    };
    const act = () => {
      action?.run();
      close();
    };
    const box = h(
      "div",
      { class: "toast", role: "status" },
      h("p", { class: "grow" }, text),
      action ? h("button", { class: "button", type: "button", onclick: act }, action.label) : null,
      h("button", { class: "button icon-only", type: "button", "aria-label": "Dismiss", onclick: close }, icon("close")),
    );
    let timer = setTimeout(close, seconds * 1000);

    // Whoever is reading or about to press keeps it.
    const hold = () => clearTimeout(timer);
    const release = () => {
      clearTimeout(timer);
      timer = setTimeout(close, seconds * 1000);
    };
    box.addEventListener("pointerenter", hold);
    box.addEventListener("pointerleave", release);
    box.addEventListener("focusin", hold);
    box.addEventListener("focusout", release);
    this.#move();
    this.#place(box);
  }

  /** Of a page that something fills nothing else is seen, so it lies within that. */
  #move = () => {
    const full = document.fullscreenElement ?? document.querySelector(".fills");
    const place = full instanceof HTMLVideoElement ? this.#home : (full ?? this.#home);
    if (this.parentElement !== place) place?.append(this);
  };

  /** Under a modal dialog nothing can be pressed, so it lies in the dialog while that is open. */
  #place(/** @type {HTMLElement} */ box) {
    const dialog = document.querySelector("dialog:modal");
    if (!dialog) return void this.append(box);
    dialog.append(box);
    dialog.addEventListener("close", () => box.isConnected && this.append(box), { once: true });
  }
}

customElements.define("wp-toast", WpToast);
