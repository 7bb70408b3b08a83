/**
 * Waiting before a room's door for a host's answer.
 *
 * @typedef {"approved" | "denied" | "withdrawn"} Outcome
 */
import { ApiProblem } from "./api.js";

/** How long the server may keep a question before it answers that nothing has happened, s. */
const HELD_S = 20;
/** Before asking again where the server could not be reached, ms. */
const AGAIN_MS = 2000;

/**
 * What became of a request, once it is answered. The server holds the question until there is an answer, so that it is heard
 * at once; lines that break meanwhile are nothing.
 *
 * @param {string} requestId
 * @param {{get: (path: string, options?: {signal?: AbortSignal}) => Promise<{status: string}>}} api
 * @param {(ms: number) => Promise<void>} wait
 * @param {AbortSignal} [signal]
 * @returns {Promise<Outcome>}
 */
export async function answered(requestId, api, wait, signal) {
  for (;;) {
    try {
      const { status } = await api.get(`/access-requests/${encodeURIComponent(requestId)}?wait=${HELD_S}`, signal ? { signal } : {});
      if (status !== "pending") return status === "approved" ? "approved" : "denied";
    } catch (error) {
      if (signal?.aborted) return "withdrawn";
      // Taken back, or gone with its room.
      if (error instanceof ApiProblem && error.status === 404) return "withdrawn";
      if (!(error instanceof ApiProblem)) throw error;
      await wait((error.retryAfter ?? 0) * 1000 || AGAIN_MS);
    }
  }
}
