// What the scrub bar shows of the film before one goes there: a small picture, the chapter, the time; by mouse, finger and keys.

import { h } from "./html.js";

/** The preview stays this long after a key, ms. */
const LINGER_MS = 1500;

/** Addresses that open the film this much longer take the place of the old ones, s: pictures need not be fetched anew before. */
const RENEWED_S = 1800;

/** The storyboard and the chapters, as the tracks in which media-chrome looks for them. */
export class Preview {
  /** @type {HTMLTrackElement | null} */
  #pictures = null;
  /** @type {HTMLTrackElement | null} */
  #chapters = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    this.video = video;
  }

  /** Under their newest addresses. @param {{storyboard_url?: string | null, chapters_url?: string | null}} answer */
  show({ storyboard_url, chapters_url }) {
    this.#pictures = this.#track(this.#pictures, "metadata", "thumbnails", storyboard_url);
    // Their cues do not lead anywhere, so those that are there need no newer address.
    if (!this.#chapters) this.#chapters = this.#track(null, "chapters", "chapters", chapters_url);
  }

  clear() {
    this.#pictures?.remove();
    this.#chapters?.remove();
    this.#pictures = this.#chapters = null;
  }

  /**
   * @param {HTMLTrackElement | null} element
   * @param {"metadata" | "chapters"} kind
   * @param {string} label
   * @param {string | null | undefined} url
   */
  #track(element, kind, label, url) {
    if (!url) return element;
    if (element) {
      if (expiry(url) - expiry(element.src) > RENEWED_S) element.src = url;
      return element;
    }
    const made = h("track", { kind, label, default: true, src: url });
    // media-chrome looks for chapters when tracks change, which is before they have come.
    made.addEventListener("load", () => this.video.textTracks.dispatchEvent(new Event("change")));
    this.video.append(made);
    made.track.mode = "hidden";
    return made;
  }
}

/** When a signed address ends: /m/<grant>.<expires>.<signature>/... */
function expiry(/** @type {string} */ url) {
  return Number(/\/m\/[^/.]+\.(\d+)\./.exec(url)?.[1] ?? 0);
}

/**
 * Shows the preview where the keys lead. media-chrome shows it under a pointer alone, so one is made up.
 *
 * @param {HTMLElement} line  a <media-time-range>
 * @returns {(share: number) => void}  shows it at this share of the film, for a moment
 */
export function previewByKeys(line) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const { range } = /** @type {{range?: HTMLInputElement}} */ (/** @type {unknown} */ (line));
  const fill = () => /** @type {{updateBar?: () => void}} */ (/** @type {unknown} */ (line)).updateBar?.();
  const point = (/** @type {string} */ type, place = {}) =>
    line.dispatchEvent(new PointerEvent(type, { pointerType: "mouse", bubbles: true, composed: true, ...place }));
  const hide = () => {
    if (timer === undefined) return;
    clearTimeout(timer);
    timer = undefined;
    point("pointerleave");
  };
  const show = (/** @type {number} */ share) => {
    const { left, width, top } = (range ?? line).getBoundingClientRect();
    point("pointerenter");
    point("pointermove", { clientX: left + width * share, clientY: top });
    // It is only shown under a real pointer, or while being dragged, and what is dragged does not move by itself.
    line.toggleAttribute("dragging", true);
    if (range) range.valueAsNumber = share;
    fill();
    clearTimeout(timer);
    timer = setTimeout(hide, LINGER_MS);
  };
  line.addEventListener("keyup", ({ key }) => range && /^(Page|Home|End|Tab)/.test(key) && show(range.valueAsNumber));
  line.addEventListener("focusout", hide);
  return show;
}
