// The captions of one <video>: which there are, which are shown, and how much they are shifted. For this person alone.

import { shifted } from "../lib/offset.js";
import { numbered, trackName } from "../lib/tracks.js";
import { h } from "./html.js";

/** @typedef {import("../lib/tracks.js").Subtitle} Subtitle */
/** @typedef {{subtitle: Subtitle, element: HTMLTrackElement, name: string}} Shown */

/** Browsers look through new tracks and show one in the language they like best, ms. */
const THEIR_CHOICE_MS = 1500;

/** Event: "change" when there are others, or others are shown. */
export class Captions extends EventTarget {
  /** @type {Shown[]} */
  list = [];
  /** Id of the captions that are shown. @type {string | null} */
  chosen = null;
  /** Seconds they come later. */
  offset = 0;

  /** @type {string | null} */
  #last = null;
  /** Until when another choice than ours is the browser's, ms. */
  #theirs = 0;
  /** When each cue would be shown without an offset. @type {WeakMap<TextTrackCue, {start: number, end: number}>} */
  #times = new WeakMap();

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.video = video;
    // The controls' own button turns tracks on and off by itself, and so does the full screen of a telephone.
    video.textTracks.addEventListener("change", () => {
      if (performance.now() < this.#theirs) this.#set(this.chosen);
      else this.#look();
    });
  }

  /** These and no others, under their newest addresses. @param {Subtitle[]} subtitles */
  show(subtitles) {
    const names = numbered(subtitles.map((subtitle) => trackName(subtitle)));
    const list = subtitles.map((subtitle, i) => this.#shown(subtitle, names[i] ?? subtitle.label));
    for (const { element } of this.list) if (!list.some((kept) => kept.element === element)) element.remove();
    this.list = list;
    this.#look();
    this.dispatchEvent(new Event("change"));
  }

  /** Null shows none. @param {string | null} id */
  choose(id) {
    if (id) this.#last = id;
    this.#set(id);
    this.#look();
  }

  #set(/** @type {string | null} */ id) {
    for (const { subtitle, element } of this.list) {
      const mode = subtitle.id === id ? "showing" : "disabled";
      if (element.track.mode !== mode) element.track.mode = mode;
    }
  }

  /** Off, or on again with those that were on last. */
  toggle() {
    const again = this.list.find(({ subtitle }) => subtitle.id === this.#last) ?? this.list[0];
    this.choose(this.chosen ? null : (again?.subtitle.id ?? null));
  }

  /** @param {number} offset */
  shift(offset) {
    this.offset = offset;
    for (const { element } of this.list) this.#place(element.track);
  }

  #shown(/** @type {Subtitle} */ subtitle, /** @type {string} */ name) {
    const known = this.list.find((shown) => shown.subtitle.id === subtitle.id);
    if (known) {
      // What is loaded stays; what is not will be asked for under an address that still works.
      if (known.element.track.mode === "disabled") known.element.src = subtitle.url;
      return { ...known, subtitle, name };
    }
    const element = h("track", { kind: "subtitles", label: name, srclang: subtitle.language ?? "und", src: subtitle.url });
    element.addEventListener("load", () => this.#place(element.track));
    this.video.append(element);
    this.#theirs = performance.now() + THEIR_CHOICE_MS;
    return { subtitle, element, name };
  }

  #place(/** @type {TextTrack} */ track) {
    for (const cue of track.cues ?? []) {
      const times = this.#times.get(cue) ?? { start: cue.startTime, end: cue.endTime };
      this.#times.set(cue, times);
      const { start, end } = shifted(times, this.offset);
      cue.startTime = start;
      cue.endTime = end;
    }
  }

  #look() {
    const showing = this.list.find(({ element }) => element.track.mode === "showing")?.subtitle.id ?? null;
    if (showing === this.chosen) return;
    this.chosen = showing;
    if (showing) this.#last = showing;
    this.dispatchEvent(new Event("change"));
  }
}
