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
      return who ? `${who} pressed play at ${at}` : `Playing from ${at}`;
    case "pause":
      return who ? `${who} paused at ${at}` : `Paused at ${at}`;
    case "seek":
      return who ? `${who} went to ${at}` : `Went to ${at}`;
    case "rate":
      return who ? `${who} set the speed to ${rate}×` : `The speed is ${rate}×`;
    case "load":
      return who && video_id ? `${who} put on a film` : "";
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

/**
 * A member's player in a word or two, and how good that is.
 *
 * @param {Member} member
 * @param {boolean} [playing]  whether the room plays
 * @returns {{word: string, tone: "good" | "fair" | "bad" | "none", drift: string}}
 */
export function standing({ state, drift_ms }, playing = true) {
  const drift = state === "playing" && drift_ms !== null && Math.abs(drift_ms) < 10_000 ? `${drift_ms > 0 ? "+" : drift_ms < 0 ? "−" : ""}${Math.abs(Math.round(drift_ms))} ms` : "";
  const off = Math.abs(drift_ms ?? 0);
  switch (state) {
    case "playing":
      return off < 60 ? { word: "in step", tone: "good", drift } : { word: "catching up", tone: "fair", drift };
    case "ready":
      return { word: playing ? "ready" : "in step", tone: "good", drift };
    case "starving":
      return { word: "buffering", tone: "bad", drift };
    case "hidden":
      return { word: "in another tab", tone: "none", drift };
    case "joining":
      return { word: "coming in", tone: "none", drift };
    case "away":
      return { word: "connection lost", tone: "bad", drift };
    default:
      return { word: "not watching", tone: "none", drift };
  }
}
