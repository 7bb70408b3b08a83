/**
 * What a room watches next, as the page thinks of it.
 *
 * @typedef {{id: string, video_id: string, title: string, duration: number | null, by: string, by_name: string,
 *   status: "ready" | "preparing" | "failed"}} Item
 * @typedef {{items: Item[], votes: string[], needed: number, next_at: number | null}} Queue  `next_at` in ms of the server's clock
 */
import { clock, counted } from "./format.js";

/** @type {Queue} */
export const EMPTY = { items: [], votes: [], needed: 1, next_at: null };

/** A `queue` message whose fields may be missing, as after a welcome, whole. */
export function whole(/** @type {Partial<Queue>} */ { items, votes, needed, next_at }) {
  return { items: items ?? [], votes: votes ?? [], needed: needed ?? 1, next_at: next_at ?? null };
}

/** Whether one may change what comes next; everybody may vote. */
export function mayQueue(/** @type {{may: (action: "queue") => boolean}} */ party) {
  return party.may("queue");
}

/** Whether one has films to add: guests see the room's alone. */
export function mayAdd(/** @type {{may: (action: "queue") => boolean, you: {role: string} | null}} */ party) {
  return mayQueue(party) && party.you !== null && party.you.role !== "guest";
}

/** "3 films · 4:05:00". */
export function sum(/** @type {Item[]} */ items) {
  const seconds = items.reduce((total, { duration }) => total + (duration ?? 0), 0);
  return [counted(items.length, "film", "films"), seconds ? clock(seconds) : null].filter(Boolean).join(" · ");
}

/** "1 vote, 2 are needed"; empty while nobody votes. */
export function ballot(/** @type {Queue} */ { votes, needed }) {
  return votes.length ? `${counted(votes.length, "vote", "votes")} of ${needed} needed` : "";
}

/**
 * Whole seconds until the next film begins, never less than none; null while nothing counts down.
 *
 * @param {number | null} nextAt
 * @param {number} now  ms of the server's clock
 */
export function secondsLeft(nextAt, now) {
  return nextAt === null ? null : Math.max(0, Math.ceil((nextAt - now) / 1000));
}

/**
 * Where a thing comes to lie that is dragged to a height: after every other whose middle is above it.
 *
 * @param {number} y
 * @param {number[]} middles  of the others, in their order
 */
export function placeAt(y, middles) {
  return middles.filter((middle) => middle < y).length;
}

/**
 * Where a key moves a thing that lies at `at` of `count`; null when it moves nothing.
 *
 * @param {string} key
 * @param {number} at
 * @param {number} count
 */
export function placeByKey(key, at, count) {
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: count - 1 }[key];
  return to === undefined || to === at || to < 0 || to >= count ? null : to;
}
