/** A room's doings as sentences. */
import { clock } from "./format.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./messages.js").Member} Member */

/**
 * What was done last, and by whom; empty when nobody need know.
 *
 * @param {Timeline} timeline
 * @param {string | null} name  of who did it, null when the room did
 * @param {boolean} you         whether that was oneself
 */
export function told({ cause, position, rate, video_id }, name, you) {
  const who = you ? "You" : name;
  const at = clock(position);
  switch (cause) {
    case "play":
      if (who) return `${who} pressed play at ${at}`;
      return position < 1 ? "The film begins" : `Playing from ${at}`;
    case "pause":
      return who ? `${who} paused at ${at}` : `Paused at ${at}`;
    case "seek":
      return who ? `${who} went to ${at}` : `Went to ${at}`;
    case "rate":
      return who ? `${who} set the speed to ${rate}×` : `The speed is ${rate}×`;
    case "load":
      if (video_id === null) return who ? `${who} took the film away` : "The film is gone";
      return who ? `${who} put on a film` : "The next film begins";
    case "next":
      return who ? `${who} went on to the next film` : "The next film begins";
    case "wait":
      return `Paused at ${at} until everybody has caught up`;
    case "resume":
      return "Everybody has caught up";
    case "end":
      return "The film is over";
    case "empty":
      return `Stopped at ${at} when everybody had left`;
    case "restart":
      return `Stopped at ${at} while the server was started again`;
    default:
      return "";
  }
}

/**
 * "Waiting for Bob", "Waiting for Bob and Cleo", "Waiting for Bob, Cleo and 3 others".
 *
 * @param {string[]} names
 */
export function waiting(names) {
  if (names.length === 0) return "Getting ready";
  const [first, second] = names;
  if (names.length === 1) return `Waiting for ${first}`;
  if (names.length === 2) return `Waiting for ${first} and ${second}`;
  return `Waiting for ${first}, ${second} and ${names.length === 3 ? names[2] : `${names.length - 2} others`}`;
}

/** Nearer than this, ms, nobody sees or hears a difference. */
const IN_STEP_MS = 60;
/** A drift of this and more, ms, is only known to be large. */
const MOST_DRIFT_MS = 10_000;

/**
 * A member's player in a word or two, how good that is, and by how much it is off.
 *
 * @param {Pick<Member, "state" | "drift_ms" | "silenced">} member
 * @param {{playing?: boolean, film?: boolean}} [room]  whether it plays, and whether it has a film
 * @returns {{word: string, tone: "good" | "fair" | "bad" | "none", drift: string}}
 */
export function standing({ state, drift_ms, silenced = false }, { playing = true, film = true } = {}) {
  const drift = state === "playing" && drift_ms !== null ? apart(drift_ms) : "";
  const { word, tone } = player(state, Math.abs(drift_ms ?? 0), playing, film);
  if (!silenced) return { word, tone, drift };
  // Without a click such a browser plays without sound, or, standing idle, not at all.
  return { word: state === "idle" ? "stopped by the browser" : "muted by the browser", tone: tone === "bad" ? tone : "fair", drift };
}

/**
 * @param {string} state
 * @param {number} off  ms
 * @param {boolean} playing
 * @param {boolean} film
 * @returns {{word: string, tone: "good" | "fair" | "bad" | "none"}}
 */
function player(state, off, playing, film) {
  switch (state) {
    case "playing":
      return off < IN_STEP_MS ? { word: "in step", tone: "good" } : { word: "catching up", tone: "fair" };
    case "ready":
      return { word: playing ? "ready" : "in step", tone: "good" };
    case "starving":
      return { word: "buffering", tone: "bad" };
    case "hidden":
      return { word: "in another tab", tone: "none" };
    case "joining":
      return { word: "coming in", tone: "none" };
    case "away":
      return { word: "away", tone: "bad" };
    default:
      return { word: film ? "chat only" : "here", tone: "none" };
  }
}

/**
 * "+12 ms", "−1.4 s", "over 10 s": ahead of the room, or behind it.
 *
 * @param {number} ms
 */
export function apart(ms) {
  const off = Math.abs(ms);
  if (off >= MOST_DRIFT_MS) return "over 10 s";
  const sign = Math.round(off) === 0 ? "" : ms > 0 ? "+" : "−";
  return off < 1000 ? `${sign}${Math.round(off)} ms` : `${sign}${(off / 1000).toFixed(1)} s`;
}
