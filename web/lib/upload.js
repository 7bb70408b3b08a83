// Sending a file: how fast it goes, how long it will take, and what came of it. How bytes travel is handed in.

import { ApiProblem, problemFrom } from "./api.js";

/**
 * @typedef {{sent: number, total: number, speed: number | null, secondsLeft: number | null}} UploadProgress
 *   bytes, bytes per second, seconds
 * @typedef {{method: string, url: string, body: Blob, onProgress: (sent: number) => void, signal?: AbortSignal}} Sending
 * @typedef {(sending: Sending) => Promise<{status: number, text: string}>} Transport
 *   rejects with an AbortError when `signal` says so, with anything else when the line is cut
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

/**
 * Sends `file` to a pre-signed address and gives the server's answer. Throws ApiProblem, or AbortError when cancelled.
 *
 * @param {Transport} transport
 * @param {{url: string, method: string}} target
 * @param {Blob} file
 * @param {{onProgress?: (progress: UploadProgress) => void, signal?: AbortSignal, now?: () => number}} [options] `now` in seconds
 * @returns {Promise<any>}
 */
export async function send(transport, target, file, { onProgress, signal, now = seconds } = {}) {
  const pace = new Pace();
  const report = (/** @type {number} */ sent) => {
    pace.mark(sent, now());
    onProgress?.({ sent, total: file.size, speed: pace.speed, secondsLeft: pace.secondsLeft(file.size) });
  };
  report(0);
  const { status, text } = await transport({ ...target, body: file, onProgress: report, signal }).catch((error) => {
    if (signal?.aborted) throw error;
    throw new ApiProblem({ status: 0, detail: "The connection was lost before the whole file had arrived. Try again." });
  });
  if (status < 200 || status > 299) throw new ApiProblem(problemFrom(status, text));
  return text ? JSON.parse(text) : null;
}

function seconds() {
  return performance.now() / 1000;
}
