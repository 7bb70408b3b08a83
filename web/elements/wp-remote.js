// For whoever watches elsewhere, on the TV say: no picture is loaded here, the chat is large, and where the film is stands
// above it with a remote control.

import { h, icon } from "../dom/html.js";
import { api } from "../lib/api.js";
import { clock } from "../lib/format.js";
import { positionAt } from "../lib/timeline.js";

/** @typedef {import("../lib/party.js").Party} Party */
/** @typedef {{title: string, duration: number | null}} Film */

const TICK_MS = 250;
const SKIP = 10;

/** "wp-watch-here" goes up when the picture is wanted back. */
class WpRemote extends HTMLElement {
  /** @type {Party | null} */
  party = null;
  #on = false;
  /** @type {Film | null} */
  #film = null;
  /** @type {string | null} */
  #filmId = null;
  #title = h("p", { class: "remote-title" });
  #time = h("span", { class: "remote-time" });
  #line = h("input", { type: "range", min: 0, step: 1, value: 0, "aria-label": "Where the film is", onchange: () => this.party?.seek(Number(this.#line.value)) });
  #play = h("button", { class: "button primary icon-only", type: "button", onclick: () => this.toggle() });
  #back = h("button", { class: "button quiet", type: "button", "aria-label": "Back by ten seconds", onclick: () => this.#skip(-SKIP) }, "−10 s");
  #ahead = h("button", { class: "button quiet", type: "button", "aria-label": "On by ten seconds", onclick: () => this.#skip(SKIP) }, "+10 s");
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #ticking;

  connectedCallback() {
    const watch = h("button", { class: "button", type: "button", onclick: () => this.dispatchEvent(new Event("wp-watch-here", { bubbles: true })) }, icon("film"), h("span", {}, "Watch here"));
    this.replaceChildren(
      h("div", { class: "cluster apart" }, this.#title, watch),
      h("div", { class: "remote-controls" }, this.#back, this.#play, this.#ahead, this.#line, this.#time),
    );
    this.setAttribute("role", "region");
    this.setAttribute("aria-label", "Remote control");
    for (const event of ["timeline", "room", "welcome", "members"]) this.party?.addEventListener(event, () => this.#show());
    this.#ticking = setInterval(() => this.#tick(), TICK_MS);
    this.#show();
  }

  disconnectedCallback() {
    clearInterval(this.#ticking);
  }

  set on(/** @type {boolean} */ on) {
    this.#on = on;
    this.hidden = !on;
    this.#show();
  }

  /** Play, or pause where it is for everybody. */
  toggle() {
    const { timeline } = this.party ?? {};
    if (!this.party?.may("play") || !timeline?.video_id) return;
    if (timeline.playing || timeline.starting) this.party.pause();
    else this.party.play();
  }

  get #position() {
    const { timeline, clock: time } = this.party ?? {};
    return timeline && time ? positionAt(timeline, time.serverNow(), this.#film?.duration ?? Infinity) : 0;
  }

  #skip(/** @type {number} */ seconds) {
    this.party?.seek(Math.max(0, Math.min(this.#position + seconds, (this.#film?.duration ?? Infinity) - 0.1)));
  }

  #show() {
    const { party } = this;
    if (!this.#on || !party) return;
    const { timeline } = party;
    const id = timeline?.video_id ?? null;
    if (id !== this.#filmId) void this.#learn(id);
    const runs = Boolean(timeline?.playing || timeline?.starting);
    this.#title.textContent = this.#film?.title ?? (id ? "The film" : "No film yet");
    this.#play.replaceChildren(icon(runs ? "pause" : "play"));
    this.#play.setAttribute("aria-label", runs ? "Pause for everybody" : "Play for everybody");
    this.#play.disabled = !id || !party.may("play");
    for (const control of [this.#back, this.#ahead]) control.disabled = !id || !party.may("seek");
    this.#line.disabled = this.#back.disabled || !this.#film?.duration;
    this.#line.max = String(Math.floor(this.#film?.duration ?? 0));
    this.#tick();
  }

  async #learn(/** @type {string | null} */ id) {
    this.#filmId = id;
    // Without its name it is still a film.
    this.#film = id === null ? null : await api.get(`/videos/${encodeURIComponent(id)}`).catch(() => null);
    if (id === this.#filmId) this.#show();
  }

  #tick() {
    if (!this.#on) return;
    const position = this.#position;
    const { duration } = this.#film ?? {};
    this.#time.textContent = duration ? `${clock(position)} / ${clock(duration)}` : clock(position);
    if (!this.#line.matches(":active")) this.#line.value = String(Math.floor(position));
    this.#line.setAttribute("aria-valuetext", clock(position));
  }
}

customElements.define("wp-remote", WpRemote);
