/**
 * What goes over the party socket: JSON objects with a `type`. The server's own lists are message.py (what players say)
 * and news.py (what it says) in watchparty/domain; tests/http/test_protocol.py holds these here against them.
 *
 * Times are milliseconds of the server's monotonic clock, positions seconds of media.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {{id: string, name: string, role: string, state: string, drift_ms: number | null, rtt_ms: number | null, muted?: boolean, silenced?: boolean}} Member
 * @typedef {{id: string, name: string, role: string}} You
 * @typedef {{id: string, member_id: string, name: string, text: string, at: string, client_id: string, reply_to?: string | null,
 *   mentions?: string[], unsaid_by?: string | null}} Chat
 * @typedef {{id: string, name: string, control: string, admission: string, has_password: boolean, host: {id: string, display_name: string},
 *   rights: import("./rights.js").Rights, slow_mode?: number}} Room
 * @typedef {{type: string, [field: string]: any}} Message
 */

/** The fields, and their kinds, without which a message of the server means nothing. */
export const NEEDED = /** @type {const} */ ({
  welcome: { you: "object", room: "object", timeline: "object", members: "array", messages: "array" },
  pong: { t0: "number", t1: "number", t2: "number" },
  timeline: { revision: "number", position: "number", rate: "number", playing: "boolean", at: "number" },
  prepare: { revision: "number", position: "number" },
  presence: { members: "array" },
  chat: { id: "string", text: "string", at: "string" },
  unsaid: { id: "string", by: "string" },
  reaction: { emoji: "string" },
  typing: {},
  queue: {},
  video: { video_id: "string", status: "string" },
  room: { room: "object" },
  notice: { code: "string", text: "string" },
  error: { code: "string", detail: "string" },
});

/** Every type the server may send. */
export const INCOMING = /** @type {(keyof typeof NEEDED)[]} */ (Object.keys(NEEDED));

/** Every type a player may send. */
export const OUTGOING = /** @type {const} */ ([
  "hello", "ping", "play", "pause", "seek", "rate", "load", "status", "chat", "unsay", "reaction", "typing", "queue", "member", "wait",
]);

/**
 * One frame as a message; null when it is none, or of a type from after this page was written.
 *
 * @param {unknown} frame
 * @returns {Message | null}
 */
export function read(frame) {
  if (typeof frame !== "string") return null;
  let message;
  try {
    message = JSON.parse(frame);
  } catch {
    return null;
  }
  if (kindOf(message) !== "object" || typeof message.type !== "string" || !Object.hasOwn(NEEDED, message.type)) return null;
  const needed = Object.entries(NEEDED[/** @type {keyof typeof NEEDED} */ (message.type)]);
  return needed.every(([field, kind]) => kindOf(message[field]) === kind) ? message : null;
}

/**
 * A message as a frame. Positions and times are rounded to what can be told apart: a thousandth of a millisecond.
 *
 * @param {typeof OUTGOING[number]} type
 * @param {Record<string, unknown>} [fields]
 */
export function write(type, fields = {}) {
  return JSON.stringify({ type, ...fields }, (_, value) => (typeof value === "number" ? round(value) : value));
}

function round(/** @type {number} */ value) {
  return Number.isInteger(value) ? value : Math.round(value * 1e6) / 1e6;
}

function kindOf(/** @type {unknown} */ value) {
  if (value === null) return "null";
  if (typeof value === "number") return Number.isFinite(value) ? "number" : "nonsense";
  return Array.isArray(value) ? "array" : typeof value;
}
