// Following a film from its last byte until it can be watched.

import { ApiProblem } from "./api.js";

/**
 * @typedef {{status: string, progress: number | null, reason: string | null}} VideoStatus
 */

const EVERY_SECONDS = 1;

/**
 * What the server says of a film, again and again, until that will not change by itself. Throws ApiProblem when the film is gone.
 *
 * @param {Pick<import("./api.js").Api, "get">} api
 * @param {string} videoId
 * @param {{signal?: AbortSignal, every?: number, wait?: (seconds: number) => Promise<unknown>}} [options]  `every` so many seconds
 * @returns {AsyncGenerator<VideoStatus, void, void>}
 */
export async function* statuses(api, videoId, { signal, every = EVERY_SECONDS, wait = sleep } = {}) {
  while (!signal?.aborted) {
    const status = await ask(api, videoId, signal);
    if (signal?.aborted) return;
    if (status) yield status;
    if (status && isSettled(status.status)) return;
    if (signal?.aborted) return;
    await wait(every);
  }
}

/** Whether a status stays as it is until somebody does something. */
export function isSettled(/** @type {string} */ status) {
  return status === "ready" || status === "failed" || status === "missing";
}

/** A status for people; the server's own reason goes first. */
export function saying(/** @type {{status: string, reason?: string | null}} */ { status, reason }) {
  return reason || SAYINGS[status] || "Getting ready";
}

/** @type {Record<string, string>} */
const SAYINGS = {
  pending: "Waiting for the file",
  uploaded: "Waiting its turn",
  processing: "Getting ready",
  ready: "Ready to watch",
  failed: "This film cannot be played",
  missing: "The file of this film is missing",
};

/**
 * @param {Pick<import("./api.js").Api, "get">} api
 * @param {string} videoId
 * @param {AbortSignal} [signal]
 * @returns {Promise<VideoStatus | null>} null when nobody answered
 */
async function ask(api, videoId, signal) {
  try {
    return await api.get(`/videos/${encodeURIComponent(videoId)}/status`, { signal });
  } catch (error) {
    if (signal?.aborted) return null;
    if (error instanceof ApiProblem && (error.status === 0 || error.status === 503)) return null;
    throw error;
  }
}

function sleep(/** @type {number} */ seconds) {
  return new Promise((done) => setTimeout(done, seconds * 1000));
}
