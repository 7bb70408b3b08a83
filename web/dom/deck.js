// A <video> as lib/follower.js wants a player: where it stands, whether it is ready, and the few things it can be told.

/** Media data: the frame here, and something after it. */
const HAVE_FUTURE_DATA = 3;
/** Two ranges this close are one to the browser, s. */
const GAP = 0.15;
/** Kept for whoever asks; nobody does when one watches alone. */
const MOST_FRAMES = 60;
/** How long a frame is taken to last before any were seen, and at most, s; it is the median of so many. */
const USUAL_FRAME = 0.04;
const LONGEST_FRAME = 0.25;
const LENGTHS = 7;
/** How far a frame's time may be rounded, s. */
const ROUNDING = 0.0005;
/** At the very end there is nothing after the frame. */
const END = 0.25;

/** @typedef {import("../lib/follower.js").Deck} Deck */

/**
 * Events: "silenced" when the browser plays without sound only, "seek" (detail: s) just before the player is moved.
 *
 * @implements {Deck}
 */
export class VideoDeck extends EventTarget {
  /** Where to begin once there is a film; a seek before that goes nowhere. */
  wanted = 0;
  /** Whether the browser, not the person, keeps the sound away. */
  silenced = false;

  /** @type {{at: number, position: number}[]} */
  #frames = [];
  /** When the frame on the screen begins, s. */
  #shown = -Infinity;
  /** How long the last ones lasted, s. */
  #lengths = Array(LENGTHS).fill(USUAL_FRAME);
  /** Who waits for a frame. @type {{position: number, call: () => void} | null} */
  #awaited = null;

  /** @param {HTMLVideoElement} video */
  constructor(video) {
    super();
    this.video = video;
    video.addEventListener("volumechange", () => {
      if (!video.muted) this.silenced = false;
    });
    if ("requestVideoFrameCallback" in video) this.#watch();
  }

  /** What was displayed since the last question; nothing in hidden tabs. */
  frames() {
    const frames = this.#frames;
    this.#frames = [];
    return frames;
  }

  #watch() {
    this.video.requestVideoFrameCallback((_, { expectedDisplayTime, mediaTime }) => {
      if (this.#frames.length < MOST_FRAMES) this.#frames.push({ at: expectedDisplayTime, position: mediaTime });
      const length = mediaTime - this.#shown;
      if (length > ROUNDING && length < LONGEST_FRAME) this.#lengths = [...this.#lengths.slice(1), length];
      this.#shown = mediaTime;
      this.#meet();
      this.#watch();
    });
  }

  /**
   * Calls, perhaps at once, when the frame that holds a position, or a later one, is on the screen.
   *
   * @param {number} position
   * @param {() => void} call
   */
  onFrame(position, call) {
    const awaited = { position, call };
    this.#awaited = awaited;
    this.#meet();
    return () => {
      if (this.#awaited === awaited) this.#awaited = null;
    };
  }

  #meet() {
    const length = [...this.#lengths].sort((a, b) => a - b)[LENGTHS >> 1];
    if (!this.#awaited || this.#shown + length <= this.#awaited.position + ROUNDING) return;
    const { call } = this.#awaited;
    this.#awaited = null;
    call();
  }

  get position() {
    return this.video.readyState === 0 ? this.wanted : this.video.currentTime;
  }

  get duration() {
    return Number.isFinite(this.video.duration) ? this.video.duration : Infinity;
  }

  get paused() {
    return this.video.paused && !this.video.ended;
  }

  get ready() {
    const { readyState, seeking, currentTime } = this.video;
    return !seeking && (readyState >= HAVE_FUTURE_DATA || (readyState === 2 && currentTime > this.duration - END));
  }

  /** @param {number} position */
  reach(position) {
    const { buffered } = this.video;
    let end = position;
    for (let i = 0; i < buffered.length; i++) {
      if (buffered.start(i) <= end + GAP && buffered.end(i) > end) end = buffered.end(i);
    }
    return end - position;
  }

  /** @param {number} position */
  seek(position) {
    this.wanted = position;
    this.dispatchEvent(new CustomEvent("seek", { detail: position }));
    if (this.video.readyState > 0) this.video.currentTime = position;
  }

  pause() {
    this.video.pause();
  }

  /** @param {number} rate */
  pace(rate) {
    if (this.video.playbackRate !== rate) this.video.playbackRate = rate;
  }

  /** With sound, else without, which is said; false when the browser wants a gesture even for that. */
  async play() {
    if (await this.#try()) return true;
    if (this.video.muted) return false;
    this.video.muted = true;
    const plays = await this.#try();
    this.silenced = plays;
    if (plays) this.dispatchEvent(new Event("silenced"));
    else this.video.muted = false;
    return plays;
  }

  async #try() {
    try {
      await this.video.play();
      return true;
    } catch (error) {
      // Anything else is a pause or another film that came in between.
      return !(error instanceof DOMException && error.name === "NotAllowedError");
    }
  }
}
