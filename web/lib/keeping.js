/**
 * What the switch `Keep ready` says of itself.
 *
 * @typedef {import("./jobs.js").Job} Job
 */
import { size } from "./format.js";
import { pace } from "./jobs.js";

/**
 * @param {boolean} kept
 * @param {Job | undefined} job the last of those that make everything ready
 * @param {number} bytes what of the film lies in the cache
 * @returns {{words: string, progress: number | null}} `progress` null unless something is under way, 0 while it waits
 */
export function keepingWords(kept, job, bytes) {
  if (!kept) return { words: "Prepare every quality now and keep it, so that nobody waits after a jump. It takes room on the disk.", progress: null };
  switch (job?.status) {
    case "running":
      return { words: ["Preparing everything", pace(job)].filter(Boolean).join(" · "), progress: job.progress };
    case "queued":
      return { words: job.error ?? "Everything is prepared as soon as the machine has time for it.", progress: null };
    case "failed":
      return { words: job.error ?? "Not everything could be prepared.", progress: null };
    case "cancelled":
      return { words: "Preparing was cancelled. What was made by then is kept.", progress: null };
    default:
      return { words: `Everything that has been prepared is kept${bytes ? `: ${size(bytes)}` : ""}.`, progress: null };
  }
}
