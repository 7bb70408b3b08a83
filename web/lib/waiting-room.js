/** A room before its film: whether it has begun, and what its people wait for. */
import { allows } from "./rights.js";

/** @typedef {import("./timeline.js").Timeline} Timeline */
/** @typedef {import("./rights.js").Rights} Rights */

/**
 * Whether a film is loaded that nobody has started: it stands at its beginning, and not because it was brought back there.
 *
 * @param {Pick<Timeline, "position" | "playing"> & {cause?: string, starting?: boolean} | null | undefined} timeline
 */
export function notBegun(timeline) {
  if (!timeline || timeline.playing || timeline.starting || timeline.position > 0) return false;
  return ["load", "empty", "restart", "pause"].includes(timeline.cause ?? "load");
}

/** "Ann", "Ann and Bob", "Ann, Bob and 3 others". @param {string[]} names */
export function listed(names) {
  const distinct = [...new Set(names)];
  if (distinct.length === 0) return "nobody yet";
  if (distinct.length === 1) return `${distinct[0]}`;
  if (distinct.length <= 4) return `${distinct.slice(0, -1).join(", ")} and ${distinct.at(-1)}`;
  return `${distinct.slice(0, 3).join(", ")} and ${distinct.length - 3} others`;
}

/**
 * What one waits for, as a sentence.
 *
 * @param {{name: string, role: string}[]} members who is here
 * @param {Rights | undefined} rights
 * @param {string | undefined} host  the host's name
 * @param {boolean} may  whether one may start it oneself
 */
export function begins(members, rights, host, may) {
  if (may) return "Start it when everybody is here.";
  const starters = members.filter(({ role }) => allows(rights, role, "play")).map(({ name }) => name);
  if (starters.length === 0) return host ? `It begins when ${host} has come.` : "It begins when a host has come.";
  if (starters.length === 1) return `${starters[0]} starts the film.`;
  return `${listed(starters).replace(/ and (?=[^ ]*$)/, " or ")} starts the film.`;
}
