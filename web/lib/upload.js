// Sending a file: how fast it goes, how long it will take, and what came of it. What carries the bytes is handed in.

import { ApiProblem, problemFrom } from "./api.js";

/**
 * @typedef {{sent: number, total: number, speed: number | null, secondsLeft: number | null}} UploadProgress
 *   bytes, bytes per second, seconds
 */

/** Long enough to even out a Wi-Fi's hiccups, short enough to follow when the speed really changes. */
const WINDOW_SECONDS = 8;
/** Before this there is too little to tell a speed from. */
const FIRST_SECONDS = 0.75;

/** The speed of something that grows, over the last seconds. Times in seconds. */
export class Pace {
  /** @type {{at: number, amount: number}[]} */
  #marks = [];

  /**
   * @param {number} amount so far
   * @param {number} at
   */
  mark(amount, at) {
    this.#marks.push({ at, amount });
    while (this.#marks.length > 2 && this.#second.at <= at - WINDOW_SECONDS) this.#marks.shift();
  }

  /** Per second, or null while it is too early to say. */
  get speed() {
    const first = this.#marks[0];
    const last = this.#marks.at(-1);
    if (!first || !last || last.at - first.at < FIRST_SECONDS) return null;
    return (last.amount - first.amount) / (last.at - first.at);
  }

  /**
   * @param {number} total
   * @returns {number | null} null while it is too early to say, or when nothing moves
   */
  secondsLeft(total) {
    const speed = this.speed;
    const last = this.#marks.at(-1);
    return speed && last ? Math.max(0, total - last.amount) / speed : null;
  }

  get #second() {
    return /** @type {{at: number, amount: number}} */ (this.#marks[1]);
  }
}

/** One file on its way in pieces (tus 1.0.0): it can rest, go on after a reload, and be given up. */
export class Sending {
  /** @type {string | null} */
  videoId = null;
  #upload;
  #pace = new Pace();
  #rest = () => {};

  /**
   * @param {any} tus tus-js-client
   * @param {File} file
   * @param {{owner: string, onProgress: (progress: UploadProgress) => void, now?: () => number}} options `now` in seconds
   */
  constructor(tus, file, { owner, onProgress, now = seconds }) {
    this.#upload = new tus.Upload(file, {
      endpoint: "/api/v1/uploads",
      retryDelays: RETRY_MILLISECONDS,
      removeFingerprintOnSuccess: true,
      metadata: { filename: file.name },
      fingerprint: async () => fingerprint(file, owner),
      onAfterResponse: (/** @type {any} */ _, /** @type {any} */ answer) => this.#begun(answer),
      onProgress: (/** @type {number} */ sent) => {
        this.#pace.mark(sent, now());
        onProgress({ sent, total: file.size, speed: this.#pace.speed, secondsLeft: this.#pace.secondsLeft(file.size) });
      },
    });
  }

  /** Whether an earlier visit to this page came some way with the same file: `run` goes on from there. */
  async remember() {
    const earlier = (await this.#upload.findPreviousUploads()).filter(isFresh).at(-1);
    if (!earlier) return false;
    this.videoId = earlier.metadata.video_id ?? null;
    this.#upload.options.metadata = earlier.metadata;
    this.#upload.resumeFromPreviousUpload(earlier);
    return true;
  }

  /**
   * Sends what is left. Throws ApiProblem.
   *
   * @returns {Promise<"sent" | "resting">}
   */
  run() {
    this.#pace = new Pace();
    return new Promise((resolve, reject) => {
      this.#rest = () => resolve("resting");
      this.#upload.options.onSuccess = () => resolve("sent");
      this.#upload.options.onError = (/** @type {any} */ error) => reject(problemOf(error));
      this.#upload.start();
    });
  }

  /** What has come so far stays on the server for a day. */
  async rest() {
    await this.#upload.abort();
    this.#rest();
  }

  /** Nothing of it is to stay, neither there nor in this browser's memory. */
  async giveUp() {
    this.#rest();
    await this.#upload.abort(true).catch((/** @type {any} */ error) => {
      if (problemOf(error).status === 0) throw problemOf(error);
    });
  }

  /** @param {any} answer to any request; that to the first one says which film it is to become */
  #begun(answer) {
    if (answer.getStatus() !== 201) return;
    this.videoId = JSON.parse(answer.getBody()).video.id;
    // Kept beside the address, for the visit after this one.
    this.#upload.options.metadata = { ...this.#upload.options.metadata, video_id: this.videoId };
  }
}

/** Longer and longer, from one piece that got through to the next. */
const RETRY_MILLISECONDS = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000];
const KEPT_MILLISECONDS = 24 * 3600 * 1000;

/**
 * What a file is known by when it is chosen again.
 *
 * @param {{name: string, size: number, lastModified: number, webkitRelativePath?: string}} file
 * @param {string} owner whoever is signed in
 */
export function fingerprint({ name, size, lastModified, webkitRelativePath }, owner) {
  return ["wp", owner, webkitRelativePath || name, size, lastModified].join("-");
}

/** @param {{creationTime: string}} earlier */
function isFresh({ creationTime }) {
  return Date.now() - Date.parse(creationTime) < KEPT_MILLISECONDS;
}

/**
 * The server's own words for what went wrong, or that nobody answered.
 *
 * @param {any} error of tus-js-client
 */
function problemOf(error) {
  const answer = error?.originalResponse;
  if (answer?.getStatus()) return new ApiProblem(problemFrom(answer.getStatus(), answer.getBody()));
  return new ApiProblem({ status: 0, detail: "The connection was lost before the whole file had arrived. Try again, and it goes on from there." });
}

function seconds() {
  return performance.now() / 1000;
}
