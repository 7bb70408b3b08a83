/**
 * What the library shows of films that are not simply ready, and which of them have to be asked about.
 *
 * @typedef {import("./jobs.js").Job} Job
 * @typedef {{id: string, status: string, reason?: string | null, keep_ready?: boolean, mine: boolean}} Film
 * @typedef {{words: string, tone: "soft" | "bad", progress: number | null, works: boolean, watchable: boolean}} Note
 */
import { percent } from "./format.js";
import { isSettled, saying } from "./preparing.js";

/**
 * The line below a film's title when there is more to say than who brought it; null when there is not. `progress` null while
 * something is done of which nobody knows how far it is.
 *
 * @param {Film} film
 * @param {Job | undefined} job what is being done to it
 * @returns {Note | null}
 */
export function noteOf(film, job) {
  if (film.status === "failed" || film.status === "missing") {
    return { words: saying(film), tone: "bad", progress: null, works: false, watchable: false };
  }
  if (film.status !== "ready") {
    const words = film.status === "processing" ? "Being looked at" : saying(film);
    return { words, tone: "soft", progress: job?.progress || null, works: film.status !== "pending", watchable: false };
  }
  if (!job || (job.kind !== "fill" && job.kind !== "keep")) return null;
  const doing = job.kind === "keep" ? "keeping all of it ready" : "preparing";
  const words = `Can be watched · ${doing}${job.progress > 0 ? ` ${percent(job.progress)}` : ""}`;
  return { words, tone: "soft", progress: job.progress, works: true, watchable: true };
}

/** What has a shelf of films change. */
export const FILM_EVENTS = ["VideoCreated", "VideoUploaded", "VideoProcessed", "VideoFailed", "VideoChanged", "VideoDeleted"];
/** And what is said of the films on it. */
export const WORK_EVENTS = ["JobStarted", "JobCompleted", "JobFailed", "JobCancelled"];

/** Whether anything of these films may change within moments. */
export function isBusy(/** @type {Film[]} */ films, /** @type {Job[]} */ running) {
  return running.length > 0 || films.some(({ status }) => !isSettled(status) && status !== "pending");
}

/**
 * The films that have to be asked about one by one: those still on their way that are not among the newest. At most a handful
 * at a time; the others have their turn later.
 *
 * @param {Film[]} shown
 * @param {Set<string>} answered the films that the list has told about just now
 * @param {number} round counts the looks
 */
export function toAskAbout(shown, answered, round) {
  const open = shown.filter(({ id, status }) => !isSettled(status) && !answered.has(id));
  const begin = open.length > MOST_ASKED ? (round * MOST_ASKED) % open.length : 0;
  return [...open, ...open].slice(begin, begin + Math.min(MOST_ASKED, open.length)).map(({ id }) => id);
}

const MOST_ASKED = 4;
