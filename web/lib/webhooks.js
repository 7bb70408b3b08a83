/**
 * Webhooks in words: what they are told of, how they do, and what came of each try.
 *
 * @typedef {{id: string, url: string, description: string, events: string[], enabled: boolean, notice: string | null,
 *   failing_since: string | null}} Webhook
 * @typedef {{number: number, at: string, seconds: number, status: number | null, answer: string | null, error: string | null}} Try
 * @typedef {{id: string, type: string, status: string, body: string, created_at: string, next_try_at: string | null,
 *   tries: Try[]}} Delivery
 */

/** The events there are, each with its words. @type {[string, string][]} */
export const EVENTS = [
  ["VideoCreated", "a film is added"],
  ["VideoUploaded", "a film has arrived whole"],
  ["VideoProcessed", "a film can be watched"],
  ["VideoFailed", "a film cannot be played"],
  ["VideoChanged", "something else is said of a film"],
  ["VideoDeleted", "a film is deleted"],
  ["JobQueued", "work on a film waits"],
  ["JobStarted", "work on a film begins"],
  ["JobCompleted", "work on a film is done"],
  ["JobFailed", "work on a film has failed"],
  ["JobCancelled", "work on a film is cancelled"],
  ["RoomCreated", "a room is made"],
  ["RoomEnded", "a room is closed"],
  ["UserRegistered", "somebody makes an account"],
];

/** "Sent when a film can be watched, a room is made". */
export function eventWords(/** @type {string[]} */ events) {
  if (events.length === 0) return "Sent whenever something happens";
  const words = new Map(EVENTS);
  return `Sent when ${events.map((name) => words.get(name) ?? name).join(", ")}`;
}

/**
 * @param {Webhook} webhook
 * @returns {{words: string, tone: "soft" | "bad"}}
 */
export function standingOf({ enabled, notice, failing_since }) {
  if (!enabled) return { words: notice ? `Disabled: ${notice}` : "Disabled", tone: notice ? "bad" : "soft" };
  if (failing_since) return { words: "It takes nothing at the moment; it is tried again", tone: "bad" };
  return { words: "In use", tone: "soft" };
}

/** "Try 2 · 500 · 0.12 s · the first words of the answer". */
export function tryWords(/** @type {Try} */ { number, seconds, status, answer, error }) {
  return [`Try ${number}`, status ?? "no answer", `${seconds.toFixed(2)} s`, (error ?? answer ?? "").trim().slice(0, 200)].filter((part) => part !== "").join(" · ");
}
