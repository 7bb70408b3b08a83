// A flash and a click once a second, and a slider to bring them together: how late the loudspeaker of this device is. Nothing in
// a room stops for it; only one's own film is silent meanwhile. Needs no secure page: home servers have none.

import { h, icon } from "../dom/html.js";
import { BEAT_MS, contextTime, due, lit } from "../lib/beats.js";
import { MOST, shiftLabel, STEP } from "../lib/shift.js";

/** @typedef {import("../dom/loudspeaker.js").Loudspeaker} Loudspeaker */

const LOOK_MS = 50;
/** A picture is drawn this long before it is shown, ms. */
const FRAME_MS = 17;
const CLICK_SECONDS = 0.03;
const CLICK_HERTZ = 1800;
const LOUD = 0.5;

export class WpSoundCheck extends HTMLElement {
  /** @type {Loudspeaker | null} */
  loudspeaker = null;
  /** The film that is silent meanwhile. @type {HTMLVideoElement | null} */
  video = null;

  #light = h("div", { class: "check-light", "aria-hidden": "true" });
  #value = h("output", { class: "check-value", for: "check-late" });
  #slider = h("input", { id: "check-late", type: "range", min: -MOST, max: MOST, step: STEP, "aria-describedby": "check-means", oninput: () => this.loudspeaker?.set(this.#slider.valueAsNumber) });
  #dialog = h("dialog", { class: "dialog sound-check", "aria-labelledby": "check-title", onclose: () => this.#stop() });
  /** @type {AudioContext | null} */
  #context = null;
  /** @type {AudioBuffer | null} */
  #click = null;
  #begun = 0;
  #last = -1;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #looking;
  #drawing = 0;
  #wasMuted = false;

  connectedCallback() {
    if (this.#dialog.isConnected) return;
    const nudge = (/** @type {number} */ steps) => () => this.loudspeaker?.nudge(steps);
    const words = (/** @type {string} */ text) => h("p", { class: "soft" }, text);
    this.#dialog.replaceChildren(
      h("div", { class: "cluster apart" }, h("h2", { id: "check-title" }, "Sound check"), h("button", { class: "button quiet icon-only", type: "button", "aria-label": "Close", onclick: () => this.#dialog.close() }, icon("close"))),
      words("Move the slider until you hear the click exactly when the light flashes. Listen where you sit, with the loudspeaker you use for films."),
      this.#light,
      h("div", { class: "cluster apart" }, h("label", { for: "check-late" }, "My loudspeaker is late by"), this.#value),
      h(
        "div",
        { class: "check-row" },
        h("button", { class: "button", type: "button", "aria-label": "10 milliseconds less", onclick: nudge(-1) }, "−10"),
        this.#slider,
        h("button", { class: "button", type: "button", "aria-label": "10 milliseconds more", onclick: nudge(1) }, "+10"),
      ),
      h("p", { class: "soft small", id: "check-means" }, "Click after the flash: more. Click before the flash: less. Bluetooth headphones are often 100 to 300 ms late, a television or soundbar 30 to 150 ms; a television that is slow with its picture needs a value below zero."),
      h(
        "div",
        { class: "cluster apart" },
        h("button", { class: "button quiet", type: "button", onclick: () => this.loudspeaker?.set(0) }, "Reset to 0"),
        h("button", { class: "button primary", type: "button", onclick: () => this.#dialog.close() }, "Done"),
      ),
      h("p", { class: "soft small" }, "Kept for this device. Nobody else's sound changes."),
    );
    this.replaceChildren(this.#dialog);
    this.loudspeaker?.addEventListener("change", this.#show);
    this.#show();
  }

  disconnectedCallback() {
    this.loudspeaker?.removeEventListener("change", this.#show);
    this.#stop();
  }

  /** To be called when somebody has pressed something: browsers are silent before. */
  open() {
    if (this.#dialog.open) return;
    this.#dialog.showModal();
    this.#slider.focus();
    this.#wasMuted = this.video?.muted ?? true;
    if (this.video) this.video.muted = true;
    this.#context = new AudioContext({ latencyHint: "interactive" });
    void this.#context.resume();
    this.#click = click(this.#context);
    this.#begun = performance.now() + BEAT_MS;
    this.#last = -1;
    this.#looking = setInterval(() => this.#hand(), LOOK_MS);
    this.#draw();
  }

  #stop() {
    if (!this.#context) return;
    clearInterval(this.#looking);
    cancelAnimationFrame(this.#drawing);
    this.#light.classList.remove("lit");
    void this.#context.close();
    this.#context = this.#click = null;
    if (this.video && !this.#wasMuted) this.video.muted = false;
  }

  #show = () => {
    const late = this.loudspeaker?.late ?? 0;
    this.#value.textContent = shiftLabel(late);
    this.#slider.value = String(late);
    this.#slider.setAttribute("aria-valuetext", shiftLabel(late));
  };

  /** Clicks that are due soon, to the sound card, which plays them to the sample. */
  #hand() {
    const context = this.#context;
    // A clock that does not run yet cannot be told when.
    if (!context || context.state !== "running") return;
    const now = performance.now();
    const stamp = context.getOutputTimestamp?.() ?? null;
    for (const { beat, at } of due({ begun: this.#begun, now, late: this.loudspeaker?.late ?? 0, last: this.#last })) {
      this.#last = beat;
      const source = new AudioBufferSourceNode(context, { buffer: this.#click });
      source.connect(context.destination);
      source.start(Math.max(context.currentTime, contextTime(at, now, context, stamp)));
    }
  }

  #draw = () => {
    this.#light.classList.toggle("lit", lit(performance.now() + FRAME_MS, this.#begun));
    this.#drawing = requestAnimationFrame(this.#draw);
  };
}

/** A short knock that begins at once, so that its moment can be heard. */
function click(/** @type {AudioContext} */ context) {
  const { sampleRate } = context;
  const buffer = context.createBuffer(1, Math.ceil(CLICK_SECONDS * sampleRate), sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) {
    const fade = 1 - i / samples.length;
    samples[i] = LOUD * fade * fade * Math.sin((2 * Math.PI * CLICK_HERTZ * i) / sampleRate);
  }
  return buffer;
}

customElements.define("wp-sound-check", WpSoundCheck);
