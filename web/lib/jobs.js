/**
 * Jobs as people speak of them: what is done, how far it is, and what may be done about it.
 *
 * @typedef {{asset_url?: string, filename?: string, size?: number}} Result
 * @typedef {{id: string, kind: string, video_id: string, title?: string | null, status: string, progress: number, speed?: number | null,
 *   eta_seconds?: number | null, attempts: number, error?: string | null, result?: Result | null, options?: Record<string, any> | null,
 *   created_at: string, started_at?: string | null, finished_at?: string | null, run_at?: string | null,
 *   can_cancel?: boolean, can_retry?: boolean}} Job
 */
import { ago, percent, size, timeLeft } from "./format.js";

/** What has the list of jobs change. */
export const JOB_EVENTS = ["JobQueued", "JobStarted", "JobCompleted", "JobFailed", "JobCancelled", "VideoUploaded", "VideoProcessed", "VideoDeleted"];

/**
 * A job as it is now that it was told how far it is.
 *
 * @param {Job} job
 * @param {{progress: number, speed: number | null, seconds_left: number | null}} told
 * @returns {Job}
 */
export function progressed(job, { progress, speed, seconds_left }) {
  return { ...job, progress, speed, eta_seconds: seconds_left };
}

/** What a person asked for; the rest is done by itself for every film. */
const OPERATIONS = ["extract-audio", "resize", "convert"];

/** @type {Record<string, (options: Record<string, any>) => string>} */
const KINDS = {
  prepare: () => "Looking at the file",
  poster: () => "Poster",
  storyboard: () => "Storyboard",
  fill: ({ rendition }) => (rendition ? `Preparing ${rendition}` : "Preparing"),
  keep: () => "Keeping ready",
  "extract-audio": ({ format }) => (format ? `Extracting sound (${FORMATS[format] ?? format.toUpperCase()})` : "Extracting sound"),
  resize: ({ height }) => (height ? `Smaller copy (${height}p)` : "Smaller copy"),
  convert: ({ container }) => (container ? `Converting to ${CONTAINERS[container] ?? container}` : "Converting"),
};

/** @type {Record<string, string>} */
const FORMATS = { opus: "Opus" };
/** @type {Record<string, string>} */
const CONTAINERS = { mp4: "MP4", webm: "WebM", mkv: "Matroska" };

/** "Extracting sound (MP3)", "Preparing 360p". */
export function kindOf(/** @type {Job} */ { kind, options }) {
  return KINDS[kind]?.(options ?? {}) ?? kind;
}

/** Whether somebody asked for it and gets a file of it. */
export function isOperation(/** @type {Job} */ { kind }) {
  return OPERATIONS.includes(kind);
}

/** Whether it is still to be done, or being done. */
export function isOpen(/** @type {{status: string}} */ { status }) {
  return status === "running" || status === "queued";
}

/** "37% · 3.1× · 4 min left": what is known of it so far. */
export function pace(/** @type {Pick<Job, "progress" | "speed" | "eta_seconds">} */ { progress, speed, eta_seconds }) {
  const parts = [
    progress > 0 ? percent(progress) : null,
    speed ? times(speed) : null,
    eta_seconds ? timeLeft(eta_seconds) : null,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** "3.1×": seconds of film a second. */
export function times(/** @type {number} */ speed) {
  return `${speed < 10 ? speed.toFixed(1) : Math.round(speed)}×`;
}

/**
 * One line for where a job stands.
 *
 * @param {Job} job
 * @param {number} now in milliseconds since 1970
 * @param {number} [place] among those that wait, as `places` tells
 */
export function standing(job, now, place) {
  switch (job.status) {
    case "running":
      return [pace(job) || "Starting", job.attempts > 1 ? `${ordinal(job.attempts)} attempt` : null].filter(Boolean).join(" · ");
    case "queued":
      return waiting(job, now, place);
    case "done":
      return [`Done ${ago(job.finished_at ?? job.created_at, now)}`, job.result?.size ? size(job.result.size) : null].filter(Boolean).join(" · ");
    case "failed":
      return job.error ?? "It failed, and nobody knows why.";
    case "cancelled":
      return `Cancelled ${ago(job.finished_at ?? job.created_at, now)}`;
    default:
      return job.status;
  }
}

/** @param {Job} job @param {number} now @param {number} [place] */
function waiting({ created_at, run_at, error }, now, place) {
  const left = run_at ? (Date.parse(run_at) - now) / 1000 : 0;
  if (left > 0) return [`Tries again in ${span(left)}`, error].filter(Boolean).join(" · ");
  const waited = (now - Date.parse(created_at)) / 1000;
  const line = place === undefined ? "Waiting its turn" : place === 1 ? "Next in line" : `${ordinal(place)} in line`;
  return waited < 60 ? line : `${line} for ${span(waited)}`;
}

/** "1st", "22nd", "13th". */
export function ordinal(/** @type {number} */ number) {
  const tens = number % 100;
  const ending = tens > 10 && tens < 14 ? "th" : { 1: "st", 2: "nd", 3: "rd" }[number % 10] ?? "th";
  return `${number}${ending}`;
}

/**
 * Jobs by where they stand: what runs and waits in the order it is worked on, what is over with the newest first.
 *
 * @param {Job[]} jobs newest first
 */
export function grouped(jobs) {
  const from = (/** @type {Job} */ { created_at, run_at }) => Date.parse(run_at ?? created_at);
  return {
    running: jobs.filter(({ status }) => status === "running").reverse(),
    waiting: jobs.filter(({ status }) => status === "queued").sort((a, b) => urgency(a) - urgency(b) || from(a) - from(b)),
    over: jobs.filter((job) => !isOpen(job)),
  };
}

/**
 * The place of each job among those that wait for the same, the next being 1. Those that are tried again later have none. When
 * several people wait they take turns, which only the server knows: then it is the order of asking.
 *
 * @param {Job[]} waiting in order
 * @param {number} now in milliseconds since 1970
 * @returns {Map<string, number>} by job
 */
export function places(waiting, now) {
  const taken = [0, 0, 0];
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { id, kind, run_at } of waiting) {
    if (run_at && Date.parse(run_at) > now) continue;
    const lane = laneOf(kind);
    taken[lane] = (taken[lane] ?? 0) + 1;
    found.set(id, taken[lane]);
  }
  return found;
}

/** New films are looked at, and their pictures made, beside all other work. */
function laneOf(/** @type {string} */ kind) {
  if (kind === "prepare") return 0;
  return kind === "poster" || kind === "storyboard" ? 1 : 2;
}

/** Preparing ahead of viewers goes behind what somebody asked for. */
function urgency(/** @type {Job} */ { kind }) {
  return laneOf(kind) + (kind === "fill" || kind === "keep" ? 1 : 0);
}

/**
 * Jobs that an answer should have held and did not: they have gone on meanwhile, and have to be asked about.
 *
 * @param {Iterable<Job>} known
 * @param {{items: Job[], next_cursor: string | null}} page the newest of those with `status`
 * @param {string} status
 */
export function lost(known, { items, next_cursor }, status) {
  const answered = new Set(items.map(({ id }) => id));
  const oldest = next_cursor === null ? -Infinity : Date.parse(items.at(-1)?.created_at ?? "");
  return [...known].filter((job) => job.status === status && !answered.has(job.id) && Date.parse(job.created_at) > oldest);
}

/**
 * What a film's card says besides its own status: the job that people wait for most.
 *
 * @param {Job[]} jobs
 * @returns {Map<string, Job>} by film
 */
export function mainJobs(jobs) {
  const weight = (/** @type {Job} */ { kind }) => ["prepare", "keep", "fill"].indexOf(kind);
  /** @type {Map<string, Job>} */
  const found = new Map();
  for (const job of jobs) {
    const known = found.get(job.video_id);
    if (weight(job) >= 0 && (!known || weight(job) < weight(known))) found.set(job.video_id, job);
  }
  return found;
}

/**
 * The numbers of the queue, each with its name.
 *
 * @param {{workers: number, active: number, waiting: number, delayed: number, completed: number, failed: number,
 *   oldest_waiting_seconds?: number | null}} stats
 */
export function queueFacts({ workers, active, waiting, delayed, completed, failed, oldest_waiting_seconds }) {
  return [
    { label: "Running", value: String(active), hint: `${workers} workers` },
    { label: "Waiting", value: String(waiting), hint: waiting && oldest_waiting_seconds ? `oldest ${span(oldest_waiting_seconds)}` : "" },
    { label: "Delayed", value: String(delayed) },
    { label: "Done", value: String(completed) },
    { label: "Failed", value: String(failed) },
  ];
}

/** "12 s", "5 min", "3 h". */
function span(/** @type {number} */ seconds) {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
