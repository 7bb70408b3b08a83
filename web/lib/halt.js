/**
 * Stopping on the same frame without going back to it.
 *
 * Whoever pauses names a place just ahead, so far that every screen has heard of it before it gets there; each plays on into
 * the frame that holds the place and stops there. A screen that has passed it must seek, which takes several times as long.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {import("./follower.js").Deck} Deck
 * @typedef {import("./ticker.js").Ticker} Ticker
 */
import { positionAt } from "./timeline.js";

/** What a busy page may take to hear of it beyond the line, ms, and how far ahead at most. */
const MARGIN_MS = 50;
const LONGEST_MS = 250;
/** Near the end the room knows better how long the film is, s. */
const END_MARGIN = 0.5;
/** A screen that tells nothing of its frames (a hidden tab) stops this long after its time has come, ms. */
const SILENT_MS = 60;
/** No screen plays on for longer than this, s. */
const AHEAD = 0.5;

/**
 * Where everybody can stop, s; undefined while that is for the room to say.
 *
 * @param {Timeline | null} timeline
 * @param {import("./clock.js").Clock} clock
 * @param {(number | null)[]} rtts  everybody's round trips, ms
 * @param {number} end              how long the film is, s
 */
export function stoppingPlace(timeline, clock, rtts, end) {
  if (!timeline?.playing || !clock.known) return undefined;
  const lead = Math.min(LONGEST_MS, MARGIN_MS + (clock.rtt + Math.max(0, ...rtts.map((rtt) => rtt ?? 0))) / 2);
  const place = positionAt(timeline, clock.serverNow() + lead, end);
  return place < end - END_MARGIN ? place : undefined;
}

/**
 * Calls once when the frame that holds `place`, or a later one, is on the screen: now, where that is too far to play to.
 *
 * @param {Deck} deck
 * @param {Ticker} ticker
 * @param {number} place  s
 * @param {number} rate
 * @param {() => void} arrived
 * @returns {() => void} calls it off
 */
export function arrival(deck, ticker, place, rate, arrived) {
  const left = place - deck.position;
  /** @type {(() => void)[]} */
  const timers = [];
  let over = false;
  const end = () => {
    over = true;
    for (const cancel of timers) cancel();
  };
  const come = () => {
    if (over) return;
    end();
    arrived();
  };
  if (left > AHEAD) come();
  if (!over) timers.push(ticker.after((1000 * Math.max(0, left)) / rate + SILENT_MS, come));
  if (!over) timers.push(deck.onFrame(place, come));
  return end;
}
